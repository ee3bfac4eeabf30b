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
}

/** Parts of the way from a word to the next; a path goes on in this order. */
const [AFTER, PAUSE, BEFORE] = [0, 1, 2];
const ONE_PART = [PAUSE];

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
  const last = path.length - 1;
  const isWithin = words && positionsWithin(words, path.length);
  const states = Array.from(path, (_, s) => {
    const parts = !isWithin || isWithin[s] === 1 ? ONE_PART : [AFTER, PAUSE, BEFORE];
    return parts.filter((part) => (s > 0 || part !== AFTER) && (s < last || part !== BEFORE));
  });
  const positions = new Int32Array(path.length + 1);
  states.forEach((parts, s) => (positions[s + 1] = positions[s] + parts.length));
  const each = states.flatMap((parts, s) => parts.map((part) => ({ s, part })));
  const isGap = (s: number) => isWithin?.[s] === 0;
  const before = each.map(({ s, part }) =>
    [s, s - 1, s - 2].flatMap((from) => {
      if (from < 0 || (from === s - 2 && !maySkip(path, s, blank))) return [];
      const inOrder = (at: number) => !isGap(s) || !isGap(from) || each[at].part <= part;
      return range(positions[from], positions[from + 1]).filter(inOrder);
    }),
  );
  return {
    symbols: Int32Array.from(each, ({ s }) => path[s]),
    others: Int32Array.from(each, ({ s }) => otherSymbol(path, s, blank, space)),
    labels: Int32Array.from(each, ({ s }) => (s % 2 === 1 ? (s - 1) / 2 : -1)),
    isPause: Uint8Array.from(each, ({ s, part }) => Number(isGap(s) && part === PAUSE)),
    ...joined(before),
    positions,
  };
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

function joined(lists: readonly (readonly number[])[]): Pick<Lattice, "offsets" | "predecessors"> {
  const offsets = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => (offsets[i + 1] = offsets[i] + list.length));
  return { offsets, predecessors: Int32Array.from(lists.flat()) };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
