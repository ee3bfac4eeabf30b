// The CTC loss of one utterance as the mathematics has it, in log space and float64: Graves, Fernández, Gomez &
// Schmidhuber 2006, sections 3 and 4, whose equation numbers are given. It cannot underflow, so it is the oracle of
// the tests and what the rescaled form falls back to. Not made for speed.

import type { CtcUtterance } from "./batch.ts";

export interface UtteranceLoss {
  /** −ln p(l|x), in nats. */
  readonly loss: number;
  /** [T, V], the derivative of the loss by the logits. */
  readonly gradient: Float64Array;
}

/** What every path that spells the labels goes through. T steps, S = 2L + 1 states; natural logarithms, −∞ where no path is. */
export interface ForwardBackward {
  /** l′: the symbol of each state. [S] */
  readonly path: Int32Array;
  /** ln y_t(k), the softmax of the logits. [T][V] */
  readonly logY: readonly Float64Array[];
  /** ln α_t(s): the beginnings of paths that are in state s at step t, its symbol included. [T][S] */
  readonly alpha: readonly Float64Array[];
  /** ln β_t(s): what those paths may still do after step t. [T][S] */
  readonly beta: readonly Float64Array[];
  /** ln p(l|x) */
  readonly logLikelihood: number;
}

/** The loss and its gradient at the logits. The labels must fit into the steps. */
export function logSpaceLoss(utterance: CtcUtterance): UtteranceLoss {
  const { path, logY, alpha, beta, logLikelihood } = forwardBackward(utterance);
  return { loss: -logLikelihood, gradient: logitGradient(logY, alpha, beta, path) };
}

/** The variables of the loss, for those who show them. The labels must fit into the steps. */
export function forwardBackward(utterance: CtcUtterance): ForwardBackward {
  const logY = logSoftmax(utterance);
  const path = extendLabels(utterance.labels, utterance.blank);
  const alpha = forwardVariables(logY, path, utterance.blank);
  const beta = backwardVariables(logY, path, utterance.blank);

  const last = alpha[utterance.steps - 1];
  const logLikelihood = logAdd(at(last, path.length - 1), at(last, path.length - 2)); // eq. 8
  return { path, logY, alpha, beta, logLikelihood };
}

/** l′: the labels with a blank before, between and after; [S = 2L + 1]. */
export function extendLabels(labels: Int32Array, blank: number): Int32Array {
  const path = new Int32Array(2 * labels.length + 1).fill(blank);
  labels.forEach((label, index) => (path[2 * index + 1] = label));
  return path;
}

/** Whether a path may go from s − 2 to s: only onto a label, and only past a blank that need not be there. */
export function maySkip(path: Int32Array, s: number, blank: number): boolean {
  return s >= 2 && path[s] !== blank && path[s] !== path[s - 2];
}

/** ln α_t(s): all ways to have emitted l′ up to s after step t. Eq. 5; [T][S]. */
function forwardVariables(logY: Float64Array[], path: Int32Array, blank: number): Float64Array[] {
  const alpha = logY.map(() => new Float64Array(path.length).fill(-Infinity));
  for (let s = 0; s < Math.min(2, path.length); s++) alpha[0][s] = logY[0][path[s]];

  for (let t = 1; t < logY.length; t++) {
    const before = alpha[t - 1];
    for (let s = 0; s < path.length; s++) {
      const stay = logAdd(at(before, s), at(before, s - 1)); // eq. 7
      const all = maySkip(path, s, blank) ? logAdd(stay, at(before, s - 2)) : stay;
      alpha[t][s] = all + logY[t][path[s]]; // eq. 6
    }
  }
  return alpha;
}

/**
 * ln β_t(s): all ways to emit the rest of l′ from s in the steps after t; [T][S]. Eq. 9 without its factor y_t, which
 * spares the division by y_t in eq. 14 to 16.
 */
function backwardVariables(logY: Float64Array[], path: Int32Array, blank: number): Float64Array[] {
  const beta = logY.map(() => new Float64Array(path.length).fill(-Infinity));
  for (let s = path.length - 1; s >= Math.max(0, path.length - 2); s--) beta[logY.length - 1][s] = 0;

  for (let t = logY.length - 2; t >= 0; t--) {
    const after = beta[t + 1].map((value, s) => value + logY[t + 1][path[s]]);
    for (let s = 0; s < path.length; s++) {
      const stay = logAdd(at(after, s), at(after, s + 1)); // eq. 11
      beta[t][s] = maySkip(path, s + 2, blank) ? logAdd(stay, at(after, s + 2)) : stay; // eq. 10
    }
  }
  return beta;
}

/** Softmax minus the share of the paths that emit each symbol at each step. Eq. 16; [T, V]. */
function logitGradient(
  logY: readonly Float64Array[],
  alpha: readonly Float64Array[],
  beta: readonly Float64Array[],
  path: Int32Array,
): Float64Array {
  const symbols = logY[0].length;
  const gradient = new Float64Array(logY.length * symbols);
  for (const [t, row] of logY.entries()) {
    const through = alpha[t].map((value, s) => value + beta[t][s]);
    // Their sum is the likelihood at every step (eq. 14). Taken anew at each, so that the shares add up to 1 however
    // large the exponents are.
    const largest = through.reduce((a, b) => Math.max(a, b));
    const weights = through.map((value) => Math.exp(value - largest));
    const total = weights.reduce((a, b) => a + b);
    row.forEach((value, symbol) => (gradient[t * symbols + symbol] = Math.exp(value)));
    path.forEach((symbol, s) => (gradient[t * symbols + symbol] -= weights[s] / total));
  }
  return gradient;
}

/** ln y_t(k); [T][V]. */
function logSoftmax({ logits, steps, symbols }: CtcUtterance): Float64Array[] {
  return Array.from({ length: steps }, (_, t) => {
    const row = logits.subarray(t * symbols, (t + 1) * symbols);
    const largest = row.reduce((a, b) => Math.max(a, b));
    const logSum = Math.log(row.reduce((sum, value) => sum + Math.exp(value - largest), 0));
    return row.map((value) => value - largest - logSum);
  });
}

/** An element, or ln 0 outside the row. */
function at(row: Float64Array, s: number): number {
  return s >= 0 && s < row.length ? row[s] : -Infinity;
}

/** ln(eᵃ + eᵇ) without overflow. */
function logAdd(a: number, b: number): number {
  const larger = Math.max(a, b);
  return larger === -Infinity ? larger : larger + Math.log1p(Math.exp(Math.min(a, b) - larger));
}
