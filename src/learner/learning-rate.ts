// What a sweep of the learning rate says: the rate is raised at every update, from too small to too large, and the loss
// is watched (Smith 2017, "Cyclical learning rates for training neural networks", section 3.3). Pure functions of the
// curve; find-learning-rate.ts makes it.

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

/** Share of the past in the smoothed loss. */
const SMOOTHING = 0.8;
/** The sweep ends when the loss is so many times its lowest. */
const EXPLODED = 4;
/** The loss has fallen when it is at most so many times its lowest. */
const FALLEN = 1.1;

/** A running mean that forgets, unbiased at its beginning as in Adam. */
export function runningMean(): (value: number) => number {
  let [sum, weight] = [0, 0];
  return (value) => {
    sum = SMOOTHING * sum + (1 - SMOOTHING) * value;
    weight = SMOOTHING * weight + (1 - SMOOTHING);
    return sum / weight;
  };
}

/** Also where the last loss is not a number. */
export function hasExploded(points: readonly LearningRatePoint[]): boolean {
  const losses = points.map(({ loss }) => loss);
  return !(losses[losses.length - 1] < EXPLODED * Math.min(...losses));
}

/**
 * With CTC the loss falls from wherever the weights began to a plateau, at which the network says nothing, and stays
 * there over a decade of rates or two before it explodes: its steepest and its lowest point say little of a good rate;
 * the beginning of the plateau lay at the demo's best peak, 2e-3 (docs/log.md).
 */
export function readSweep(points: readonly LearningRatePoint[]): LearningRates {
  const finite = points.filter(({ loss }) => Number.isFinite(loss));
  const bottom = finite.reduce((best, point) => (point.loss < best.loss ? point : best));
  const fallen = finite.find(({ loss }) => loss <= FALLEN * bottom.loss)!;
  return { suggestion: fallen.learningRate, lowest: bottom.learningRate, points };
}

/** The curve in characters: the rate to the right, the loss upward, both in their logarithms. */
export function drawSweep({ points, suggestion, lowest }: LearningRates, columns = 64, rows = 12): string {
  const shown = points.filter(({ loss }) => Number.isFinite(loss));
  const rates = shown.map(({ learningRate }) => learningRate);
  const x = scale(rates, columns);
  const y = scale(
    shown.map(({ loss }) => loss),
    rows,
  );
  const grid = Array.from({ length: rows }, () => Array.from({ length: columns }, () => " "));
  for (const { learningRate, loss } of shown) grid[rows - 1 - y(loss)][x(learningRate)] = "•";
  const axis = Array.from({ length: columns }, () => "─");
  axis[x(suggestion)] = "▲";
  const [first, last] = [rates[0], rates[rates.length - 1]].map(rate);
  return [
    "loss per symbol",
    ...grid.map((row) => row.join("").trimEnd()),
    axis.join(""),
    first + last.padStart(columns - first.length),
    `lowest loss at ${rate(lowest)}; suggested peak ▲ ${rate(suggestion)}`,
    ...(lowest === rates[rates.length - 1] ? [STILL_FALLING] : []),
  ].join("\n");
}

const STILL_FALLING = "The loss was still falling: sweep to a higher rate, or in more steps.";

const rate = (value: number): string => value.toExponential(1);

/** Values to places 0 … count − 1 by their logarithms. */
function scale(values: readonly number[], count: number): (value: number) => number {
  const [low, high] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))];
  return (value) => {
    const share = high > low ? (Math.log(value) - low) / (high - low) : 0;
    return Math.round(share * (count - 1));
  };
}
