// The compact n-gram store: a trie over words from left to right, in flat arrays that are searched where they lie.
// An arc is an n-gram, below its context; a state is a context that matters to what follows, because n-grams continue it
// or because leaving it costs a back-off. The arcs of a state lie side by side, sorted by word; states are numbered in the
// order of their arcs, so a bit for each arc and a rank by blocks say which arc leads to which state (Jacobson 1989).
// It does not know where the probabilities come from, nor any file format.

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
  readonly words: Uint32Array;
  /** [arcs], log10. */
  readonly logProbs: Float32Array;
  /** [⌈arcs / 32⌉], a bit for each arc that leads to a state of its own. */
  readonly stateBits: Uint32Array;
  /** [⌈arcs / 32⌉], the states before those bits; state 0, the empty context, included. */
  readonly stateRanks: Uint32Array;
  /** [states + 1], the first arc of each state. */
  readonly firsts: Uint32Array;
  /** [states], log10 of what it costs to leave the state for the shorter one. */
  readonly backoffs: Float32Array;
  /** [states], the state of the longest proper suffix. */
  readonly suffixes: Uint32Array;
}

/** The n-grams of one order, sorted by context and word. */
export interface Level {
  /** The last word of each. */
  readonly words: Uint32Array;
  /** NaN where back-off gives it. */
  readonly logProbs: Float32Array;
  readonly backoffs: Float32Array;
  /** The first n-gram of the next order with this context, and one number more, their end; missing in the last order. */
  readonly firstChildren?: Uint32Array;
}

/** The arc of a word after a state, or −1. In the empty context, every word has one. */
export function findArc({ words, firsts }: NgramTrie, state: number, word: number): number {
  if (state === 0) return word;
  let low = firsts[state];
  let high = firsts[state + 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (words[middle] < word) low = middle + 1;
    else high = middle;
  }
  return low < firsts[state + 1] && words[low] === word ? low : -1;
}

/** The state that an arc leads to, or −1 where what follows does not depend on it. */
export function stateOfArc({ stateBits, stateRanks }: NgramTrie, arc: number): number {
  const block = arc >>> 5;
  const bits = stateBits[block];
  const bit = 1 << (arc & 31);
  return (bits & bit) === 0 ? -1 : stateRanks[block] + ones(bits & (bit - 1));
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
  const suffix = suffixes[state];
  return suffix < state ? suffix : 0;
}

/** How many bits of a 32-bit number are set. */
function ones(bits: number): number {
  let pairs = bits - ((bits >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The trie of sorted n-grams; the first level holds every word of the vocabulary, at its number. */
export function packTrie(levels: readonly Level[], vocabulary: Vocabulary, unit: Unit): NgramTrie {
  const counts = levels.map(({ words }) => words.length);
  const arcs = counts.reduce((sum, count) => sum + count, 0);
  const words = new Uint32Array(arcs);
  const logProbs = new Float32Array(arcs);
  const blocks = Math.ceil(arcs / 32);
  const [stateBits, stateRanks] = [new Uint32Array(blocks), new Uint32Array(blocks)];
  let at = 0;
  for (const level of levels) {
    words.set(level.words, at);
    logProbs.set(level.logProbs, at);
    markStates(level, at, stateBits);
    at += level.words.length;
  }
  let states = 1;
  for (let block = 0; block < blocks; block++) {
    stateRanks[block] = states;
    states += ones(stateBits[block]);
  }
  const [firsts, backoffs] = [new Uint32Array(states + 1), new Float32Array(states)];
  const suffixes = new Uint32Array(states);
  const trie = { order: levels.length, unit, vocabulary, counts, words, logProbs, stateBits, stateRanks };
  const packed = { ...trie, firsts, backoffs, suffixes };
  fillStates(levels, packed);
  linkSuffixes(packed);
  fillMissing(packed);
  return packed;
}

function markStates({ backoffs, firstChildren }: Level, offset: number, stateBits: Uint32Array): void {
  if (!firstChildren) return;
  for (let i = 0; i < backoffs.length; i++) {
    if (backoffs[i] === 0 && firstChildren[i] === firstChildren[i + 1]) continue;
    stateBits[(offset + i) >>> 5] |= 1 << ((offset + i) & 31);
  }
}

function fillStates(levels: readonly Level[], { stateBits, firsts, backoffs, words }: NgramTrie): void {
  let state = 1; // state 0, the empty context, begins at arc 0
  let offset = 0;
  for (const level of levels) {
    const next = offset + level.words.length;
    for (let i = 0; level.firstChildren && i < level.words.length; i++) {
      if ((stateBits[(offset + i) >>> 5] & (1 << ((offset + i) & 31))) === 0) continue;
      firsts[state] = next + level.firstChildren[i];
      backoffs[state++] = level.backoffs[i];
    }
    offset = next;
  }
  firsts[state] = words.length;
}

/** Each state's suffix follows from its context's, whose number is smaller. */
function linkSuffixes(trie: NgramTrie): void {
  const { firsts, words, suffixes } = trie;
  const unigrams = trie.counts[0];
  for (let state = 0; state < suffixes.length; state++) {
    for (let arc = Math.max(firsts[state], unigrams); arc < firsts[state + 1]; arc++) {
      const below = stateOfArc(trie, arc);
      if (below >= 0) suffixes[below] = stateAfter(trie, suffixes[state], words[arc]);
    }
  }
}

/** In the order of the states, every probability that a longer context falls back on is there already. */
function fillMissing(trie: NgramTrie): void {
  const { firsts, words, suffixes, backoffs, logProbs } = trie;
  for (let state = 1; state < suffixes.length; state++) {
    for (let arc = firsts[state]; arc < firsts[state + 1]; arc++) {
      if (!Number.isNaN(logProbs[arc])) continue;
      logProbs[arc] = backoffs[state] + logProbAfter(trie, suffixes[state], words[arc]);
    }
  }
}

/** Log10 probability of a word after a state: of its longest n-gram, and the price of each context left on the way. */
export function logProbAfter(trie: NgramTrie, state: number, word: number): number {
  let context = state;
  let cost = 0;
  for (;;) {
    const arc = findArc(trie, context, word);
    if (arc >= 0) return finite(cost + trie.logProbs[arc]);
    cost += trie.backoffs[context];
    context = suffixOf(trie, context);
  }
}

/** A damaged file, which opening does not find, may hold anything. */
export const finite = (log10: number): number => (log10 - log10 === 0 ? log10 : NEVER_LOG10);
