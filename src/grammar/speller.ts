// The texts of a grammar in the symbols of a recognizer, spelled as its transcripts were. What cannot be spelled is a fault
// that names symbol, word and text.

import { EarshotError, type Warning } from "../errors.ts";
import { collapseWhiteSpace, normalizeTranscript, splitCharacters } from "../text/index.ts";
import type { Alphabet, TranscriptPolicy } from "../text/index.ts";
import { shortenedWords } from "../ctc/index.ts";
import type { Literal } from "./expression.ts";

/** Between words; not the alphabet's own space, as some have none. */
export const SPACE = -2;

export class Speller {
  readonly #alphabet: Alphabet;
  readonly #policy: TranscriptPolicy | undefined;
  readonly #space: number;
  readonly #words = new Map<string, readonly number[]>();
  readonly #shortened: string[] = [];

  constructor(alphabet: Alphabet, policy: TranscriptPolicy | undefined) {
    this.#alphabet = alphabet;
    this.#policy = policy;
    this.#space = alphabet.symbols.indexOf(" ");
  }

  /** What the policy of the transcripts left out of words. */
  get warnings(): readonly Warning[] {
    return this.#shortened.length === 0 ? [] : [shortenedWords(this.#shortened, "words of the grammar")];
  }

  /**
   * The labels of a text, SPACE where white space is; undefined for an optional text that cannot be spelled.
   * @throws UNSPELLABLE_GRAMMAR
   */
  spell(literal: Literal): readonly number[] | undefined {
    const labels: number[] = [];
    for (const part of literal.text.split(/(\s+)/u)) {
      if (part.trim() === "") {
        if (part !== "") labels.push(SPACE);
        continue;
      }
      const word = this.#word(part);
      if (word) labels.push(...word);
      else if (literal.isOptional) return undefined;
      else throw this.#unspellable(part, literal);
    }
    return labels;
  }

  #word(word: string): readonly number[] | undefined {
    const known = this.#words.get(word);
    if (known) return known;
    const labels = this.#labelsOf(word);
    if (labels) this.#words.set(word, labels);
    return labels;
  }

  #labelsOf(word: string): readonly number[] | undefined {
    try {
      const text = this.#byPolicy(word);
      return Array.from(this.#alphabet.encode(text), (label) => (label === this.#space ? SPACE : label));
    } catch (error) {
      if (error instanceof EarshotError && error.code === "UNKNOWN_SYMBOL") return undefined;
      throw error;
    }
  }

  #byPolicy(word: string): string {
    if (!this.#policy) return word;
    const { text, dropped } = normalizeTranscript(word, this.#alphabet, this.#policy, word);
    if (dropped.length > 0) this.#shortened.push(`"${word}" as "${text}"`);
    return text;
  }

  #unspellable(word: string, { text, at }: Literal): EarshotError {
    const symbols = splitCharacters(word.normalize("NFC"));
    const symbol = symbols.find((each) => !this.#labelsOf(each)) ?? word;
    const whole = collapseWhiteSpace(text);
    const phrase = whole === word ? "" : ` of "${whole}"`;
    return at.fault({
      code: "UNSPELLABLE_GRAMMAR",
      problem: `The model's alphabet has no "${symbol}": it cannot spell the word "${word}"${phrase}.`,
      remedy: remedyFor(symbol),
    });
  }
}

function remedyFor(symbol: string): string {
  if (/\d/u.test(symbol)) return "Write numbers out in words, as the model's transcripts do.";
  if (/[()[\]{}<>|;*+=]/u.test(symbol))
    return "In a list of phrases every character is spoken: give alternatives and rules as JSGF or as sentence templates (docs/grammars.md).";
  return "Write it as the model's transcripts do: the model can write no other symbols.";
}
