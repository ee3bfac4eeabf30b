// What a path of CTC may go through, as states: those of Graves et al. 2006, section 4.1; and, where it is known at which
// steps there is sound, with each gap between words three times: as the sound after the last symbol of a word, as the
// pause, and as the sound before the first symbol of the next word. Knows labels, and nothing of steps.

import { extendLabels, maySkip } from "../loss/log-space.ts";

/** Which labels are a word: from `first` to before `after`. */
export interface WordRange {
  readonly first: number;
  readonly after: number;
}

export interface Lattice {
  /** [S], in the order of the labels: what each state emits, and what it may emit instead. */
  readonly symbols: Int32Array;
  readonly others: Int32Array;
  /** [S], the label that is emitted; −1: a blank. */
  readonly labels: Int32Array;
  /** [S], 1 between two words, 0 within one and in the sound that is a word's own. */
  readonly isPause: Uint8Array;
  /** [S + 1], where a state's predecessors begin in `predecessors`: those of its own position first. */
  readonly offsets: Int32Array;
  readonly predecessors: Int32Array;
  /** [2L + 2], where the states of each position begin: position 2i + 1 is label i, those beside it are blanks. */
  readonly positions: Int32Array;
  /** [S], the position of each state. */
  readonly positionOf: Int32Array;
}

/** Parts of the way from a word to the next; a path goes on in this order. */
const [AFTER, PAUSE, BEFORE] = [0, 1, 2];
/** Three positions of three parts. */
const MOST_PREDECESSORS = 9;

export interface LatticeLabels {
  readonly labels: Int32Array;
  readonly blank: number;
  /** The index of the space, −1 without one. */
  readonly space: number;
  /** Parts pauses from the sounds beside them. */
  readonly words?: readonly WordRange[];
}

export function latticeOf({ labels, blank, space, words }: LatticeLabels): Lattice {
  const path = extendLabels(labels, blank);
  const isWithin = words && positionsWithin(words, path.length);
  const isGap = (s: number): boolean => isWithin?.[s] === 0;
  const { positions, firstParts } = partsOf(path.length, isGap);
  const S = positions[path.length];
  const [symbols, others] = [new Int32Array(S), new Int32Array(S)];
  const [labelOf, positionOf, isPause] = [new Int32Array(S), new Int32Array(S), new Uint8Array(S)];
  const [offsets, predecessors] = [new Int32Array(S + 1), new Int32Array(MOST_PREDECESSORS * S)];
  let count = 0;
  for (let s = 0; s < path.length; s++) {
    const other = otherSymbol(path, s, blank, space);
    const earliest = Math.max(0, maySkip(path, s, blank) ? s - 2 : s - 1);
    for (let state = positions[s]; state < positions[s + 1]; state++) {
      const part = firstParts[s] + state - positions[s];
      positionOf[state] = s;
      symbols[state] = path[s];
      others[state] = other;
      labelOf[state] = s % 2 === 1 ? (s - 1) / 2 : -1;
      isPause[state] = isGap(s) && part === PAUSE ? 1 : 0;
      for (let from = s; from >= earliest; from--) {
        const isOrdered = isGap(s) && isGap(from);
        for (let k = positions[from]; k < positions[from + 1]; k++)
          if (!isOrdered || firstParts[from] + k - positions[from] <= part) predecessors[count++] = k;
      }
      offsets[state + 1] = count;
    }
  }
  const ways = predecessors.subarray(0, count);
  return { symbols, others, labels: labelOf, isPause, offsets, predecessors: ways, positions, positionOf };
}

/** Where the states of each position begin, and the part that is its first: gaps have several. */
function partsOf(count: number, isGap: (s: number) => boolean) {
  const positions = new Int32Array(count + 1);
  const firstParts = new Uint8Array(count).fill(PAUSE);
  for (let s = 0; s < count; s++) {
    const [isFirst, isLast] = [s === 0, s === count - 1];
    if (isGap(s) && !isFirst) firstParts[s] = AFTER;
    const lastPart = isGap(s) && !isLast ? BEFORE : PAUSE;
    positions[s + 1] = positions[s] + 1 + lastPart - firstParts[s];
  }
  return { positions, firstParts };
}

/** [2L + 1], 1 from a word's first symbol to its last. */
function positionsWithin(words: readonly WordRange[], count: number): Uint8Array {
  const isWithin = new Uint8Array(count);
  for (const { first, after } of words) isWithin.fill(1, 2 * first + 1, 2 * after);
  return isWithin;
}

/** What a position may emit besides its own symbol: around the spaces of a text and at its ends, a space is a blank. */
function otherSymbol(path: Int32Array, s: number, blank: number, space: number): number {
  const isAtEnd = s === 0 || s === path.length - 1;
  const isSpace = space >= 0 && path[s] === blank && (isAtEnd || path[s - 1] === space);
  return isSpace ? space : path[s];
}
