// Counts of n-grams of every order up to N, as a trie over sorted n-grams of order N: their prefixes are the n-grams of
// the orders below, so one pass gives all. It does not know how the n-grams came to be sorted.

import { grown, SENTENCE_END } from "./vocabulary.ts";

/** The n-grams of one order, sorted. */
export interface CountLevel {
  /** The last word of each. */
  readonly words: Uint32Array;
  /** How often each occurs in the text. */
  readonly counts: Uint32Array;
  /** The first n-gram of the next order with this context, and one number more, their end; empty in the last order. */
  readonly firstChildren: Uint32Array;
}

interface GrowingLevel {
  words: Uint32Array;
  counts: Uint32Array;
  firstChildren: Uint32Array;
  size: number;
}

const FIRST_CAPACITY = 1 << 14;

export class CountTrie {
  readonly order: number;
  readonly #levels: GrowingLevel[];
  /** The n-gram before, up to </s>. */
  readonly #last: Uint32Array;
  #lastLength = 0;

  constructor(order: number) {
    this.order = order;
    this.#last = new Uint32Array(order);
    this.#levels = Array.from({ length: order }, () => ({
      words: new Uint32Array(FIRST_CAPACITY),
      counts: new Uint32Array(FIRST_CAPACITY),
      firstChildren: new Uint32Array(FIRST_CAPACITY),
      size: 0,
    }));
    this.#open(0, 0, 0); // <unk>, which no text has: every word's unigram is at the word's number
  }

  /** Counts the n-gram at `start`, which must not sort before the last one; what follows a </s> in it is not read. */
  add(tokens: Uint32Array, start: number, count: number): void {
    let depth = 0;
    while (depth < this.#lastLength && tokens[start + depth] === this.#last[depth]) {
      this.#levels[depth].counts[this.#levels[depth].size - 1] += count;
      depth++;
    }
    if (depth > 0 && this.#last[depth - 1] === SENTENCE_END) return;
    for (; depth < this.order; depth++) {
      const word = tokens[start + depth];
      this.#open(depth, word, count);
      this.#last[depth] = word;
      this.#lastLength = depth + 1;
      if (word === SENTENCE_END) return;
    }
  }

  /** The counts, by order. Nothing may be added any more. */
  levels(): CountLevel[] {
    return this.#levels.map(({ words, counts, firstChildren, size }, depth) => {
      const below = this.#levels[depth + 1]?.size;
      if (below !== undefined) firstChildren[size] = below;
      return {
        words: words.subarray(0, size),
        counts: counts.subarray(0, size),
        firstChildren: below === undefined ? new Uint32Array() : firstChildren.subarray(0, size + 1),
      };
    });
  }

  #open(depth: number, word: number, count: number): void {
    const level = this.#levels[depth];
    if (level.size + 2 > level.words.length) {
      level.words = grown(level.words, Uint32Array);
      level.counts = grown(level.counts, Uint32Array);
      if (depth + 1 < this.order) level.firstChildren = grown(level.firstChildren, Uint32Array);
    }
    level.words[level.size] = word;
    level.counts[level.size] = count;
    if (depth + 1 < this.order) level.firstChildren[level.size] = this.#levels[depth + 1].size;
    level.size++;
  }
}
