// The likeliest path that spells given labels (Viterbi 1967) over the states of Graves et al. 2006, section 4.1: when
// each label begins and ends. Where the alphabet has a space, spaces beyond those of the text may stand at its ends and
// beside its own, as the decoder reads them. Knows labels and steps, and nothing of texts or seconds.

import { EarshotError } from "../../errors.ts";
import { extendLabels, maySkip } from "../loss/log-space.ts";

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

const LARGEST_TABLE = 2 ** 30; // bytes: 10 minutes with 9,000 words

/** @returns undefined when no path spells the labels. @throws TOO_LONG_TO_ALIGN */
export function bestPath(labels: Int32Array, span: StepSpan): BestPath | undefined {
  const { rows, fromStep, toStep, symbols, blank } = span;
  const path = extendLabels(labels, blank);
  const [T, S] = [toStep - fromStep, path.length];
  const skips = Uint8Array.from(path, (_, s) => Number(maySkip(path, s, blank)));
  const others = otherSymbols(path, span);
  if (T * S > LARGEST_TABLE) throw tooLong(T, labels.length);
  const moves = new Uint8Array(T * S); // how many states back the best path was a step before
  let before = new Float64Array(S).fill(-Infinity);
  before[0] = 0; // as if a blank came before: moves of 0 and 1 from it are the two ways to begin
  let now = new Float64Array(S).fill(-Infinity);
  for (let t = 0; t < T; t++) {
    const row = (fromStep + t) * symbols;
    // The states that the beginning reaches and that reach the end.
    const [first, last] = [Math.max(0, S - 2 * (T - t)), Math.min(S - 1, 2 * t + 1)];
    for (let s = first; s <= last; s++) {
      let move = s > 0 && before[s - 1] > before[s] ? 1 : 0;
      if (skips[s] === 1 && t > 0 && before[s - 2] > before[s - move]) move = 2;
      moves[t * S + s] = move;
      const own = rows[row + path[s]];
      const other = rows[row + others[s]];
      now[s] = before[s - move] + (own > other ? own : other);
    }
    [before, now] = [now, before];
  }
  const last = S > 1 && before[S - 2] > before[S - 1] ? S - 2 : S - 1;
  return before[last] > -Infinity ? trace(moves, labels.length, T, last, fromStep, before[last]) : undefined;
}

/** What each state may emit besides its own symbol: around the spaces of a text and at its ends, a space is a blank. */
function otherSymbols(path: Int32Array, { blank, space }: StepSpan): Int32Array {
  return path.map((symbol, s) => {
    const isGap =
      space >= 0 && symbol === blank && (s === 0 || s === path.length - 1 || path[s - 1] === space);
    return isGap ? space : symbol;
  });
}

function trace(
  moves: Uint8Array,
  labels: number,
  T: number,
  last: number,
  fromStep: number,
  score: number,
): BestPath {
  const [starts, ends] = [new Int32Array(labels), new Int32Array(labels)];
  const S = 2 * labels + 1;
  for (let t = T - 1, s = last; t >= 0; s -= moves[t * S + s], t--) {
    if (s % 2 === 0) continue;
    const label = (s - 1) / 2;
    starts[label] = fromStep + t;
    if (ends[label] === 0) ends[label] = fromStep + t + 1;
  }
  return { starts, ends, score };
}

function tooLong(steps: number, labels: number): EarshotError {
  return new EarshotError({
    code: "TOO_LONG_TO_ALIGN",
    where: "alignment",
    problem: `Aligning ${labels} symbols with ${steps} steps would take ${Math.ceil((steps * (2 * labels + 1)) / 2 ** 30)} GB.`,
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
