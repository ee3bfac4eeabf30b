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

/**
 * In nats. States that are further below the best of their step are pruned: hardly ever does the best path lead through one. If it
 * might have, which is known at the end, the search is repeated with a threshold that is sure.
 */
const BEAM_THRESHOLD = 25;
const USUAL_WIDTH = 16; // states that are followed at a step
const LARGEST_TABLE = 7 * 2 ** 28; // bytes: 10 minutes with 9,000 words

/** @returns undefined when no path spells the labels. @throws TOO_LONG_TO_ALIGN */
export function bestPath(labels: Int32Array, span: StepSpan, priced?: PricedWords): BestPath | undefined {
  const lattice = latticeOf({ labels, blank: span.blank, space: span.space, words: priced?.words });
  const [T, S] = [span.toStep - span.fromStep, lattice.symbols.length];
  if (T * S > LARGEST_TABLE) throw tooLong(T, S, labels.length);
  const pruned = priced ? undefined : search(lattice, span, BEAM_THRESHOLD);
  const isProven = pruned && pruned.score > pruned.highestPruned;
  const found = isProven ? pruned : search(lattice, span, sureThreshold(span, pruned), priced?.prices);
  return found.score > -Infinity ? trace(found, lattice, span, labels.length) : undefined;
}

/** No path through a state so far below the best of its step can be the best, since one is known. */
function sureThreshold(span: StepSpan, known?: SearchResult): number {
  return known ? highestRest(span)[0] - known.score + 1 : Infinity;
}

interface SearchResult {
  /** Which of a state's predecessors the best path came from, of the states followed at each step. */
  readonly moves: Uint8Array;
  /** [T], where the moves of a step would begin, if those of state 0 were among them. */
  readonly offsets: Float64Array;
  readonly last: number;
  readonly score: number;
  /** No path through a pruned state scores higher; −∞ when none was pruned. */
  readonly highestPruned: number;
}

/** Follows a range of states. @param threshold at either end of it, those further below the best of their step are pruned */
function search(lattice: Lattice, span: StepSpan, threshold: number, prices?: StepPrices): SearchResult {
  const { positions, positionOf } = lattice;
  const [T, S] = [span.toStep - span.fromStep, positionOf.length];
  const rest = threshold < Infinity ? highestRest(span) : undefined;
  const offsets = new Float64Array(T);
  let [moves, moveCount] = [new Uint8Array(USUAL_WIDTH * T), 0];
  let before = new Float64Array(S).fill(-Infinity);
  before.fill(0, 0, positions[1]); // as if a blank came before: from it are the two ways to begin
  let now = new Float64Array(S).fill(-Infinity);
  let [low, high, highestPruned] = [0, positions[1], -Infinity];
  for (let t = 0; t < T; t++) {
    const next = positions[Math.min(positions.length - 1, positionOf[high - 1] + 3)];
    const [from, to] = reachable(t, T, positions);
    const [first, after] = [Math.max(low, from), Math.min(next, to)];
    if (first >= after) return { moves, offsets, last: 0, score: -Infinity, highestPruned };
    if (moveCount + after - first > moves.length) moves = withRoom(moves, after - first);
    offsets[t] = moveCount - first;
    moveCount += after - first;
    const highest = takeStep(lattice, {
      span,
      t,
      first,
      after,
      before,
      now,
      moves,
      move: offsets[t],
      prices,
    });
    before.fill(-Infinity, low, high);
    [low, high] = [first, after];
    if (rest && highest > -Infinity) {
      const kept = pruneEnds(now, first, after, highest - threshold);
      highestPruned = Math.max(highestPruned, kept.highestPruned + rest[t + 1]);
      [low, high] = [kept.first, kept.after];
    }
    [before, now] = [now, before];
  }
  const last = likeliestEnd(before, positions);
  return { moves, offsets, last, score: before[last], highestPruned };
}

/** Leaves out those below a score at either end of [first, after). */
function pruneEnds(scores: Float64Array, first: number, after: number, lowest: number) {
  let highestPruned = -Infinity;
  let [from, to] = [first, after];
  while (scores[from] < lowest) highestPruned = Math.max(highestPruned, scores[from++]);
  while (scores[to - 1] < lowest) highestPruned = Math.max(highestPruned, scores[--to]);
  scores.fill(-Infinity, first, from).fill(-Infinity, to, after);
  return { first: from, after: to, highestPruned };
}

function withRoom(moves: Uint8Array, more: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * moves.length + more);
  larger.set(moves);
  return larger;
}

interface ViterbiStep {
  readonly span: StepSpan;
  readonly t: number;
  /** The states that are computed: from the first to before the second. */
  readonly first: number;
  readonly after: number;
  readonly before: Float64Array;
  readonly now: Float64Array;
  readonly moves: Uint8Array;
  /** Where the move of state 0 would be. */
  readonly move: number;
  readonly prices?: StepPrices;
}

/** The best score of each state after a step; gives the highest of them. */
function takeStep(
  { symbols, others, offsets, predecessors, isPause }: Lattice,
  { span, t, first, after, before, now, moves, move, prices }: ViterbiStep,
): number {
  const { rows } = span;
  const row = (span.fromStep + t) * span.symbols;
  const [word, pause] = prices ? [prices.word[t], prices.pause[t]] : [0, 0];
  let highest = -Infinity;
  for (let s = first; s < after; s++) {
    let best = offsets[s];
    let score = before[predecessors[best]];
    for (let k = best + 1; k < offsets[s + 1]; k++) {
      const other = before[predecessors[k]];
      if (other > score) [best, score] = [k, other];
    }
    moves[move + s] = best - offsets[s];
    const own = rows[row + symbols[s]];
    const other = rows[row + others[s]];
    now[s] = score + (own > other ? own : other) - (isPause[s] === 1 ? pause : word);
    if (now[s] > highest) highest = now[s];
  }
  return highest;
}

/** [T + 1], an upper bound of what any path adds to its score from a step on. */
function highestRest({ rows, fromStep, toStep, symbols: V }: StepSpan): Float64Array {
  const T = toStep - fromStep;
  const rest = new Float64Array(T + 1);
  for (let t = T - 1; t >= 0; t--) {
    const row = (fromStep + t) * V;
    let highest = rows[row];
    for (let k = 1; k < V; k++) if (rows[row + k] > highest) highest = rows[row + k];
    rest[t] = rest[t + 1] + highest;
  }
  return rest;
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
  found: SearchResult,
  { symbols, others, labels, offsets, predecessors }: Lattice,
  { rows, fromStep, toStep, symbols: V }: StepSpan,
  count: number,
): BestPath {
  const [starts, ends] = [new Int32Array(count), new Int32Array(count)];
  let score = 0;
  for (let step = toStep - 1, s = found.last; step >= fromStep; step--) {
    score += Math.max(rows[step * V + symbols[s]], rows[step * V + others[s]]);
    if (labels[s] >= 0) {
      starts[labels[s]] = step;
      if (ends[labels[s]] === 0) ends[labels[s]] = step + 1;
    }
    s = predecessors[offsets[s] + found.moves[found.offsets[step - fromStep] + s]];
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
