// The loss of each update as a curve on a logarithmic scale, with that of the recordings that are held back as dots.

import { useTexts } from "../languages.tsx";
import { useWidth } from "../layout/width.ts";
import { useNumbers } from "../numbers.ts";
import { TEACH_TEXTS } from "./texts.ts";
import type { TrainingProgress } from "./training-progress.ts";

const HEIGHT = 220;
const EDGE = { left: 44, right: 10, top: 10, bottom: 26 };
const LEAST = 0.01;

export function LossCurve({ progress }: { readonly progress: TrainingProgress }) {
  const t = useTexts(TEACH_TEXTS);
  const [frame, width] = useWidth<HTMLDivElement>(640);
  const isEmpty = progress.losses.length === 0;
  return (
    <div ref={frame}>
      {isEmpty ? <p class="muted">{t("lossEmpty")}</p> : <Curve progress={progress} width={width} />}
    </div>
  );
}

function Curve({ progress, width }: { readonly progress: TrainingProgress; readonly width: number }) {
  const t = useTexts(TEACH_TEXTS);
  const { fixed } = useNumbers();
  const { losses, devLosses, steps } = progress;
  const values = [...losses, ...devLosses].map(([, loss]) => Math.max(LEAST, loss)).filter(Number.isFinite);
  const top = 10 ** Math.ceil(Math.log10(Math.max(...values)));
  const bottom = 10 ** Math.floor(Math.log10(Math.min(...values)));
  const decades = Math.max(1, Math.round(Math.log10(top / bottom)));
  const last = Math.max(steps, losses.at(-1)![0]);
  const x = (step: number): number => EDGE.left + (step / last) * (width - EDGE.left - EDGE.right);
  const y = (loss: number): number => {
    const share = Math.log10(top / Math.max(LEAST, loss)) / decades;
    return EDGE.top + share * (HEIGHT - EDGE.top - EDGE.bottom);
  };
  const finite = losses.filter(([, loss]) => Number.isFinite(loss));
  const path = smoothed(finite).map(([step, loss]) => `${x(step).toFixed(1)} ${y(loss).toFixed(1)}`);
  const label = t("lossChart", { first: fixed(losses[0][1], 1), last: fixed(losses.at(-1)![1], 2) });
  return (
    <svg class="chart" width={width} height={HEIGHT} role="img" aria-label={label}>
      {Array.from({ length: decades + 1 }, (_, i) => top / 10 ** i).map((value) => (
        <g key={value}>
          <path class="chart-line" d={`M${EDGE.left} ${y(value)}H${width - EDGE.right}`} />
          <text x={EDGE.left - 8} y={y(value) + 4} text-anchor="end">
            {fixed(value, Math.max(0, -Math.round(Math.log10(value))))}
          </text>
        </g>
      ))}
      <text x={EDGE.left} y={HEIGHT - 6}>
        0
      </text>
      <text x={width - EDGE.right} y={HEIGHT - 6} text-anchor="end">
        {last}
      </text>
      <path class="chart-curve" d={`M${path.join("L")}`} />
      {devLosses.map(([step, loss]) => (
        <circle key={step} class="chart-dot" cx={x(step)} cy={y(loss)} r="3.5" />
      ))}
    </svg>
  );
}

/** Single batches jump: the geometric mean of five. */
function smoothed(losses: readonly (readonly [number, number])[]): [number, number][] {
  return losses.map(([step], i) => {
    const near = losses.slice(Math.max(0, i - 2), i + 3).map(([, loss]) => Math.log(Math.max(LEAST, loss)));
    return [step, Math.exp(near.reduce((sum, value) => sum + value, 0) / near.length)];
  });
}
