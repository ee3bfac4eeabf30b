// Which learning rate? A sweep raises it at every step, from too small to too large, and watches the loss (Smith 2017,
// "Cyclical learning rates for training neural networks", section 3.3). Here are the sweep, as a schedule and a
// callback, and what it says; it knows nothing of how a run is made.

import type { Callback } from "../callbacks/callback.ts";
import type { Schedule } from "../schedules.ts";

export interface LearningRatePoint {
  readonly learningRate: number;
  /** In nats per symbol of the transcripts, since batches hold short or long ones; smoothed. */
  readonly loss: number;
}

export interface LearningRates {
  /** For the peak of one cycle: the smallest rate at which the loss has all but ended falling. */
  readonly suggestion: number;
  /** Where the loss is lowest: a constant rate should be well below. */
  readonly lowest: number;
  readonly points: readonly LearningRatePoint[];
}

export interface SweepRange {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
}

export interface Sweep {
  readonly schedule: Schedule;
  readonly callback: Callback;
  readonly points: readonly LearningRatePoint[];
}

/** Share of the past in the smoothed loss. */
const SMOOTHING = 0.8;
/** The sweep ends when the loss is so many times its lowest. */
const EXPLODED = 4;
/** The loss has fallen when it is at most so many times its lowest. */
const FALLEN = 1.1;

export function sweepLearningRate({ from, to, steps }: SweepRange): Sweep {
  const points: LearningRatePoint[] = [];
  const ratio = (to / from) ** (1 / Math.max(1, steps - 1));
  let [sum, weight, lowest] = [0, 0, Infinity];
  return {
    points,
    schedule: () => from * ratio ** points.length,
    callback: {
      name: "find learning rate",
      batchEnd: ({ losses, utterances, learningRate }) => {
        const symbols = utterances.reduce((count, { labels }) => count + Math.max(1, labels.length), 0);
        const loss = losses.reduce((total, value) => total + value, 0) / symbols;
        sum = SMOOTHING * sum + (1 - SMOOTHING) * loss;
        weight = SMOOTHING * weight + (1 - SMOOTHING);
        const smoothed = sum / weight; // unbiased at the beginning, as in Adam
        points.push({ learningRate, loss: smoothed });
        lowest = Math.min(lowest, smoothed);
        return points.length >= steps || !(smoothed < EXPLODED * lowest) ? "stop" : undefined;
      },
    },
  };
}

/**
 * With CTC the loss falls from wherever the weights began to a plateau, at which the network says nothing, and stays
 * there over a decade of rates or two before it explodes: its steepest and its lowest point tell little, the beginning
 * of the plateau was near the best peak where both were tried (docs/log.md).
 */
export function readSweep(points: readonly LearningRatePoint[]): LearningRates {
  const bottom = points.reduce((best, { loss }, i) => (loss < points[best].loss ? i : best), 0);
  const { learningRate: lowest, loss: least } = points[bottom];
  const fallen = points.find(({ loss }) => loss <= FALLEN * least)!;
  return { suggestion: fallen.learningRate, lowest, points };
}

/** The curve in characters: the rate to the right, the loss upward, both in their logarithms. */
export function drawSweep({ points, suggestion, lowest }: LearningRates, columns = 64, rows = 12): string {
  const x = scale(
    points.map(({ learningRate }) => learningRate),
    columns,
  );
  const y = scale(
    points.map(({ loss }) => loss),
    rows,
  );
  const grid = Array.from({ length: rows }, () => Array.from({ length: columns }, () => " "));
  for (const { learningRate, loss } of points) grid[rows - 1 - y(loss)][x(learningRate)] = "•";
  const axis = Array.from({ length: columns }, () => "─");
  axis[x(suggestion)] = "▲";
  const [first, last] = [points[0], points[points.length - 1]].map(({ learningRate }) => rate(learningRate));
  return [
    "loss per symbol",
    ...grid.map((row) => row.join("").trimEnd()),
    axis.join(""),
    first + last.padStart(columns - first.length),
    `lowest loss at ${rate(lowest)}; suggested peak ▲ ${rate(suggestion)}`,
    ...(lowest === points[points.length - 1].learningRate ? [STILL_FALLING] : []),
  ].join("\n");
}

const STILL_FALLING = "The loss was still falling: sweep to a higher rate, or in more steps.";

const rate = (value: number): string => value.toExponential(1);

/** Values to places 0 … count − 1 by their logarithms; what lies outside goes to the edge. */
function scale(values: readonly number[], count: number): (value: number) => number {
  const [low, high] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))];
  return (value) => {
    const share = high > low ? (Math.log(value) - low) / (high - low) : 0;
    return Math.round(Math.min(1, Math.max(0, share)) * (count - 1));
  };
}
