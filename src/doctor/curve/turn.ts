// Whether a curve that had come down has turned up for good, or only wavers. One epoch proves nothing: values are smoothed
// by a running median of three, all of the last three must lie above the lowest, and by more than the curve's own noise.

import { median } from "../../quantiles.ts";

export interface Turn {
  /** The index of the lowest stretch's middle, and its value. */
  readonly at: number;
  readonly lowest: number;
  /** The middle one of the last three values. */
  readonly last: number;
}

/** Values in a row that must agree. */
const WINDOW = 3;
/** Of a rise against the noise, in standard deviations. */
const SURELY = 3;

/**
 * @param values finite, one for each epoch
 * @param leastRise from which on a rise matters at all
 */
export function turnOf(values: readonly number[], leastRise: (lowest: number) => number): Turn | undefined {
  if (values.length < 2 * WINDOW) return undefined;
  const smooth = runningMedian(values);
  const before = smooth.slice(0, smooth.length - WINDOW + 1);
  const lowest = Math.min(...before);
  const at = before.lastIndexOf(lowest);
  const lately = values.slice(-WINDOW);
  const needed = Math.max(leastRise(lowest), SURELY * noiseOf(values.slice(at)));
  return Math.min(...lately) - lowest > needed ? { at: at + 1, lowest, last: median(lately) } : undefined;
}

/** The middle one of each three in a row; one entry fewer at either end. */
function runningMedian(values: readonly number[]): number[] {
  return values.slice(WINDOW - 1).map((_, i) => median(values.slice(i, i + WINDOW)));
}

/** How far single values lie from the middle one of their three: 0 for a curve that only rises, or only falls. */
function noiseOf(values: readonly number[]): number {
  const residuals = runningMedian(values).map((middle, i) => values[i + 1] - middle);
  return Math.sqrt(residuals.reduce((sum, value) => sum + value * value, 0) / residuals.length);
}

const RATE_RISEN = 0.02; // of an error rate
const NEVER_LEARNED = 0.9;

/** Whether an error rate has risen for good, or never came down; also where none was measured, so that only losses speak. */
export function isHarmed(rates: readonly number[]): boolean {
  return rates.every((rate) => rate >= NEVER_LEARNED) || turnOf(rates, () => RATE_RISEN) !== undefined;
}
