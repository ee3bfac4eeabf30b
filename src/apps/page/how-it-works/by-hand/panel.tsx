// CTC's loss on two letters, to play with: sliders for what the network says, every path counted, the recursion's table, loss and
// gradient by both.

import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { useLibrary, type CtcByHand } from "../library.ts";
import { useTexts } from "../../languages.tsx";
import { ScrollBox } from "../figures/scroll-box.tsx";
import { Choice, Panel } from "../../layout/panels.tsx";
import { PathsEquation } from "../equations.tsx";
import { useNumbers } from "../../numbers.ts";
import { ROOM_TEXTS } from "../texts.ts";
import { GradientTable } from "./gradient-table.tsx";
import { ForwardBackwardTable } from "./forward-backward-table.tsx";
import { PathsList } from "./paths-list.tsx";
import { StepSliders } from "./step-sliders.tsx";
import { BY_HAND_TEXTS } from "./texts.ts";
import {
  beginWith,
  BLANK,
  labelsOfText,
  learned,
  probabilitiesOf,
  STEP_COUNTS,
  SYMBOLS,
  TARGETS,
  withSteps,
  withWeight,
  type SliderStart,
  type SliderWeights,
} from "./weights.ts";

const FILES = ["src/ctc/loss/loss.ts", "src/ctc/loss/log-space.ts", "src/walkthrough/ctc-by-hand.ts"];
const BEGINNINGS: readonly SliderStart[] = ["even", "blanks", "right"];

export function CtcByHandPanel() {
  const t = useTexts(BY_HAND_TEXTS);
  const room = useTexts(ROOM_TEXTS);
  const { ctcByHand } = useLibrary();
  const [text, setText] = useState<string>("ab");
  const [weights, setWeights] = useState(() => beginWith("even", 4, "ab"));
  const steps = weights.length;
  const probabilities = useMemo(() => probabilitiesOf(weights), [weights]);
  const hand = useMemo(
    () => ctcByHand(probabilities, labelsOfText(text), { symbols: SYMBOLS.length, blank: BLANK }),
    [probabilities, text],
  );
  const { library } = hand;
  return (
    <Panel title={t("title")} class="by-hand">
      <p class="stage-text">{t("lead")}</p>
      <ByHandChoices text={text} weights={weights} onText={setText} onWeights={setWeights} />
      <StepSliders
        weights={weights}
        probabilities={probabilities}
        onWeight={(step, symbol, weight) => setWeights(withWeight(weights, step, symbol, weight))}
      />
      <LossLine hand={hand} text={text} steps={steps} />
      {library && (
        <div class="row">
          <button type="button" onClick={() => setWeights(learned(weights, library.gradient))}>
            {t("learn")}
          </button>
          <span class="hint">{t("learnHint")}</span>
        </div>
      )}
      <PathsList hand={hand} text={text} />
      {library && <ForwardBackwardTable table={library.table} />}
      {library && <GradientTable hand={hand} library={library} steps={steps} />}
      <div class="stage-foot">
        <ScrollBox class="equation" label={t("lossTitle")}>
          <PathsEquation />
        </ScrollBox>
        <p class="hint">
          {room("computedBy")} {FILES.map((file, at) => [at > 0 && ", ", <code key={file}>{file}</code>])}
        </p>
      </div>
    </Panel>
  );
}

interface ByHandChoicesProps {
  readonly text: string;
  readonly weights: SliderWeights;
  readonly onText: (text: string) => void;
  readonly onWeights: (weights: SliderWeights) => void;
}

function ByHandChoices({ text, weights, onText, onWeights }: ByHandChoicesProps) {
  const t = useTexts(BY_HAND_TEXTS);
  const steps = weights.length;
  return (
    <div class="by-hand-choices">
      <Labelled text={t("target")}>
        <Choice
          label={t("target")}
          value={text}
          options={TARGETS.map((each) => [each, each] as const)}
          onChoose={onText}
        />
      </Labelled>
      <Labelled text={t("steps")}>
        <Choice
          label={t("steps")}
          value={String(steps)}
          options={STEP_COUNTS.map((count) => [String(count), String(count)] as const)}
          onChoose={(count) => onWeights(withSteps(weights, Number(count)))}
        />
      </Labelled>
      <Labelled text={t("start")}>
        <div class="row">
          {BEGINNINGS.map((kind) => (
            <button
              key={kind}
              type="button"
              class="quiet"
              onClick={() => onWeights(beginWith(kind, steps, text))}
            >
              {t(kind)}
            </button>
          ))}
        </div>
      </Labelled>
    </div>
  );
}

function Labelled({ text, children }: { readonly text: string; readonly children: ComponentChildren }) {
  return (
    <div class="labelled">
      <span class="column-title" aria-hidden="true">
        {text}
      </span>
      {children}
    </div>
  );
}

interface LossLineProps {
  readonly hand: CtcByHand;
  readonly text: string;
  readonly steps: number;
}

function LossLine({ hand, text, steps }: LossLineProps) {
  const t = useTexts(BY_HAND_TEXTS);
  const { fixed } = useNumbers();
  if (!hand.library) return <p role="status">{t("none", { steps, text })}</p>;
  const difference = Math.abs(hand.loss - hand.library.loss).toExponential(0);
  return (
    <dl class="losses" aria-live="off">
      <div>
        <dt>{t("counted")}</dt>
        <dd>
          −ln {fixed(hand.probability, 4)} = {fixed(hand.loss, 4)}
        </dd>
      </div>
      <div>
        <dt>
          <code>{t("library")}</code>
        </dt>
        <dd>{fixed(hand.library.loss, 4)}</dd>
      </div>
      <div>
        <dt class="visually-hidden">Δ</dt>
        <dd class="muted">{t("difference", { difference })}</dd>
      </div>
    </dl>
  );
}
