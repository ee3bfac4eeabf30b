// The likeliest path that spells given labels (Viterbi 1967) through a lattice (lattice.ts): when each label begins and
// ends. Where the alphabet has a space, spaces beyond those of the text may stand at its ends and beside its own, as the
// decoder reads them. Knows labels and steps, and nothing of texts or seconds.

import { EarshotError } from "../../errors.ts";
import { extendLabels, maySkip } from "../loss/log-space.ts";
import { latticeOf, type Lattice, type WordRange } from "./lattice.ts";

/** Log-probabilities [T, V], from one step to before another. */
export interface StepSpan {
  readonly rows: Float32Array;
  readonly fromStep: number;
  readonly toStep: number;
  /** V */
  readonly symbols: number;
  readonly blank: number;
  /** The index of the space, −1 without one. */
  readonly space: number;
}

export interface BestPath {
  /** [L], the first step of each label, and the step after its last; steps count from the first of all rows. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** ln of the path's probability. */
  readonly score: number;
}

/** Which steps can hardly be of a word, and which hardly of a pause, whatever symbols they emit: a price for each, in nats. */
export interface StepPrices {
  /** [T] */
  readonly word: Float64Array;
  readonly pause: Float64Array;
}

/** Words and the prices of steps for them. */
export interface PricedWords {
  readonly words: readonly WordRange[];
  readonly prices: StepPrices;
}

const LARGEST_TABLE = 7 * 2 ** 28; // bytes: 10 minutes with 9,000 words

/** @returns undefined when no path spells the labels. @throws TOO_LONG_TO_ALIGN */
export function bestPath(labels: Int32Array, span: StepSpan, priced?: PricedWords): BestPath | undefined {
  const lattice = latticeOf({ labels, blank: span.blank, space: span.space, words: priced?.words });
  const { symbols, others, offsets, predecessors, positions, isPause } = lattice;
  const { rows } = span;
  const [T, S] = [span.toStep - span.fromStep, symbols.length];
  if (T * S > LARGEST_TABLE) throw tooLong(T, S, labels.length);
  const moves = new Uint8Array(T * S); // which of a state's predecessors the best path came from
  let before = new Float64Array(S).fill(-Infinity);
  before.fill(0, 0, positions[1]); // as if a blank came before: from it are the two ways to begin
  let now = new Float64Array(S).fill(-Infinity);
  for (let t = 0; t < T; t++) {
    const row = (span.fromStep + t) * span.symbols;
    const [first, after] = reachable(t, T, positions);
    const word = priced ? priced.prices.word[t] : 0;
    const pause = priced ? priced.prices.pause[t] : 0;
    for (let s = first; s < after; s++) {
      let best = offsets[s];
      let score = before[predecessors[best]];
      for (let k = best + 1; k < offsets[s + 1]; k++) {
        const other = before[predecessors[k]];
        if (other > score) [best, score] = [k, other];
      }
      moves[t * S + s] = best - offsets[s];
      const own = rows[row + symbols[s]];
      const other = rows[row + others[s]];
      now[s] = score + (own > other ? own : other) - (isPause[s] === 1 ? pause : word);
    }
    [before, now] = [now, before];
  }
  const last = likeliestEnd(before, positions);
  return before[last] > -Infinity ? trace(moves, lattice, last, span, labels.length) : undefined;
}

/** The states that the beginning reaches and that reach the end: from the first to before the second. */
function reachable(t: number, T: number, positions: Int32Array): [number, number] {
  const count = positions.length - 1;
  return [positions[Math.max(0, count - 2 * (T - t))], positions[Math.min(count, 2 * t + 2)]];
}

/** In the last label, or in the blank after it. */
function likeliestEnd(scores: Float64Array, positions: Int32Array): number {
  const count = positions.length - 1;
  let last = positions[count - 1];
  const isBetter = (s: number) => scores[s] > scores[last];
  for (let s = positions[count - 1] + 1; s < positions[count]; s++) if (isBetter(s)) last = s;
  for (let s = positions[Math.max(0, count - 2)]; s < positions[count - 1]; s++) if (isBetter(s)) last = s;
  return last;
}

function trace(
  moves: Uint8Array,
  { symbols, others, labels, offsets, predecessors }: Lattice,
  last: number,
  { rows, fromStep, toStep, symbols: V }: StepSpan,
  count: number,
): BestPath {
  const [starts, ends] = [new Int32Array(count), new Int32Array(count)];
  const S = symbols.length;
  let score = 0;
  for (let step = toStep - 1, s = last; step >= fromStep; step--) {
    score += Math.max(rows[step * V + symbols[s]], rows[step * V + others[s]]);
    if (labels[s] >= 0) {
      starts[labels[s]] = step;
      if (ends[labels[s]] === 0) ends[labels[s]] = step + 1;
    }
    s = predecessors[offsets[s] + moves[(step - fromStep) * S + s]];
  }
  return { starts, ends, score };
}

function tooLong(steps: number, states: number, labels: number): EarshotError {
  return new EarshotError({
    code: "TOO_LONG_TO_ALIGN",
    where: "alignment",
    problem: `Aligning ${labels} symbols with ${steps} steps would take ${Math.ceil((steps * states) / 2 ** 30)} GB.`,
    remedy: "Cut the recording and its text into parts of some minutes.",
  });
}

/** The probability that the steps spell these labels and nothing else: over all paths, as eq. 8 of Graves et al. 2006. */
export function spellingProbability(labels: Int32Array, span: StepSpan): number {
  const { rows, fromStep, toStep, symbols, blank } = span;
  const path = extendLabels(labels, blank);
  const alpha = new Float64Array(path.length);
  alpha[0] = 1; // before the first step, as if in the opening blank
  for (let step = fromStep; step < toStep; step++)
    for (let s = path.length - 1; s >= 0; s--) {
      const skipped = step > fromStep && maySkip(path, s, blank) ? alpha[s - 2] : 0;
      alpha[s] = (alpha[s] + (s > 0 ? alpha[s - 1] : 0) + skipped) * Math.exp(rows[step * symbols + path[s]]);
    }
  return alpha[path.length - 1] + (path.length > 1 ? alpha[path.length - 2] : 0);
}
