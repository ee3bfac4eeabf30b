// How far the outputs of two runs lie apart, in units of how much the outputs say at all: the spread of their rows over
// the batch. Rows are compared around their means, so that logits and log-probabilities are treated alike.

import type { Outputs } from "../evidence/batch-evidence.ts";
import { row, validRows } from "./rows.ts";

export interface Comparison {
  /** [T], the root mean square difference of each step, over all utterances compared. */
  readonly byStep: readonly number[];
  /** The largest difference of any one row. */
  readonly largest: number;
}

/** An utterance of the one run and the same in the other, with the steps that both have. */
export interface OutputPair {
  readonly here: number;
  readonly there: number;
  readonly steps: number;
}

/**
 * From 5 % of the spread on at some step, a difference is no rounding: half precision and the fast modes of accelerators
 * stay below 2 %.
 */
export const DIFFERENT = 0.05;

const LOWEST = -100;

/** What is no number, or −∞, counts as the lowest: another check finds it. */
const bounded = (value: number): number => (value > LOWEST ? value : LOWEST);

export function compare(a: Outputs, b: Outputs, pairs: readonly OutputPair[], spread: number): Comparison {
  const steps = Math.max(0, ...pairs.map((pair) => pair.steps));
  const sums = new Float64Array(steps);
  const counts = new Float64Array(steps);
  let largest = 0;
  for (const { here, there, steps: own } of pairs) {
    for (let t = 0; t < own; t++) {
      const distance = rowDistance(row(a, t, here), row(b, t, there)) / spread;
      largest = Math.max(largest, distance);
      sums[t] += distance ** 2;
      counts[t]++;
    }
  }
  return { byStep: Array.from(sums, (sum, t) => Math.sqrt(sum / Math.max(1, counts[t]))), largest };
}

export function rowDistance(a: Float64Array, b: Float64Array): number {
  const [centerA, centerB] = [centerOf(a), centerOf(b)];
  let sum = 0;
  for (let k = 0; k < a.length; k++) {
    const difference = bounded(a[k]) - centerA - (bounded(b[k]) - centerB);
    sum += difference * difference;
  }
  return Math.sqrt(sum / a.length);
}

const centerOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + bounded(value), 0) / values.length;

/** Root mean square distance of the valid rows from their mean; undefined when the outputs say too little to compare. */
export function spreadOf(outputs: Outputs, lengths?: readonly number[]): number | undefined {
  const rows = [...validRows(outputs, lengths)].map(({ values }) => values);
  const mean = new Float64Array(outputs.V);
  for (const values of rows) values.forEach((value, k) => (mean[k] += bounded(value) / rows.length));
  const square = rows.reduce((sum, values) => sum + rowDistance(values, mean) ** 2, 0) / rows.length;
  const size = Math.max(1, ...mean.map(Math.abs));
  return Math.sqrt(square) > 1e-5 * size ? Math.sqrt(square) : undefined; // above single precision
}
