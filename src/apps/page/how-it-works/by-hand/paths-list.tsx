// Every path; those that spell the text are lit and have their probability.

import { useState } from "preact/hooks";
import type { CtcByHand, EveryPath } from "../library.ts";
import { useTexts } from "../../languages.tsx";
import { ScrollBox } from "../figures/scroll-box.tsx";
import { useNumbers } from "../../numbers.ts";
import { BY_HAND_TEXTS } from "./texts.ts";
import { SYMBOLS } from "./weights.ts";

interface PathsListProps {
  readonly hand: CtcByHand;
  readonly text: string;
}

export function PathsList({ hand, text }: PathsListProps) {
  const t = useTexts(BY_HAND_TEXTS);
  const { fixed, whole } = useNumbers();
  const [isShort, setIsShort] = useState(false);
  const spelling = hand.paths.filter(({ spells }) => spells);
  const shown = isShort ? spelling : hand.paths;
  const facts = {
    count: whole(spelling.length),
    all: whole(hand.paths.length),
    text,
    probability: fixed(hand.probability, 4),
  };
  return (
    <div class="stack tight">
      <div class="row spread">
        <h3>{t("spelled", facts)}</h3>
        <label class="check">
          <input
            type="checkbox"
            checked={isShort}
            onChange={({ currentTarget }) => setIsShort(currentTarget.checked)}
          />
          {t("onlySpelling")}
        </label>
      </div>
      <ScrollBox class="every-path-frame" label={t("paths")}>
        <ol class="every-path">
          {shown.map((path) => (
            <PathChip key={path.symbols.join("")} path={path} largest={hand.probability} />
          ))}
        </ol>
      </ScrollBox>
    </div>
  );
}

/** Fuller, the more it is of all that spell the text. */
function PathChip({ path, largest }: { readonly path: EveryPath; readonly largest: number }) {
  const { fixed } = useNumbers();
  const { symbols, spells, probability } = path;
  return (
    <li class={spells ? "spells" : undefined}>
      {spells && (
        <span
          class="filled"
          aria-hidden="true"
          style={{ width: `${((100 * probability) / largest).toFixed(1)}%` }}
        />
      )}
      <span class="mono">{symbols.map((symbol) => SYMBOLS[symbol]).join("")}</span>
      {spells && <span class="number">{fixed(probability, 4)}</span>}
    </li>
  );
}
