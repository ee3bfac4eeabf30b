// What the model makes of one recording after each round: curves of its letters, which begin as a haze and become peaks. The last is shown, and
// any earlier one by the slider.

import { useState } from "preact/hooks";
import { useTexts } from "../languages.tsx";
import { useWidth } from "../layout/width.ts";
import type { LetterCurve } from "../pictures/letters.ts";
import { TEACH_TEXTS } from "./texts.ts";
import type { Glimpse } from "./training-session.ts";

const HEIGHT = 150;
const TOP = 30;

export function Glimpses({
  word,
  glimpses,
}: {
  readonly word: string;
  readonly glimpses: readonly Glimpse[];
}) {
  const t = useTexts(TEACH_TEXTS);
  const [chosen, setChosen] = useState<number>();
  const [frame, width] = useWidth<HTMLDivElement>(960);
  if (glimpses.length === 0)
    return (
      <div ref={frame}>
        <p class="muted">{t("alignmentEmpty")}</p>
      </div>
    );
  const index = chosen !== undefined && chosen < glimpses.length ? chosen : glimpses.length - 1;
  const { epoch, seconds, curves } = glimpses[index];
  const letters = curves
    .filter(({ peak }) => peak > 0.5)
    .map(({ symbol }) => symbol)
    .join("");
  return (
    <div class="stack tight" ref={frame}>
      <p class="hint">{t("alignmentHint", { word })}</p>
      <svg
        class="chart letters"
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={t("alignmentPicture", { word, epoch, letters })}
      >
        <path class="chart-line" d={`M0 ${HEIGHT - 4}H${width}`} />
        {curves.map((curve) => (
          <Letter
            key={`${curve.symbol} ${curve.startMs}`}
            curve={curve}
            pixelsPerMs={width / (1000 * seconds)}
          />
        ))}
      </svg>
      <label class="row">
        <span class="number round-label">{t("round", { epoch })}</span>
        <input
          type="range"
          min={0}
          max={glimpses.length - 1}
          value={index}
          onInput={({ currentTarget }) => {
            const value = Number(currentTarget.value);
            setChosen(value === glimpses.length - 1 ? undefined : value);
          }}
        />
      </label>
    </div>
  );
}

interface LetterProps {
  readonly curve: LetterCurve;
  readonly pixelsPerMs: number;
}

function Letter({ curve, pixelsPerMs }: LetterProps) {
  const { startMs, stepMs, probabilities, peak, peakMs, symbol } = curve;
  const x = (ms: number): number => ms * pixelsPerMs;
  const y = (probability: number): number => HEIGHT - 4 - probability * (HEIGHT - TOP - 4);
  const points = [
    [x(startMs - stepMs / 2), y(0)],
    ...probabilities.map((probability, i) => [x(startMs + (i + 0.5) * stepMs), y(probability)]),
    [x(startMs + (probabilities.length + 0.5) * stepMs), y(0)],
  ];
  return (
    <>
      <path
        class="letter-curve"
        d={`M${points.map(([px, py]) => `${px.toFixed(1)} ${py.toFixed(1)}`).join("L")}Z`}
      />
      {peak > 0.15 && (
        <text class="letter" x={x(peakMs + stepMs / 2)} y={y(peak) - 7} opacity={0.35 + 0.65 * peak}>
          {symbol === " " ? "␣" : symbol}
        </text>
      )}
    </>
  );
}
