// The CTC loss of a padded batch and its gradient at the logits, in float64 throughout. Takes the fast rescaled form,
// and for an utterance whose probabilities would underflow the log-space form; both give the same numbers.

import { EarshotError } from "../../errors.ts";
import { checkBatch, paddedSteps, type CtcBatch, type CtcUtterance } from "./batch.ts";
import { logSpaceLoss } from "./log-space.ts";
import { rescaledBuffers, rescaledLoss } from "./rescaled.ts";

export interface CtcLoss {
  /** [B], −ln p(labels | logits) in nats; for an empty label sequence −Σ_t ln p(blank). */
  readonly losses: Float64Array;
  /** [T, B, V], the derivative of the summed losses by the logits (through the softmax); zero in the padding. */
  readonly gradient: Float32Array;
}

/**
 * Loss and gradient of Graves et al. 2006, eq. 12 and 16. Utterances do not influence each other.
 * @throws SHAPE_MISMATCH, INVALID_LABEL, INVALID_STEPS, IMPOSSIBLE_ALIGNMENT, NOT_FINITE; never returns infinity
 */
export function ctcLoss(batch: CtcBatch): CtcLoss {
  checkBatch(batch);
  const { steps, labels, symbols, blank } = batch;
  const losses = new Float64Array(steps.length);
  const gradient = new Float32Array(batch.logits.length);

  const padded = paddedSteps(batch.logits, steps.length, symbols);
  const longest = labels.reduce((most, { length }) => Math.max(most, length), 0);
  const buffers = rescaledBuffers(padded, longest, symbols);
  const logits = new Float64Array(padded * symbols);
  const slopes = new Float64Array(padded * symbols);

  for (let b = 0; b < steps.length; b++) {
    gatherLogits(batch, b, logits);
    const utterance = { logits, steps: steps[b], labels: labels[b], symbols, blank };
    losses[b] = rescaledLoss(utterance, slopes, buffers) ?? fallBack(utterance, b, slopes);
    scatterGradient(slopes, batch, b, gradient);
  }
  return { losses, gradient };
}

function fallBack(utterance: CtcUtterance, b: number, slopes: Float64Array): number {
  const { loss, gradient } = logSpaceLoss(utterance);
  if (!Number.isFinite(loss)) throw notFinite(`utterance ${b} of the batch`, `The loss is ${loss}`);
  slopes.set(gradient);
  return loss;
}

/** Copies one utterance's logits [T, V] out of the batch, and refuses NaN and infinities. */
function gatherLogits({ logits, steps, symbols }: CtcBatch, b: number, target: Float64Array): void {
  for (let t = 0; t < steps[b]; t++) {
    const source = (t * steps.length + b) * symbols;
    for (let k = 0; k < symbols; k++) {
      const value = logits[source + k];
      if (!Number.isFinite(value)) {
        throw notFinite(`utterance ${b} of the batch, step ${t}`, `The logit of symbol ${k} is ${value}`);
      }
      target[t * symbols + k] = value;
    }
  }
}

function scatterGradient(
  slopes: Float64Array,
  { steps, symbols }: CtcBatch,
  b: number,
  gradient: Float32Array,
): void {
  for (let t = 0; t < steps[b]; t++) {
    const target = (t * steps.length + b) * symbols;
    for (let k = 0; k < symbols; k++) gradient[target + k] = slopes[t * symbols + k];
  }
}

function notFinite(where: string, what: string): EarshotError {
  return new EarshotError({
    code: "NOT_FINITE",
    where,
    problem: `${what}, so there is no finite loss.`,
    remedy:
      "The network has diverged or its input is broken: check the features for NaN, lower the learning rate, or cap the gradient norm.",
  });
}
