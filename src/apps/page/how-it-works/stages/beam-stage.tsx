// The best beginnings of texts at the playhead, and where the search ended.

import type { WatchedText } from "../library.ts";
import { useTexts } from "../../languages.tsx";
import { ScoreEquation } from "../equations.tsx";
import { useNumbers } from "../../numbers.ts";
import { STAGE_TEXTS } from "../stage-texts.ts";
import type { WalkView } from "../walk-view.ts";
import { Stage } from "./stage.tsx";

const FILES = ["src/ctc/decoder/beam.ts", "src/ctc/decoder/candidates.ts"];

export function BeamStage({ view, number }: { readonly view: WalkView; readonly number: number }) {
  const t = useTexts(STAGE_TEXTS);
  const { whole } = useNumbers();
  const { walk, step } = view;
  const largest = Math.max(...walk.beam.map(({ size }) => size));
  return (
    <Stage
      number={number}
      title={t("beamTitle")}
      text={t("beam", { beam: whole(largest) })}
      equation={<ScoreEquation />}
      files={FILES}
    >
      <table class="beam">
        <caption class="column-title">{t("beamCaption", { step: step + 1 })}</caption>
        <thead>
          <tr>
            <th scope="col">{t("beginning")}</th>
            <th scope="col" class="number">
              {t("together")}
            </th>
            <th scope="col" class="number wide">
              {t("endsBlank")}
            </th>
            <th scope="col" class="number wide">
              {t("endsLetter")}
            </th>
          </tr>
        </thead>
        <tbody>
          {walk.beam[step]?.texts.map((text) => (
            <Beginning key={text.text} text={text} />
          ))}
        </tbody>
      </table>
    </Stage>
  );
}

function Beginning({ text: { text, total, blank, label } }: { readonly text: WatchedText }) {
  const t = useTexts(STAGE_TEXTS);
  const { percent } = useNumbers();
  const [inBlank, inLetter] = [Math.exp(blank), Math.exp(label)];
  return (
    <tr>
      <th scope="row">
        <span class="beginning">{text === "" ? t("emptyText") : text.replace(/ $/, "␣")}</span>
        <span class="split-bar" aria-hidden="true">
          <span class="in-blank" style={{ width: `${(100 * inBlank).toFixed(2)}%` }} />
          <span class="in-letter" style={{ width: `${(100 * inLetter).toFixed(2)}%` }} />
        </span>
      </th>
      <td class="number">{percent(Math.exp(total))}</td>
      <td class="number wide">{percent(inBlank)}</td>
      <td class="number wide">{percent(inLetter)}</td>
    </tr>
  );
}

export function TextStage({ view, number }: { readonly view: WalkView; readonly number: number }) {
  const t = useTexts(STAGE_TEXTS);
  const { walk } = view;
  const isSame = walk.text === walk.greedyText;
  return (
    <Stage
      number={number}
      title={t("textTitle")}
      text={isSame ? t("textSame") : t("textDiffers", { greedy: walk.greedyText })}
      files={["src/ctc/decoder/final-texts.ts", "src/text/alphabet.ts"]}
    >
      <p class="found-text">{walk.text === "" ? t("nothing") : walk.text}</p>
    </Stage>
  );
}
