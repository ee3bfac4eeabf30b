// Text in bytes, piece by piece, to numbers of tokens: a line is a sentence between <s> and </s>. White space is what
// lmplz takes for it (space, tab, return, NUL); words are taken as they are written.

import { joinBytes } from "../platform/index.ts";
import { SENTENCE_END, SENTENCE_START, type Vocabulary } from "./vocabulary.ts";
import type { Unit } from "./trie.ts";

const [NEWLINE, SPACE] = [10, 32];
const isBlank = (byte: number): boolean => byte === SPACE || byte === 9 || byte === 13 || byte === 0;
const isSeparator = (byte: number): boolean => byte === NEWLINE || isBlank(byte);
/** How a text may begin to say that it is UTF-8. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** How a character model spells the space, which separates tokens in ARPA. */
export const SPELLED_SPACE = "<space>";

export class Tokenizer {
  /** Words of the text that are <s>, </s> or <unk>; they are passed over like white space. */
  specials = 0;
  /** Words, or characters. */
  tokens = 0;
  sentences = 0;
  readonly #vocabulary: Vocabulary;
  readonly #unit: Unit;
  readonly #take: (token: number) => void;
  #rest: Uint8Array = new Uint8Array();
  #atFileStart = true;
  #inSentence = false;
  #spaceBefore = false;

  /** @param take is given every token in its order, <s> and </s> included. */
  constructor(vocabulary: Vocabulary, unit: Unit, take: (token: number) => void) {
    this.#vocabulary = vocabulary;
    this.#unit = unit;
    this.#take = take;
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
    this.#atFileStart = true;
    if (this.#inSentence) this.#endSentence();
  }

  #read(bytes: Uint8Array, end: number): void {
    const hasMark = this.#atFileStart && BYTE_ORDER_MARK.every((byte, i) => bytes[i] === byte);
    if (end > 0) this.#atFileStart = false;
    let at = hasMark ? BYTE_ORDER_MARK.length : 0;
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
    if (this.#unit === "word") this.#add(this.#vocabulary.add(bytes, start, end));
    else this.#characters(bytes, start, end);
    return end;
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
