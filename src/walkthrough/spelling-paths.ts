// The paths of CTC that spell a text: how much of their probability goes through each state at each step, and what the text
// costs. By the loss's own variables (ctc/loss/log-space.ts).

import { forwardBackward, minimumSteps } from "../ctc/index.ts";
import type { Alphabet } from "../text/index.ts";

/** T' steps, S = 2L + 1 states: the labels with blanks before, between and after. */
export interface SpellingPaths {
  /** What each state emits. [S] */
  readonly path: Int32Array;
  /** The share of the text's paths that are in each state at each step; each step adds up to 1. [T', S] */
  readonly shares: Float32Array;
  /** Natural logarithms; −∞ where no path is. [T'][S] */
  readonly alpha: readonly Float64Array[];
  readonly beta: readonly Float64Array[];
  /** −ln p(text | recording), in nats. */
  readonly loss: number;
  /** log₁₀ of how many paths there are. */
  readonly logCount: number;
}

/**
 * Undefined where the text does not fit into the steps, or there are none.
 * @param rows [T', V], natural logarithms
 * @throws UNKNOWN_SYMBOL
 */
export function spellingPaths(
  rows: Float32Array,
  text: string,
  alphabet: Alphabet,
): SpellingPaths | undefined {
  const [symbols, steps] = [alphabet.size, rows.length / alphabet.size];
  const labels = alphabet.encode(text, "text");
  if (steps === 0 || minimumSteps(labels) > steps) return undefined;
  const logits = Float64Array.from(rows);
  const { path, alpha, beta, logLikelihood } = forwardBackward({
    logits,
    steps,
    labels,
    symbols,
    blank: alphabet.blank,
  });
  const S = path.length;
  const shares = new Float32Array(steps * S);
  for (let t = 0; t < steps; t++)
    for (let s = 0; s < S; s++) shares[t * S + s] = Math.exp(alpha[t][s] + beta[t][s] - logLikelihood);
  return { path, shares, alpha, beta, loss: -logLikelihood, logCount: logPathCount(steps, labels) };
}

/**
 * Graves et al. 2006 do not count them: a path is a choice of where each of its L labels and the blanks that are used begin,
 * which is C(T + L − r, 2L) where r is the number of adjacent repeats, which need a blank between.
 */
function logPathCount(steps: number, labels: Int32Array): number {
  const repeats = minimumSteps(labels) - labels.length;
  const [n, k] = [steps + labels.length - repeats, 2 * labels.length];
  let log = 0;
  for (let i = 1; i <= k; i++) log += Math.log10((n - k + i) / i);
  return log;
}
