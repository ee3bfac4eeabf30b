// Counts the n-grams of a stream of tokens: a stretch that fits into memory is sorted at once; of longer streams each
// stretch becomes a sorted run in a scratch file, and the runs are merged.

import { CountTrie } from "./count-trie.ts";
import { SortedRuns, type TakeNgram } from "./sorted-runs.ts";
import { grown, SENTENCE_END } from "./vocabulary.ts";
import { countWindows } from "./windows.ts";

/** A token in memory, its place, and room for sorting. */
const BYTES_PER_TOKEN = 12;
const FIRST_CAPACITY = 1 << 16;

export interface CounterOptions {
  readonly order: number;
  /** What the stretch in memory may take; the counts themselves come on top. */
  readonly memoryBytes: number;
  /** Where runs are written, if not where the system keeps such files. */
  readonly folder?: string;
}

export class NgramCounter {
  readonly #options: CounterOptions;
  readonly #limit: number;
  #tokens = new Uint32Array(FIRST_CAPACITY);
  #length = 0;
  #bound = SENTENCE_END + 1;
  #runs?: SortedRuns;

  constructor(options: CounterOptions) {
    this.#options = options;
    this.#limit = Math.max(Math.floor(options.memoryBytes / BYTES_PER_TOKEN), 16 * options.order);
  }

  take(token: number): void {
    const { order } = this.#options;
    if (this.#length === this.#limit) this.#spill(this.#length - (order - 1));
    if (this.#length + order > this.#tokens.length) this.#tokens = grown(this.#tokens, Uint32Array);
    this.#tokens[this.#length++] = token;
    if (token >= this.#bound) this.#bound = token + 1;
  }

  /** The counts; nothing may be taken any more. Pauses after each part of the work, so that it can be stopped. */
  async finish(pause: (done: number) => Promise<void>): Promise<CountTrie> {
    const trie = new CountTrie(this.#options.order);
    this.#tokens.fill(0, this.#length, this.#length + this.#options.order - 1);
    if (!this.#runs) {
      for (const done of this.#ngrams(this.#length, (words, count) => trie.add(words, 0, count)))
        await pause(done);
      return trie;
    }
    this.#spill(this.#length);
    this.#tokens = new Uint32Array();
    let merged = 0;
    for (const { words, count } of this.#runs.merged()) {
      trie.add(words, 0, count);
      if (merged++ % 2 ** 20 === 0) await pause(merged / this.#runs.ngrams);
    }
    return trie;
  }

  close(): void {
    this.#runs?.close();
  }

  /** Writes the n-grams at the first `count` tokens to disk, and keeps the tokens after them. */
  #spill(count: number): void {
    const { order, folder } = this.#options;
    this.#runs ??= new SortedRuns(order, folder);
    this.#runs.write((take) => {
      for (const _ of this.#ngrams(count, take));
    });
    this.#tokens.copyWithin(0, count, this.#length);
    this.#length -= count;
  }

  /** Each different n-gram at the first `count` tokens, in order. */
  #ngrams(count: number, take: TakeNgram): Generator<number> {
    return countWindows(this.#tokens, count, { order: this.#options.order, bound: this.#bound }, take);
  }
}
