// What the CTC tests compare with: every path enumerated, and inputs made from seeds.

import type { CtcUtterance } from "../../src/ctc/loss/batch.ts";
import type { UtteranceLoss } from "../../src/ctc/loss/log-space.ts";
import { rescaledBuffers, rescaledLoss } from "../../src/ctc/loss/rescaled.ts";
import { RandomStream } from "../../src/random.ts";

/** Loss and gradient by the definition (Graves et al. 2006, eq. 2 and 3): the sum over all V^T paths. */
export function enumeratePaths({ logits, steps, labels, symbols, blank }: CtcUtterance): UtteranceLoss {
  const y = softmaxRows(logits, symbols);
  const through = new Float64Array(steps * symbols); // the probability of all paths with π_t = k
  let likelihood = 0;
  for (let code = 0; code < symbols ** steps; code++) {
    const path = Array.from({ length: steps }, (_, t) => Math.floor(code / symbols ** t) % symbols);
    if (collapse(path, blank).join() !== labels.join()) continue;
    const probability = path.reduce((product, k, t) => product * y[t * symbols + k], 1);
    likelihood += probability;
    path.forEach((k, t) => (through[t * symbols + k] += probability));
  }
  return { loss: -Math.log(likelihood), gradient: y.map((value, i) => value - through[i] / likelihood) };
}

/** Repeats collapsed, then blanks removed. */
export function collapse(path: readonly number[], blank: number): number[] {
  return path.filter((k, t) => k !== path[t - 1] && k !== blank);
}

function softmaxRows(logits: Float64Array, symbols: number): Float64Array {
  const y = logits.map(Math.exp);
  return y.map((value, i) => {
    const start = i - (i % symbols);
    return value / y.subarray(start, start + symbols).reduce((a, b) => a + b);
  });
}

/** An utterance with normal logits times `scale`. */
export function randomUtterance(
  seed: number,
  {
    steps,
    labels,
    symbols,
    blank = symbols - 1,
    scale = 1,
  }: {
    steps: number;
    labels: number;
    symbols: number;
    blank?: number;
    scale?: number;
  },
): CtcUtterance {
  const random = new RandomStream(seed, "ctc test");
  return {
    logits: Float64Array.from({ length: steps * symbols }, () => scale * random.normal()),
    labels: Int32Array.from({ length: labels }, () => (blank + 1 + random.integer(symbols - 1)) % symbols),
    steps,
    symbols,
    blank,
  };
}

/** The fast form alone; undefined where it gives up. */
export function rescaled(utterance: CtcUtterance): UtteranceLoss | undefined {
  const gradient = new Float64Array(utterance.steps * utterance.symbols);
  const buffers = rescaledBuffers(utterance.steps, utterance.labels.length, utterance.symbols);
  const loss = rescaledLoss(utterance, gradient, buffers);
  return loss === undefined ? undefined : { loss, gradient };
}

/** The largest difference of two lists, each relative to max(1, |expected|); NaN counts as infinite. */
export function largestError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  return Array.from(expected).reduce((largest, value, i) => {
    const error = Math.abs(actual[i] - value) / Math.max(1, Math.abs(value));
    return Number.isNaN(error) ? Infinity : Math.max(largest, error);
  }, 0);
}
