// Counts the n-grams of a stretch of text, in their order. Where they begin is sorted by their first tokens; the rest of those
// that begin alike is gathered from the text once and sorted in a small place, which stays in the processor's cache, by radix
// from the last digit to the first (Knuth, The Art of Computer Programming 3, 5.2.5).

import { RecordSorter } from "./record-sorter.ts";
import type { TakeNgram } from "./sorted-runs.ts";
import { SENTENCE_END } from "./vocabulary.ts";

/** At most so many groups are made of n-grams that begin alike, unless the vocabulary is larger. */
const GROUP_BITS = 16;
/** Groups between two pauses have so many n-grams. */
const PAUSE_NGRAMS = 1 << 19;

/** How the tokens of an n-gram are laid out: the first ones in the number of its group, the others in 32-bit words. */
interface Layout {
  readonly order: number;
  /** Bits of a token. */
  readonly bits: number;
  /** Tokens in the number of a group. */
  readonly head: number;
  /** Tokens in a word. */
  readonly perWord: number;
  /** Words for the tokens after the head. */
  readonly words: number;
}

function layoutOf(order: number, bound: number): Layout {
  const bits = Math.max(1, 32 - Math.clz32(bound - 1));
  const head = Math.min(order, Math.max(1, Math.floor(GROUP_BITS / bits)));
  const perWord = Math.floor(32 / bits);
  return { order, bits, head, perWord, words: Math.ceil((order - head) / perWord) };
}

/**
 * Hands over each different n-gram that begins at one of the first `count` tokens, which are followed by at least `order` − 1
 * more, with how often it occurs; what follows a </s> in it is 0. Yields now and then which fraction is done.
 * @param bound is above every token, and at most 2^31.
 */
export function* countWindows(
  tokens: Uint32Array,
  count: number,
  { order, bound }: { readonly order: number; readonly bound: number },
  take: TakeNgram,
): Generator<number> {
  const layout = layoutOf(order, bound);
  const groups = layout.head === 1 ? bound : 2 ** (layout.bits * layout.head);
  const { places, ends } = groupPlaces(tokens, count, layout, groups);
  const group = new Group(layout, take);
  let start = 0;
  let pause = PAUSE_NGRAMS;
  for (let number = 0; number < ends.length; number++) {
    const end = ends[number];
    if (end > start) group.count(number, tokens, places.subarray(start, end));
    start = end;
    if (start < pause) continue;
    yield start / count;
    pause = start + PAUSE_NGRAMS;
  }
}

/** The places of n-grams, group by group, and where each group ends. */
function groupPlaces(tokens: Uint32Array, count: number, { bits, head }: Layout, groups: number) {
  const ends = new Uint32Array(groups + 1);
  const places = new Uint32Array(count);
  for (let place = 0; place < count; place++) ends[groupAt(tokens, place, bits, head) + 1]++;
  for (let group = 1; group < ends.length; group++) ends[group] += ends[group - 1];
  for (let place = 0; place < count; place++) places[ends[groupAt(tokens, place, bits, head)]++] = place;
  return { places, ends: ends.subarray(0, -1) };
}

function groupAt(tokens: Uint32Array, place: number, bits: number, head: number): number {
  let group = tokens[place];
  let ended = group === SENTENCE_END;
  for (let i = 1; i < head; i++) {
    const token = tokens[place + i];
    group = (group << bits) | (ended ? 0 : token);
    ended ||= token === SENTENCE_END;
  }
  return group;
}

/** N-grams that begin alike. */
class Group {
  readonly #layout: Layout;
  readonly #take: TakeNgram;
  readonly #ngram: Uint32Array;
  readonly #sorter: RecordSorter;
  #records = new Uint32Array(1 << 12);
  #scratch = new Uint32Array(1 << 12);

  constructor(layout: Layout, take: TakeNgram) {
    this.#layout = layout;
    this.#take = take;
    this.#ngram = new Uint32Array(layout.order);
    this.#sorter = new RecordSorter(layout.words, layout.bits * layout.perWord);
  }

  count(number: number, tokens: Uint32Array, places: Uint32Array): void {
    const { bits, head, words } = this.#layout;
    for (let i = 0; i < head; i++) this.#ngram[i] = (number >>> (bits * (head - 1 - i))) & (2 ** bits - 1);
    const isEnded = this.#ngram.subarray(0, head).includes(SENTENCE_END);
    if (words === 0 || isEnded) {
      this.#ngram.fill(0, head);
      this.#take(this.#ngram, places.length);
      return;
    }
    if (places.length * words > this.#records.length) {
      this.#records = new Uint32Array(places.length * words * 2);
      this.#scratch = new Uint32Array(places.length * words * 2);
    }
    gather(tokens, places, this.#layout, this.#records);
    const sorted = this.#sorter.sort(this.#records, this.#scratch, places.length);
    this.#handOver(sorted, places.length);
  }

  /** Counts records that are equal. */
  #handOver(records: Uint32Array, count: number): void {
    const { words } = this.#layout;
    let first = 0;
    for (let i = 1; i <= count; i++) {
      if (i < count && areEqual(records, i * words, first * words, words)) continue;
      this.#unpack(records, first * words);
      this.#take(this.#ngram, i - first);
      first = i;
    }
  }

  #unpack(records: Uint32Array, at: number): void {
    const { order, bits, head, perWord } = this.#layout;
    const mask = 2 ** bits - 1;
    let word = at;
    for (let i = head; i < order; word++) {
      for (let shift = bits * (perWord - 1); shift >= 0 && i < order; shift -= bits)
        this.#ngram[i++] = (records[word] >>> shift) & mask;
    }
  }
}

function areEqual(records: Uint32Array, a: number, b: number, words: number): boolean {
  for (let i = 0; i < words; i++) if (records[a + i] !== records[b + i]) return false;
  return true;
}

/** Writes a record for each place: its tokens after the head, the first in the highest bits; 0 after </s>. */
function gather(
  tokens: Uint32Array,
  places: Uint32Array,
  { order, bits, head, perWord, words }: Layout,
  records: Uint32Array,
): void {
  let at = 0;
  for (const place of places) {
    let from = place + head;
    const end = place + order;
    for (let word = 0; word < words; word++) {
      let packed = 0;
      let shift = bits * perWord;
      for (; shift > 0 && from < end; from++) {
        const token = tokens[from];
        shift -= bits;
        packed |= token << shift;
        if (token === SENTENCE_END) from = end;
      }
      records[at++] = packed;
    }
  }
}
