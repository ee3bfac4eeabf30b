// Text in UTF-8, piece by piece, to numbers of tokens: a line is a sentence between <s> and </s>. White space is what
// lmplz takes for it (space, tab, return); words are taken as they are written, or as a speller spells them.

import { joinBytes } from "../platform/index.ts";
import type { WordSpeller } from "./word-speller.ts";
import { SENTENCE_END, SENTENCE_START, SPELLED_SPACE, type Vocabulary } from "./vocabulary.ts";
import type { Unit } from "./trie.ts";

const [NEWLINE, SPACE] = [10, 32];
const isBlank = (byte: number): boolean => byte === SPACE || byte === 9 || byte === 13;
const isSeparator = (byte: number): boolean => byte === NEWLINE || isBlank(byte);

export class Tokenizer {
  /** Words of the text that are <s>, </s> or <unk>; they are passed over like white space. */
  specials = 0;
  /** Words, or characters. */
  tokens = 0;
  sentences = 0;
  readonly #vocabulary: Vocabulary;
  readonly #unit: Unit;
  readonly #take: (token: number) => void;
  readonly #speller: WordSpeller | undefined;
  #rest: Uint8Array = new Uint8Array();
  #inSentence = false;
  #spaceBefore = false;

  /** @param take is given every token in its order, <s> and </s> included. */
  constructor(vocabulary: Vocabulary, unit: Unit, take: (token: number) => void, speller?: WordSpeller) {
    this.#vocabulary = vocabulary;
    this.#unit = unit;
    this.#take = take;
    this.#speller = speller;
  }

  feed(piece: Uint8Array): void {
    const bytes = this.#rest.length > 0 ? joinBytes([this.#rest, piece]) : piece;
    let end = bytes.length;
    while (end > 0 && !isSeparator(bytes[end - 1])) end--;
    this.#rest = bytes.slice(end);
    this.#read(bytes, end);
  }

  /** Ends a file: its last line may lack a line end. */
  finish(): void {
    this.#read(this.#rest, this.#rest.length);
    this.#rest = new Uint8Array();
    if (this.#inSentence) this.#endSentence();
  }

  #read(bytes: Uint8Array, end: number): void {
    let at = 0;
    while (at < end) {
      if (bytes[at] === NEWLINE) this.#endSentence();
      if (isSeparator(bytes[at])) at++;
      else at = this.#word(bytes, at, end);
    }
  }

  /** Takes the word from `start`; gives back its end. */
  #word(bytes: Uint8Array, start: number, limit: number): number {
    let end = start + 1;
    while (end < limit && !isSeparator(bytes[end])) end++;
    if (this.#speller) this.#spelled(this.#speller, bytes, start, end);
    else if (this.#unit === "word") this.#add(this.#vocabulary.add(bytes, start, end));
    else this.#characters(bytes, start, end);
    return end;
  }

  #spelled(speller: WordSpeller, bytes: Uint8Array, start: number, end: number): void {
    const tokens = speller.tokensOf(bytes, start, end);
    if (tokens.length === 0) return;
    if (this.#spaceBefore && speller.hasSpaces) this.#add(this.#vocabulary.addText(SPELLED_SPACE));
    for (const token of tokens) this.#add(token);
    this.#spaceBefore = true;
  }

  #characters(bytes: Uint8Array, start: number, end: number): void {
    if (this.#spaceBefore) this.#add(this.#vocabulary.addText(SPELLED_SPACE));
    for (let at = start; at < end;) {
      let next = at + 1;
      while (next < end && (bytes[next] & 0xc0) === 0x80) next++; // the rest of a UTF-8 character
      this.#add(this.#vocabulary.add(bytes, at, next));
      at = next;
    }
    this.#spaceBefore = true;
  }

  #add(token: number): void {
    if (token <= SENTENCE_END) {
      this.specials++;
      return;
    }
    if (!this.#inSentence) this.#take(SENTENCE_START);
    this.#inSentence = true;
    this.tokens++;
    this.#take(token);
  }

  /** An empty line is an empty sentence, as it is to lmplz. */
  #endSentence(): void {
    if (!this.#inSentence) this.#take(SENTENCE_START);
    this.#take(SENTENCE_END);
    this.sentences++;
    this.#inSentence = false;
    this.#spaceBefore = false;
  }
}
