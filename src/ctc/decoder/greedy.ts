// Greedy CTC decoding, the best path of Graves et al. 2006, section 3.2: the likeliest symbol of each step, repeats
// collapsed, blanks removed. Fast and without a language model; the best path need not be the best labeling.

import { EarshotError } from "../../errors.ts";
import { checkSteps, paddedSteps } from "../loss/batch.ts";

export interface GreedyBatch {
  /** [B], the steps of each utterance, 0 to T. */
  readonly steps: readonly number[];
  /** V, the blank included. */
  readonly symbols: number;
  readonly blank: number;
}

export interface GreedyLabels {
  /** [L] */
  readonly labels: Int32Array;
  /** [L], the step at which each label began. */
  readonly starts: Int32Array;
}

/** The labels of each utterance; `logits` is [T, B, V]. @throws what `greedyDecodeWithStarts` throws */
export function greedyDecode(logits: Float32Array, batch: GreedyBatch): Int32Array[] {
  return greedyDecodeWithStarts(logits, batch).map(({ labels }) => labels);
}

/**
 * The labels of each utterance, with the step where each began; `logits` is [T, B, V], or anything that orders the
 * symbols alike. Of equal symbols the lowest index wins. @throws SHAPE_MISMATCH, INVALID_STEPS, NOT_FINITE (for NaN)
 */
export function greedyDecodeWithStarts(logits: Float32Array, batch: GreedyBatch): GreedyLabels[] {
  const utterances = batch.steps.length;
  const padded = paddedSteps(logits, utterances, batch.symbols);
  return batch.steps.map((steps, b) => {
    checkSteps(steps, 0, padded, b);
    const labels: number[] = [];
    const starts: number[] = [];
    let previous = batch.blank;
    for (let t = 0; t < steps; t++) {
      const best = likeliest(logits, (t * utterances + b) * batch.symbols, batch.symbols);
      if (best < 0) throw notANumber(b, t);
      if (best !== batch.blank && best !== previous) {
        labels.push(best);
        starts.push(t);
      }
      previous = best;
    }
    return { labels: Int32Array.from(labels), starts: Int32Array.from(starts) };
  });
}

/** The index of the largest of `count` numbers from `start`, or −1 when one is NaN. */
function likeliest(logits: Float32Array, start: number, count: number): number {
  let best = 0;
  for (let k = 0; k < count; k++) {
    if (Number.isNaN(logits[start + k])) return -1;
    if (logits[start + k] > logits[start + best]) best = k;
  }
  return best;
}

export function notANumber(utterance: number, step: number): EarshotError {
  return new EarshotError({
    code: "NOT_FINITE",
    where: `utterance ${utterance} of the batch, step ${step}`,
    problem: "A logit is NaN, so no symbol is the likeliest.",
    remedy: "The model or its features are broken: check the recording's features, then the model's weights.",
  });
}
