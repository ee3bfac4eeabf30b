// Words out of word pieces. Decoders find the symbols of an alphabet; where these are pieces, such as "▁rec", "og" and
// "nize", each is handed out like a word of its own, and here pieces become the words that they spell: a word begins at a
// piece that begins with a space, and behind one that ends with a space. Knows nothing of how pieces are found.

import type { TimedWord } from "../alignment/words.ts";
import type { Alphabet } from "../../text/index.ts";
import type { DecodedText, DecoderStream, PartialText } from "./decoder.ts";

/** The stream itself where symbols are characters. */
export function joiningPieces(stream: DecoderStream, { hasPieces }: Alphabet): DecoderStream {
  return hasPieces ? new WordPieceStream(stream) : stream;
}

/** The text of labels that are not final. Of pieces it keeps the space that says whether they begin a word. */
export function unfinishedText(labels: Iterable<number>, alphabet: Alphabet): string {
  const text = alphabet.decode(labels);
  return alphabet.hasPieces ? text : text.trim();
}

class WordPieceStream implements DecoderStream {
  readonly #pieces: DecoderStream;
  /** Final pieces of the last word, which may go on. */
  #begun: readonly TimedWord[] = [];

  constructor(pieces: DecoderStream) {
    this.#pieces = pieces;
  }

  push(rows: Float32Array): PartialText {
    const { words: pieces, text } = this.#pieces.push(rows);
    const words = wordsOf([...this.#begun, ...pieces]);
    this.#begun = words.pop() ?? [];
    return { words: words.flatMap(wordOf), text: tidy(spelled(this.#begun) + text), settled: 0 };
  }

  finish(rows?: Float32Array): readonly DecodedText[] {
    return differentTexts(this.#pieces.finish(rows).map((decoded) => ofWholeWords(decoded, this.#begun)));
  }
}

/** The texts themselves where symbols are characters. */
export function withJoinedPieces(
  texts: readonly DecodedText[],
  { hasPieces }: Alphabet,
): readonly DecodedText[] {
  return hasPieces ? differentTexts(texts.map((decoded) => ofWholeWords(decoded))) : texts;
}

/** A text may be cut into pieces in several ways: of each the best stays. */
const differentTexts = (texts: readonly DecodedText[]): readonly DecodedText[] =>
  texts.filter(({ text }, i) => texts.findIndex((other) => other.text === text) === i);

/** @param begun pieces that came before */
function ofWholeWords(decoded: DecodedText, begun: readonly TimedWord[] = []): DecodedText {
  const words = wordsOf([...begun, ...decoded.words]).flatMap(wordOf);
  return { ...decoded, words, text: words.map(({ text }) => text).join(" ") };
}

/** The pieces of each word. */
function wordsOf(pieces: readonly TimedWord[]): (readonly TimedWord[])[] {
  const words: TimedWord[][] = [];
  for (const piece of pieces) {
    const last = words.at(-1);
    if (last && !beginsWord(piece.text, last.at(-1)!.text)) last.push(piece);
    else words.push([piece]);
  }
  return words;
}

/** A word is right where all of its pieces are; none, where there are only spaces. */
function wordOf(pieces: readonly TimedWord[]): TimedWord[] {
  const text = tidy(spelled(pieces));
  if (text === "") return [];
  const confidence = pieces.reduce((product, piece) => product * piece.confidence, 1);
  return [{ text, startStep: pieces[0].startStep, endStep: pieces[pieces.length - 1].endStep, confidence }];
}

/** A piece of nothing but the space is the beginning of a word. */
const beginsWord = (piece: string, before: string): boolean =>
  /^\s/u.test(piece) || (/\s$/u.test(before) && before.trim() !== "");

const spelled = (pieces: readonly TimedWord[]): string => pieces.map(({ text }) => text).join("");
const tidy = (text: string): string => text.replaceAll(/\s+/gu, " ").trim().normalize("NFC");
