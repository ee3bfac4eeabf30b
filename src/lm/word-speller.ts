// The words of a text as a recognizer writes them: by the policy that its transcripts were spelled with, so that its language
// model knows "kitchen" where a book has "Kitchen,". A word that the policy refuses keeps a token that no spelled word has, for
// the n-grams with it to be left out. Each different word is spelled once. Knows nothing of sentences and n-grams.

import { shortenedWords, unspellableWords } from "../ctc/index.ts";
import { EarshotError, type Warning } from "../errors.ts";
import { normalizeTranscript, type Alphabet, type TranscriptPolicy } from "../text/index.ts";
import type { Unit } from "./trie.ts";
import { SENTENCE_END, SPELLED_SPACE, Vocabulary } from "./vocabulary.ts";

export interface Spelling {
  readonly alphabet: Alphabet;
  readonly transcript: TranscriptPolicy;
}

interface Word {
  readonly tokens: readonly number[];
  /** What is left of a word that lost characters; "" where nothing is. */
  readonly shortened?: string;
  readonly isRefused?: true;
  count: number;
}

const WORDS = "different words of the text";
const MOST_NAMED = 10;

export class WordSpeller {
  /** Whether there is a token between words: in a model of characters, where the alphabet has the space. */
  readonly hasSpaces: boolean;
  /** The tokens of words that the alphabet cannot spell. */
  readonly refused: number[] = [];
  readonly #vocabulary: Vocabulary;
  readonly #unit: Unit;
  readonly #spelling: Spelling;
  /** Words as the text has them. */
  readonly #written = new Vocabulary();
  /** By their number among those. */
  readonly #words: Word[] = [];

  /** @param vocabulary gets the tokens @param spelling of word pieces its characters */
  constructor(vocabulary: Vocabulary, unit: Unit, spelling: Spelling) {
    this.#vocabulary = vocabulary;
    this.#unit = unit;
    this.#spelling = { ...spelling, alphabet: spelling.alphabet.characters };
    this.hasSpaces = unit === "character" && this.#spelling.alphabet.spell(" ") !== undefined;
  }

  /** The tokens of the word in bytes [start, end): one, or of a model of characters its symbols; <s> and the like are themselves. */
  tokensOf(bytes: Uint8Array, start: number, end: number): readonly number[] {
    const number = this.#written.add(bytes, start, end);
    if (number <= SENTENCE_END) return [number];
    const word = (this.#words[number] ??= this.#spell(this.#written.text(number)));
    word.count++;
    return word.tokens;
  }

  /** Of words that are left out, or that lost characters, the most frequent first. @throws UNSPELLABLE_VOCABULARY for all of them */
  warnings(): Warning[] {
    const words = this.#words.map((word, number) => ({ ...word, written: this.#written.text(number) }));
    const ranked = words.filter(Boolean).toSorted((a, b) => b.count - a.count);
    if (this.refused.length > 0 && this.refused.length === ranked.length)
      throw unspellable(ranked[0].written);
    const refused = ranked.filter(({ isRefused }) => isRefused).map(({ written }) => written);
    const shortened = ranked.filter((word) => word.shortened !== undefined);
    const pairs = shortened.map(({ written, shortened: rest = "" }) => `"${written}" as "${rest}"`);
    return [
      ...(refused.length > 0 ? [unspellableWords(refused, ranked.length, WORDS, MOST_NAMED)] : []),
      ...(pairs.length > 0 ? [shortenedWords(pairs, WORDS, MOST_NAMED)] : []),
    ];
  }

  #spell(written: string): Word {
    const { alphabet, transcript } = this.#spelling;
    try {
      const { text, dropped } = normalizeTranscript(written, alphabet, transcript, written);
      return { tokens: this.#tokens(text), shortened: dropped.length > 0 ? text : undefined, count: 0 };
    } catch (error) {
      if (!(error instanceof EarshotError && error.code === "UNKNOWN_SYMBOL")) throw error;
      const token = this.#vocabulary.addText(`\n${written}`); // no token has a line end
      this.refused.push(token);
      return { tokens: [token], isRefused: true, count: 0 };
    }
  }

  #tokens(text: string): number[] {
    const { symbols } = this.#spelling.alphabet;
    const tokens =
      this.#unit === "word"
        ? text.split(" ").filter((word) => word !== "")
        : Array.from(this.#spelling.alphabet.encode(text), (index) => symbols[index]);
    return tokens.map((token) => this.#vocabulary.addText(token === " " ? SPELLED_SPACE : token));
  }
}

function unspellable(word: string): EarshotError {
  return new EarshotError({
    code: "UNSPELLABLE_VOCABULARY",
    where: "language model",
    problem: `The alphabet of the recognizer can spell none of the words: not "${word}" for one.`,
    remedy: "Give text in the recognizer's language and script, or set transcript.unknown to drop or map.",
  });
}
