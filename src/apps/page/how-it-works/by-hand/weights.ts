// What the sliders of CTC by hand hold: weights of each symbol at each step, which become probabilities; and one step of learning.

export const SYMBOLS = ["a", "b", "–"] as const;
export const BLANK = 2;
export const TARGETS = ["a", "ab", "aa", "aba"] as const;
export const STEP_COUNTS = [3, 4, 5] as const;

/** From 1 to 100, by step and symbol. [T][3] */
export type SliderWeights = readonly (readonly number[])[];

const [LEAST, MOST] = [1, 100];
/** How far a step of learning moves the logits: far enough to be seen. */
const RATE = 1;

/** [T, 3] */
export const probabilitiesOf = (weights: SliderWeights): Float64Array =>
  Float64Array.from(
    weights.flatMap((row) => {
      const sum = row.reduce((total, weight) => total + weight, 0);
      return row.map((weight) => weight / sum);
    }),
  );

export const labelsOfText = (text: string): number[] =>
  [...text].map((symbol) => SYMBOLS.indexOf(symbol as (typeof SYMBOLS)[number]));

export type SliderStart = "even" | "blanks" | "right";

export function beginWith(kind: SliderStart, steps: number, text: string): SliderWeights {
  const path = spread(labelsOfText(text), steps);
  const surely = (symbol: number): number[] => SYMBOLS.map((_, k) => (k === symbol ? 80 : 10));
  return Array.from({ length: steps }, (_, t) => {
    if (kind === "even") return [MOST / 2, MOST / 2, MOST / 2];
    return surely(kind === "blanks" ? BLANK : path[t]);
  });
}

/** The labels from the first step on, a blank between equal ones; blanks behind them. */
function spread(labels: readonly number[], steps: number): number[] {
  const path = labels.flatMap((label, i) => (label === labels[i - 1] ? [BLANK, label] : [label]));
  return Array.from({ length: steps }, (_, t) => path[t] ?? BLANK);
}

/** Kept when the number of steps changes; new ones know nothing. */
export const withSteps = (weights: SliderWeights, steps: number): SliderWeights =>
  Array.from({ length: steps }, (_, t) => weights[t] ?? beginWith("even", 1, "")[0]);

export const withWeight = (
  weights: SliderWeights,
  step: number,
  symbol: number,
  weight: number,
): SliderWeights =>
  weights.map((row, t) => (t === step ? row.map((old, k) => (k === symbol ? weight : old)) : row));

/** z − rate × gradient, and the softmax of that as weights again, of which the largest is as it was. */
export function learned(weights: SliderWeights, gradient: ArrayLike<number>): SliderWeights {
  const probabilities = probabilitiesOf(weights);
  return weights.map((row, t) => {
    const moved = row.map((_, k) => probabilities[3 * t + k] * Math.exp(-RATE * gradient[3 * t + k]));
    const scale = Math.max(...row) / Math.max(...moved);
    return moved.map((weight) => Math.min(MOST, Math.max(LEAST, weight * scale)));
  });
}
