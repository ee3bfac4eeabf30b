// Writes a model as ARPA, the text format that every n-gram program reads, in pieces of bytes. Made byte by byte: strings
// of the tens of millions of fields of a large model would take most of the time of building it.

import { stateOfArc } from "./trie.ts";
import type { NgramTrie } from "./trie.ts";
import type { Vocabulary } from "./vocabulary.ts";

const PIECE_BYTES = 1 << 20;
const DECIMALS = 7; // a float32 between −1 and −10 has no more
const [TAB, NEWLINE, SPACE, MINUS, POINT, ZERO] = [9, 10, 32, 45, 46, 48];

export function* writeArpa(trie: NgramTrie): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  const header = trie.counts.map((count, index) => `ngram ${index + 1}=${count}\n`);
  yield encoder.encode(`\\data\\\n${header.join("")}`);
  const piece = new Piece(trie.vocabulary);
  for (let order = 1; order <= trie.order; order++) {
    yield encoder.encode(`\n\\${order}-grams:\n`);
    const context = new Piece(trie.vocabulary);
    for (const state of contextsOf(trie, context, order - 1)) {
      const end = lastArc(trie, state);
      for (let arc = trie.firsts.get(state); arc < end; arc++) {
        addLine(piece, trie, context, arc, order);
        if (piece.length > PIECE_BYTES) yield piece.take();
      }
    }
    yield piece.take();
  }
  yield encoder.encode("\n\\end\\\n");
}

/** The states of contexts of so many words; `context` spells their words meanwhile, with a space behind each. */
function* contextsOf(trie: NgramTrie, context: Piece, length: number): Generator<number> {
  if (length === 0) {
    yield 0;
    return;
  }
  for (const state of contextsOf(trie, context, length - 1)) {
    const start = context.length;
    const end = lastArc(trie, state);
    for (let arc = trie.firsts.get(state); arc < end; arc++) {
      const below = stateOfArc(trie, arc);
      if (below < 0) continue;
      context.word(trie.words.get(arc));
      context.byte(SPACE);
      yield below;
      context.length = start;
    }
  }
}

const lastArc = ({ counts, firsts }: NgramTrie, state: number): number =>
  state === 0 ? counts[0] : firsts.get(state + 1);

/** Log10 probability, tab, words, and below the highest order tab, back-off. */
function addLine(piece: Piece, trie: NgramTrie, context: Piece, arc: number, order: number): void {
  piece.number(trie.logProbs[arc]);
  piece.byte(TAB);
  piece.copy(context);
  piece.word(trie.words.get(arc));
  if (order < trie.order) {
    const below = stateOfArc(trie, arc);
    piece.byte(TAB);
    piece.number(below < 0 ? 0 : trie.backoffs.get(below));
  }
  piece.byte(NEWLINE);
}

/** Bytes that grow. */
class Piece {
  length = 0;
  #bytes = new Uint8Array(2 * PIECE_BYTES);
  readonly #digits = new Uint8Array(32);
  readonly #vocabulary: Vocabulary;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  byte(value: number): void {
    this.#bytes[this.length++] = value;
  }

  copy(other: Piece): void {
    const { length } = other;
    const source = other.#bytes;
    this.#reserve(length);
    const [target, start] = [this.#bytes, this.length];
    for (let i = 0; i < length; i++) target[start + i] = source[i];
    this.length += length;
  }

  /** How a token is spelled. */
  word(id: number): void {
    this.#reserve(this.#vocabulary.spelledLength(id));
    this.length = this.#vocabulary.copySpelling(id, this.#bytes, this.length);
  }

  /** A number of at most three digits before its point. */
  number(value: number): void {
    this.#reserve(0);
    let rest = Math.round(Math.abs(value) * 10 ** DECIMALS);
    if (value < 0 && rest > 0) this.byte(MINUS);
    let count = 0;
    for (; count <= DECIMALS || rest > 0; count++) {
      const tenth = Math.floor(rest / 10);
      this.#digits[count] = rest - tenth * 10;
      rest = tenth;
    }
    let shortest = 0;
    while (shortest < DECIMALS && this.#digits[shortest] === 0) shortest++;
    for (let i = count - 1; i >= shortest; i--) {
      if (i === DECIMALS - 1) this.byte(POINT);
      this.byte(ZERO + this.#digits[i]);
    }
  }

  /** What was added, as bytes of its own. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }

  /** Makes room for so many bytes, and some that are not announced. */
  #reserve(bytes: number): void {
    if (this.length + bytes + 64 <= this.#bytes.length) return;
    const larger = new Uint8Array(this.#bytes.length * 2 + bytes);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
