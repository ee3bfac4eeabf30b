// The compact n-gram store: a trie over words from left to right, in flat arrays that are searched where they lie.
// An arc is an n-gram, below its context; a state is a context that matters to what follows, because n-grams continue it
// or because leaving it costs a back-off. The arcs of a state lie side by side, sorted by word; states are numbered in the
// order of their arcs, so a bit for each arc and a rank by blocks say which arc leads to which state (Jacobson 1989). Words
// and states take as many bytes as they need.
// It does not know where the probabilities come from, nor any file format.

import type { PackedNumbers, RisingNumbers } from "./packed-numbers.ts";
import type { SharedValues } from "./shared-values.ts";
import type { Vocabulary } from "./vocabulary.ts";

export type Unit = "word" | "character";

/** log10 of "never", where a logarithm has to be finite: as SRILM writes it. */
export const NEVER_LOG10 = -99;

/** All arrays are views that may lie in one buffer. */
export interface NgramTrie {
  readonly order: number;
  readonly unit: Unit;
  readonly vocabulary: Vocabulary;
  /** [order], n-grams of each order. */
  readonly counts: readonly number[];
  /** [arcs], the last word of each n-gram; arcs 0 … vocabulary − 1 are the unigrams, each at its own number. */
  readonly words: PackedNumbers;
  /** [arcs], log10. */
  readonly logProbs: Float32Array;
  /** [⌈arcs / 32⌉, 2], a bit for each arc that leads to a state of its own, and the states before those bits; state 0, the
   *  empty context, included. */
  readonly stateBlocks: Uint32Array;
  /** [states + 1], the first arc of each state. */
  readonly firsts: RisingNumbers;
  /** [states], log10 of what it costs to leave the state for the shorter one. */
  readonly backoffs: SharedValues;
  /** [states], the state of the longest proper suffix. */
  readonly suffixes: PackedNumbers;
}

/** The arc of a word after a state, or −1. In the empty context, every word has one. */
export function findArc({ words, firsts }: NgramTrie, state: number, word: number): number {
  if (state === 0) return word;
  return words.find(word, firsts.get(state), firsts.get(state + 1));
}

/** The state that an arc leads to, or −1 where what follows does not depend on it. */
export function stateOfArc({ stateBlocks }: NgramTrie, arc: number): number {
  const block = 2 * (arc >>> 5);
  const bits = stateBlocks[block];
  const bit = 1 << (arc & 31);
  return (bits & bit) === 0 ? -1 : stateBlocks[block + 1] + bitsSet(bits & (bit - 1));
}

/** The state of the longest context that ends with the word, coming from a state. */
export function stateAfter(trie: NgramTrie, state: number, word: number): number {
  for (let context = state; ; context = suffixOf(trie, context)) {
    const arc = findArc(trie, context, word);
    const after = arc < 0 ? -1 : stateOfArc(trie, arc);
    if (after >= 0) return after;
    if (context === 0) return 0;
  }
}

/** The state of the longest proper suffix: always a smaller number, whatever a damaged file says, so that every search ends. */
export function suffixOf({ suffixes }: NgramTrie, state: number): number {
  const suffix = suffixes.get(state);
  return suffix < state ? suffix : 0;
}

/** How many bits of a 32-bit number are set. */
export function bitsSet(bits: number): number {
  let pairs = bits - ((bits >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Log10 probability of a word after a state: of its longest n-gram, and the price of each context left on the way. */
export function logProbAfter(trie: NgramTrie, state: number, word: number): number {
  let context = state;
  let cost = 0;
  for (;;) {
    const arc = findArc(trie, context, word);
    if (arc >= 0) return finite(cost + trie.logProbs[arc]);
    cost += trie.backoffs.get(context);
    context = suffixOf(trie, context);
  }
}

/** A damaged file, which opening does not find, may hold anything. */
export const finite = (log10: number): number => (log10 - log10 === 0 ? log10 : NEVER_LOG10);
