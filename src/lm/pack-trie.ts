// Makes the trie of n-grams that are sorted, order by order.

import { bytesFor, PackedNumbers, RisingNumbers } from "./packed-numbers.ts";
import { SharedValues } from "./shared-values.ts";
import { logProbAfter, bitsSet, stateAfter, stateOfArc, type NgramTrie, type Unit } from "./trie.ts";
import type { Vocabulary } from "./vocabulary.ts";

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

/** The trie of sorted n-grams; the first level holds every word of the vocabulary, at its number. */
export function packTrie(levels: readonly Level[], vocabulary: Vocabulary, unit: Unit): NgramTrie {
  const counts = levels.map(({ words }) => words.length);
  const arcs = counts.reduce((sum, count) => sum + count, 0);
  const [words, logProbs] = [new PackedNumbers(arcs, bytesFor(vocabulary.size - 1)), new Float32Array(arcs)];
  const stateBlocks = new Uint32Array(2 * Math.ceil(arcs / 32));
  let offset = 0;
  for (const level of levels) {
    for (let i = 0; i < level.words.length; i++) words.put(offset + i, level.words[i]);
    logProbs.set(level.logProbs, offset);
    markStates(level, offset, stateBlocks);
    offset += level.words.length;
  }
  const states = rankStates(stateBlocks);
  const trie = {
    order: levels.length,
    unit,
    vocabulary,
    counts,
    words,
    logProbs,
    stateBlocks,
    ...contextsOf(levels, states),
    suffixes: new PackedNumbers(states, bytesFor(states - 1)),
  };
  linkSuffixes(trie);
  fillMissing(trie);
  return trie;
}

function markStates(level: Level, offset: number, stateBlocks: Uint32Array): void {
  for (let i = 0; i < level.words.length; i++)
    if (isState(level, i)) stateBlocks[2 * ((offset + i) >>> 5)] |= 1 << ((offset + i) & 31);
}

const isState = ({ backoffs, firstChildren }: Level, i: number): boolean =>
  firstChildren !== undefined && (backoffs[i] !== 0 || firstChildren[i] !== firstChildren[i + 1]);

/** How many states there are; before each block's is noted in it. */
function rankStates(stateBlocks: Uint32Array): number {
  let states = 1;
  for (let at = 0; at < stateBlocks.length; at += 2) {
    stateBlocks[at + 1] = states;
    states += bitsSet(stateBlocks[at]);
  }
  return states;
}

function contextsOf(levels: readonly Level[], states: number) {
  const [firsts, backoffs] = [new Uint32Array(states + 1), new Float32Array(states)];
  let state = 1; // state 0, the empty context, begins at arc 0
  let next = 0;
  for (const level of levels) {
    next += level.words.length;
    for (let i = 0; level.firstChildren && i < level.words.length; i++) {
      if (!isState(level, i)) continue;
      firsts[state] = next + level.firstChildren[i];
      backoffs[state++] = level.backoffs[i];
    }
  }
  firsts[state] = next;
  return { firsts: RisingNumbers.of(firsts), backoffs: SharedValues.of(backoffs) };
}

/** Each state's suffix follows from its context's, whose number is smaller. */
function linkSuffixes(trie: NgramTrie): void {
  const { firsts, words, suffixes } = trie;
  const unigrams = trie.counts[0];
  for (let state = 0; state < suffixes.length; state++) {
    const end = firsts.get(state + 1);
    for (let arc = Math.max(firsts.get(state), unigrams); arc < end; arc++) {
      const below = stateOfArc(trie, arc);
      if (below >= 0) suffixes.put(below, stateAfter(trie, suffixes.get(state), words.get(arc)));
    }
  }
}

/** In the order of the states, every probability that a longer context falls back on is there already. */
function fillMissing(trie: NgramTrie): void {
  const { firsts, words, suffixes, backoffs, logProbs } = trie;
  if (!logProbs.some(Number.isNaN)) return;
  for (let state = 1; state < suffixes.length; state++) {
    const end = firsts.get(state + 1);
    for (let arc = firsts.get(state); arc < end; arc++) {
      if (!Number.isNaN(logProbs[arc])) continue;
      logProbs[arc] = backoffs.get(state) + logProbAfter(trie, suffixes.get(state), words.get(arc));
    }
  }
}
