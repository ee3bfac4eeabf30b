// The CTC loss of one utterance, fast: the recursions of log-space.ts on plain probabilities, each step divided by its
// sum (Graves et al. 2006, end of section 4.1). Several times as fast, since exponentials are taken once for each
// output and logarithms once for each step. It gives up, and says so, before it loses precision.
//
// A network sure of blanks, as all are early on, makes α small for all but the first states and β for all but the last,
// so that no state is left with both in range. α and β are therefore tilted: what is called α_t(s) here is λ^s α_t(s),
// and β_t(s) is β_t(s) / λ^s but for a constant. Each move by one state then carries a factor λ, and α β is unchanged.

import type { CtcUtterance } from "./batch.ts";
import { extendLabels, maySkip } from "./log-space.ts";

/**
 * Below these the attempt ends: the sum that a step is divided by, and Σ_s α β at a step when both add up to 1. Above
 * them, what float64 loses near 5e-324 is a share of about 5e-324 / 1e-40 / 1e-260 = 5e-24 of the paths.
 */
export const SMALLEST_STEP = 1e-40;
export const SMALLEST_TOTAL = 1e-260;

/** Buffers for utterances up to a size, reused from one to the next. */
export interface RescaledBuffers {
  /** [T, V] */
  readonly probabilities: Float64Array;
  /** [T + 1, S + 2], α_t(s) at (t + 1, s + 2): a row and two columns in front spare the tests at the boundaries. */
  readonly alpha: Float64Array;
  /** [S + 2], y_t(s) β_t(s) at s: two columns behind. */
  readonly emitting: Float64Array;
  /** [S + 2], λ² where s may be reached from s − 2, else 0. */
  readonly skip: Float64Array;
}

export function rescaledBuffers(steps: number, labels: number, symbols: number): RescaledBuffers {
  const width = 2 * labels + 3;
  return {
    probabilities: new Float64Array(steps * symbols),
    alpha: new Float64Array((steps + 1) * width),
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
  const { labels, blank } = utterance;
  const path = extendLabels(labels, blank);
  softmax(utterance, buffers.probabilities);
  const tilt = chooseTilt(utterance, buffers.probabilities);
  for (let s = 0; s < path.length; s++) buffers.skip[s] = maySkip(path, s, blank) ? tilt * tilt : 0;
  buffers.skip.fill(0, path.length);
  const loss = forward(utterance, path, tilt, buffers);
  return loss !== undefined && backward(utterance, path, tilt, buffers, gradient) ? loss : undefined;
}

/** y_t(k) for every step, into `probabilities`. */
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

/**
 * λ, such that with outputs constant in time α moves along the labels at the pace L / T. Any λ gives the same loss and
 * gradient; this one keeps α large where β is.
 */
function chooseTilt({ steps, labels, symbols, blank }: CtcUtterance, probabilities: Float64Array): number {
  if (labels.length === 0) return 1;
  const mass = new Float64Array(symbols); // Σ_t y_t(k)
  for (let t = 0; t < steps; t++) for (let k = 0; k < symbols; k++) mass[k] += probabilities[t * symbols + k];
  const labelMass = labels.reduce((sum, label) => sum + mass[label], 0) / labels.length;
  const pace = labels.length / Math.max(1, steps - labels.length);
  return Math.sqrt(Math.min(Math.max((pace * mass[blank]) / labelMass, 1e-20), 1e20));
}

/** The states at step t that the start reaches and that reach the end: from `first` up to, without, `end`. */
function reachable(t: number, steps: number, states: number): { first: number; end: number } {
  return { first: Math.max(0, states - 2 * (steps - t)), end: Math.min(states, 2 * (t + 1)) };
}

/** Fills α and returns the loss −ln p(l|x), of which −Σ_t ln C_t is what the divisions by the sums C_t took away. */
function forward(
  { steps, symbols }: CtcUtterance,
  path: Int32Array,
  tilt: number,
  { probabilities, alpha, skip }: RescaledBuffers,
): number | undefined {
  const width = path.length + 2;
  alpha.fill(0, 0, (steps + 1) * width);
  alpha[2] = 1; // before the first step, in the opening blank
  let loss = 0;
  for (let t = 0; t < steps; t++) {
    const { first, end } = reachable(t, steps, path.length);
    const before = t * width + 2;
    const row = before + width;
    let sum = 0;
    for (let s = first; s < end; s++) {
      const arriving = alpha[before + s] + tilt * alpha[before + s - 1] + skip[s] * alpha[before + s - 2];
      sum += alpha[row + s] = arriving * probabilities[t * symbols + path[s]]; // eq. 6, 7
    }
    if (!(sum > SMALLEST_STEP)) return undefined;
    const scale = 1 / sum;
    for (let s = first; s < end; s++) alpha[row + s] *= scale;
    loss -= Math.log(sum);
  }
  const end = steps * width + 2 + path.length;
  return loss - Math.log(alpha[end - 1] + tilt * alpha[end - 2]) + (path.length - 1) * Math.log(tilt); // eq. 8
}

/** Runs β backwards and turns α β into the gradient, step by step. False when a sum came too near to underflow. */
function backward(
  utterance: CtcUtterance,
  path: Int32Array,
  tilt: number,
  buffers: RescaledBuffers,
  gradient: Float64Array,
): boolean {
  const { emitting, skip } = buffers;
  emitting.fill(0);
  emitting[path.length - 1] = 1; // after the last step, in the closing blank
  for (let t = utterance.steps - 1; t >= 0; t--) {
    const { first, end } = reachable(t, utterance.steps, path.length);
    let sum = 0;
    for (let s = first; s < end; s++) {
      sum += emitting[s] += tilt * emitting[s + 1] + skip[s + 2] * emitting[s + 2]; // eq. 10, 11
    }
    if (!(sum > SMALLEST_STEP)) return false;
    for (let s = first; s < end; s++) emitting[s] /= sum;
    if (!shareOut(t, utterance, path, buffers, gradient)) return false;
  }
  return true;
}

/** At step t, with β in `emitting`: gradient = y − Σ α β / Z (eq. 16); then makes it y β for the step before. */
function shareOut(
  t: number,
  { steps, symbols }: CtcUtterance,
  path: Int32Array,
  { probabilities, alpha, emitting }: RescaledBuffers,
  gradient: Float64Array,
): boolean {
  const { first, end } = reachable(t, steps, path.length);
  const row = (t + 1) * (path.length + 2) + 2;
  const emission = t * symbols;
  gradient.fill(0, emission, emission + symbols);
  let total = 0;
  for (let s = first; s < end; s++) {
    const through = alpha[row + s] * emitting[s];
    total += through;
    gradient[emission + path[s]] += through;
    emitting[s] *= probabilities[emission + path[s]];
  }
  if (!(total > SMALLEST_TOTAL)) return false;
  const share = 1 / total;
  for (let k = emission; k < emission + symbols; k++) gradient[k] = probabilities[k] - gradient[k] * share;
  return true;
}
