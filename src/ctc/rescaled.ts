// The CTC loss of one utterance, fast: the recursions of log-space.ts on plain probabilities, each step divided by its
// sum (Graves et al. 2006, end of section 4.1; Rabiner 1989). Several times as fast, since exponentials are taken
// once for each output and logarithms once for each step. It gives up, and says so, before it loses precision.

import type { CtcUtterance } from "./batch.ts";
import { extendLabels, maySkip } from "./log-space.ts";

/**
 * A sum below this ends the attempt. Where all sums are above it, what float64 lost below 1e-308 is a share of at most
 * 1e-308 / (1e-100 · 1e-100) of the paths at any step.
 */
const SMALLEST_SUM = 1e-100;

/** Buffers for utterances up to a size, reused from one to the next. */
export interface RescaledBuffers {
  /** [T, V] */
  readonly probabilities: Float64Array;
  /** [T, S + 2], α_t(s) at s + 2: two zeros before each row spare the tests at its start. */
  readonly alpha: Float64Array;
  /** [S + 2], y_t(s) β_t(s) at s: two zeros behind. */
  readonly emitting: Float64Array;
  /** [S + 2], 1 where s may be reached from s − 2, else 0. */
  readonly skip: Float64Array;
}

export function rescaledBuffers(steps: number, labels: number, symbols: number): RescaledBuffers {
  const width = 2 * labels + 3;
  return {
    probabilities: new Float64Array(steps * symbols),
    alpha: new Float64Array(steps * width),
    emitting: new Float64Array(width),
    skip: new Float64Array(width),
  };
}

/**
 * Writes the gradient at the logits to `gradient` [T, V] and returns the loss in nats, or undefined when a sum came
 * too near to underflow; the gradient is then of no use. The labels must fit into the steps.
 */
export function rescaledLoss(
  utterance: CtcUtterance,
  gradient: Float64Array,
  buffers: RescaledBuffers,
): number | undefined {
  const path = extendLabels(utterance.labels, utterance.blank);
  buffers.skip.fill(0);
  for (let s = 2; s < path.length; s++) buffers.skip[s] = maySkip(path, s, utterance.blank) ? 1 : 0;
  softmax(utterance, buffers.probabilities);
  const loss = forward(utterance, path, buffers);
  return loss !== undefined && backward(utterance, path, buffers, gradient) ? loss : undefined;
}

function softmax({ logits, steps, symbols }: CtcUtterance, probabilities: Float64Array): void {
  for (let start = 0; start < steps * symbols; start += symbols) {
    const end = start + symbols;
    let largest = -Infinity;
    for (let k = start; k < end; k++) if (logits[k] > largest) largest = logits[k];
    let sum = 0;
    for (let k = start; k < end; k++) sum += probabilities[k] = Math.exp(logits[k] - largest);
    const scale = 1 / sum;
    for (let k = start; k < end; k++) probabilities[k] *= scale;
  }
}

/** Fills α and returns the loss: −ln p(l|x) = −Σ_t ln C_t, with C_t the sum that step t was divided by. */
function forward(
  { steps, symbols }: CtcUtterance,
  path: Int32Array,
  { probabilities, alpha, skip }: RescaledBuffers,
): number | undefined {
  const width = path.length + 2;
  alpha.fill(0, 0, steps * width);
  let loss = 0;
  for (let t = 0; t < steps; t++) {
    const row = t * width + 2;
    const before = row - width;
    const emission = t * symbols;
    // Only states that the start reaches and that reach the end: the last C_t then holds exactly eq. 8.
    const first = Math.max(0, path.length - 2 * (steps - t));
    const end = Math.min(path.length, 2 * (t + 1));
    let sum = 0;
    for (let s = first; s < end; s++) {
      const arriving =
        t === 0 ? 1 : alpha[before + s] + alpha[before + s - 1] + skip[s] * alpha[before + s - 2];
      sum += alpha[row + s] = arriving * probabilities[emission + path[s]];
    }
    if (!(sum > SMALLEST_SUM)) return undefined;
    const scale = 1 / sum;
    for (let s = first; s < end; s++) alpha[row + s] *= scale;
    loss -= Math.log(sum);
  }
  return loss;
}

/** Runs β backwards and turns α β into the gradient, step by step. False when a sum came too near to underflow. */
function backward(
  { steps, symbols }: CtcUtterance,
  path: Int32Array,
  buffers: RescaledBuffers,
  gradient: Float64Array,
): boolean {
  const { emitting, skip } = buffers;
  emitting.fill(0);
  for (let t = steps - 1; t >= 0; t--) {
    const first = Math.max(0, path.length - 2 * (steps - t));
    const end = Math.min(path.length, 2 * (t + 1));
    let sum = 0;
    for (let s = first; s < end; s++) {
      const leaving = t === steps - 1 ? 1 : emitting[s] + emitting[s + 1] + skip[s + 2] * emitting[s + 2];
      sum += emitting[s] = leaving;
    }
    if (!(sum > SMALLEST_SUM)) return false;
    if (!combine(t, first, end, 1 / sum, symbols, path, buffers, gradient)) return false;
  }
  return true;
}

/** At step t: gradient = y − Σ α β / Z (eq. 16), and β becomes y β, for the step before. */
function combine(
  t: number,
  first: number,
  end: number,
  scale: number,
  symbols: number,
  path: Int32Array,
  { probabilities, alpha, emitting }: RescaledBuffers,
  gradient: Float64Array,
): boolean {
  const row = t * (path.length + 2) + 2;
  const emission = t * symbols;
  gradient.fill(0, emission, emission + symbols);
  let total = 0;
  for (let s = first; s < end; s++) {
    const beta = emitting[s] * scale;
    const through = alpha[row + s] * beta;
    const symbol = emission + path[s];
    gradient[symbol] += through;
    total += through;
    emitting[s] = beta * probabilities[symbol];
  }
  if (!(total > SMALLEST_SUM)) return false;
  const share = 1 / total;
  for (let k = emission; k < emission + symbols; k++) gradient[k] = probabilities[k] - gradient[k] * share;
  return true;
}
