// From the logits of a batch to the log-probabilities [T, V] of its utterances, which is what every decoder here takes.

import { EarshotError } from "../errors.ts";
import { checkSteps, paddedSteps } from "./loss/batch.ts";

/**
 * The natural logarithm of the softmax of each utterance's own steps.
 * @param logits [T, B, V]; what lies beyond an utterance's steps is never read
 * @param batch the steps of each utterance [B], and V with the blank
 * @returns [B][T, V]
 * @throws SHAPE_MISMATCH, INVALID_STEPS, NOT_FINITE
 */
export function logProbabilities(
  logits: Float32Array,
  batch: { readonly steps: readonly number[]; readonly symbols: number },
): Float32Array[] {
  const { steps, symbols } = batch;
  const padded = paddedSteps(logits, steps.length, symbols);
  return steps.map((own, b) => {
    checkSteps(own, 0, padded, b);
    const rows = new Float32Array(own * symbols);
    for (let t = 0; t < own; t++) {
      const at = (t * steps.length + b) * symbols;
      if (!logSoftmax(logits.subarray(at, at + symbols), rows, t * symbols)) throw notFinite(b, t);
    }
    return rows;
  });
}

/** Writes one row; false when there is no finite softmax. */
function logSoftmax(logits: Float32Array, rows: Float32Array, at: number): boolean {
  let largest = -Infinity;
  for (const logit of logits) largest = Math.max(largest, logit); // NaN when one is
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  const logSum = largest + Math.log(sum);
  for (let k = 0; k < logits.length; k++) rows[at + k] = logits[k] - logSum;
  return Number.isFinite(logSum);
}

/** T of [T, V]. @throws SHAPE_MISMATCH when the numbers are no whole number of steps */
export function stepsOf(logProbabilities: ArrayLike<number>, symbols: number): number {
  const steps = logProbabilities.length / symbols;
  if (Number.isInteger(steps)) return steps;
  throw new EarshotError({
    code: "SHAPE_MISMATCH",
    where: "log-probabilities",
    problem: `They are ${logProbabilities.length} numbers, which is no whole number of steps of ${symbols} symbols.`,
    remedy: "Pass log-probabilities [T, V] with V the size of the model's own alphabet, the blank included.",
  });
}

const LARGEST_ERROR = 0.01; // of the sum of a step's probabilities

/** @param sum of the probabilities of a step. @throws NOT_LOG_PROBABILITIES unless it is 1 */
export function checkSum(sum: number, step: number): void {
  if (Math.abs(sum - 1) <= LARGEST_ERROR) return;
  throw new EarshotError({
    code: "NOT_LOG_PROBABILITIES",
    where: `step ${step}`,
    problem: Number.isNaN(sum)
      ? "A log-probability is not a number."
      : `The probabilities of the symbols add up to ${sum.toPrecision(3)} instead of 1.`,
    remedy: Number.isNaN(sum)
      ? "The model or its features are broken: check the recording's features, then the model's weights."
      : "Pass natural logarithms of probabilities: for logits take logProbabilities first.",
  });
}

function notFinite(utterance: number, step: number): EarshotError {
  return new EarshotError({
    code: "NOT_FINITE",
    where: `utterance ${utterance} of the batch, step ${step}`,
    problem: "A logit is infinite or not a number, so there are no probabilities.",
    remedy: "The model or its features are broken: check the recording's features, then the model's weights.",
  });
}

const NEGLIGIBLE = -37; // e⁻³⁷ < 2⁻⁵³, half a unit in the last place of 1
const NODES = 16; // for each nat

/** ln(1 + eᵈ) for d = −i/16, and its slope, the logistic function. */
const softplus = Float64Array.from({ length: -NODES * NEGLIGIBLE + 1 }, (_, i) =>
  Math.log1p(Math.exp(-i / NODES)),
);
const logistic = softplus.map((_, i) => 1 / (1 + Math.exp(i / NODES)));

/**
 * ln(eᵃ + eᵇ) of the first `count` of two arrays, without overflow: Taylor's series around the nearest entry of a table, within
 * 4e-13. Of arrays, since a number given to a function that is not inlined is garbage. @param sums may be one of the two
 */
export function addLogs(a: Float64Array, b: Float64Array, sums: Float64Array, count: number): void {
  for (let k = 0; k < count; k++) {
    const larger = a[k] > b[k] ? a[k] : b[k];
    const difference = a[k] > b[k] ? b[k] - a[k] : a[k] - b[k];
    if (!(difference > NEGLIGIBLE)) {
      sums[k] = larger;
      continue;
    }
    const i = (0.5 - NODES * difference) | 0;
    const h = difference + i / NODES;
    const p = logistic[i];
    const q = p * (1 - p);
    const r = q * (1 - 2 * p);
    const series = q / 2 + h * (r / 6 + h * ((q * (1 - 6 * q)) / 24 + (h * r * (1 - 12 * q)) / 120));
    sums[k] = larger + softplus[i] + h * (p + h * series);
  }
}

const LEAST_SHARE = -20; // e⁻²⁰ is 2e-9

/** e to a logarithm beside that of the likeliest; 0 where it is next to nothing. */
export const share = (log: number): number => (log > LEAST_SHARE ? Math.exp(log) : 0);
