// The rows of a batch's outputs, [T, B, V]: each step of each utterance is one. The lengths say which steps are
// valid, where they are possible at all: a check of the outputs must not fail on a wrong length.

import type { BatchEvidence, Outputs } from "../evidence/batch-evidence.ts";

/** The steps of utterance b that can be looked at: its length where that is a step count of this batch, else T. */
export function validSteps({ T }: Outputs, lengths: readonly number[] | undefined, b: number): number {
  const length = lengths?.[b] ?? T;
  return Number.isInteger(length) && length >= 1 && length <= T ? length : T;
}

export function row({ B, V, data }: Outputs, t: number, b: number): Float64Array {
  const at = (t * B + b) * V;
  return data.subarray(at, at + V);
}

export interface Row {
  readonly t: number;
  readonly b: number;
  readonly values: Float64Array;
}

/** The valid rows, utterance by utterance. */
export function* validRows(outputs: Outputs, lengths?: readonly number[]): Generator<Row> {
  for (let b = 0; b < outputs.B; b++) {
    const steps = validSteps(outputs, lengths, b);
    for (let t = 0; t < steps; t++) yield { t, b, values: row(outputs, t, b) };
  }
}

export const place = ({ t, b }: Pick<Row, "t" | "b">): string => `utterance ${b}, step ${t}`;

export function indexOfLargest(values: ArrayLike<number>): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k] > values[best]) best = k;
  return best;
}

/** ln Σ eˣ; the rows are short and finite. */
export function logSumExp(values: ArrayLike<number>): number {
  const largest = values[indexOfLargest(values)];
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += Math.exp(values[k] - largest);
  return largest + Math.log(sum);
}

/** The labels that the loss gets for each utterance, cut to their lengths; undefined when they do not fit together. */
export function labelsOf({ targets, targetLengths }: BatchEvidence): Int32Array[] | undefined {
  if (!targets || !targetLengths) return undefined;
  if (targets.rows) return targets.rows.map((ids, b) => ids.slice(0, targetLengths[b]));
  let at = 0;
  return targetLengths.map((length) => targets.joined!.slice(at, (at += length)));
}
