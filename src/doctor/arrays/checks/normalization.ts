// Over which axes the outputs are normalized, and in which form: each of the seven sets of axes is tried, as
// probabilities and as their logarithms. A CTC loss needs the set {V}; which form it needs is the loss's own.

import type { Outputs } from "../evidence/batch-evidence.ts";
import { indexOfLargest, logSumExp, validRows, type Row } from "./rows.ts";

export type Axis = "T" | "B" | "V";
export type Form = "log-probabilities" | "probabilities";

export interface Normalization {
  readonly axes: readonly Axis[];
  readonly form: Form;
}

/** Of a sum of probabilities: half precision errs by 1 % where log-probabilities are as low as −20. */
const TOLERANCE = 0.02;

/** {V} first: where an axis has the size one, several sets say the same. */
const AXES: readonly (readonly Axis[])[] = [
  ["V"],
  ["T"],
  ["B"],
  ["T", "V"],
  ["B", "V"],
  ["T", "B"],
  ["T", "B", "V"],
];

/** The first set and form in which everything sums to one, or undefined: these are no probabilities at all. */
export function normalizationOf(outputs: Outputs, lengths?: readonly number[]): Normalization | undefined {
  for (const form of ["log-probabilities", "probabilities"] as const) {
    if (form === "probabilities" && outputs.data.some((value) => value < 0)) continue;
    const axes = AXES.find((set) => sumsToOne(outputs, set, form, lengths));
    if (axes) return { axes, form };
  }
  return undefined;
}

function sumsToOne(
  outputs: Outputs,
  axes: readonly Axis[],
  form: Form,
  lengths?: readonly number[],
): boolean {
  if (axes.length === 1 && axes[0] === "V") {
    for (const { values } of validRows(outputs, lengths)) if (!isOne(rowSum(values, form))) return false;
    return true;
  }
  const { T, B, V, data } = outputs;
  const step = (axis: Axis, size: number): number => (axes.includes(axis) ? 0 : size); // 0: summed
  const [overT, overB, overV] = [step("T", B * V), step("B", V), step("V", 1)];
  const sums = new Float64Array(data.length); // only the cells where no summed axis is beyond 0 are used
  const used = new Uint8Array(data.length);
  for (let t = 0, i = 0; t < T; t++) {
    for (let b = 0; b < B; b++) {
      for (let v = 0; v < V; v++, i++) {
        const cell = t * overT + b * overB + v * overV;
        sums[cell] += form === "probabilities" ? data[i] : Math.exp(data[i]);
        used[cell] = 1;
      }
    }
  }
  return sums.every((sum, cell) => !used[cell] || isOne(sum));
}

export function rowSum(values: Float64Array, form: Form): number {
  return form === "probabilities"
    ? values.reduce((sum, value) => sum + value, 0)
    : Math.exp(logSumExp(values));
}

const isOne = (sum: number): boolean => Math.abs(sum - 1) < TOLERANCE;

/** How many valid rows sum to one. */
export function countUnitRows(outputs: Outputs, form: Form, lengths?: readonly number[]): number {
  let count = 0;
  for (const { values } of validRows(outputs, lengths)) if (isOne(rowSum(values, form))) count++;
  return count;
}

/** The first row that does not sum to one. */
export function firstOddRow(outputs: Outputs, form: Form, lengths?: readonly number[]): Row | undefined {
  for (const each of validRows(outputs, lengths)) if (!isOne(rowSum(each.values, form))) return each;
  return undefined;
}

/**
 * Whether log-probabilities are those of a softmax over a softmax. From q = softmax(p) with Σp = 1, p is determined:
 * pₖ = ln qₖ + (1 − Σ ln q) / V, and must lie in [0, 1] throughout. Deviations of other origin are as far below the mean
 * as above it, so with no p below 0 none would be far above 2/V: three times the mean, on average, decides.
 */
export function isSoftmaxTwice(outputs: Outputs, lengths?: readonly number[]): boolean {
  let rows = 0;
  let largest = 0;
  for (const { values } of validRows(outputs, lengths)) {
    const inner = innerProbabilities(values);
    if (inner.some((p) => p < -1e-4 || p > 1 + 1e-4)) return false;
    largest += inner[indexOfLargest(inner)];
    rows++;
  }
  return outputs.V > 3 && largest / rows > 3 / outputs.V;
}

function innerProbabilities(logProbabilities: Float64Array): Float64Array {
  const sum = logProbabilities.reduce((total, value) => total + value, 0);
  return logProbabilities.map((value) => value + (1 - sum) / logProbabilities.length);
}
