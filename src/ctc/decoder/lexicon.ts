// The words that the decoder knows, as a trie over the alphabet's symbols: which spellings may still become a word, and
// which number a word has in the language model.

import { EarshotError, type Warning } from "../../errors.ts";
import type { Alphabet } from "../../text/index.ts";
import { unspellableWords } from "./spelled-words.ts";
import { SymbolTrie } from "./symbol-trie.ts";

/** The state after letters with which no word begins. */
export const OFF_LEXICON = -1;

const NO_WORD = -1;

/** Words of one origin. */
export interface WordList {
  readonly words: Iterable<string>;
  /** What they are in a warning, such as "words of the vocabulary". */
  readonly what: string;
}

export class Lexicon {
  readonly #trie = new SymbolTrie();
  #words = new Int32Array(64).fill(NO_WORD); // by node

  /**
   * @param lists words that the alphabet cannot spell are left out
   * @param idOf the number of a word, 0 for unknown
   * @param warnings gets one for each list of which words are left out
   * @throws UNSPELLABLE_VOCABULARY when it can spell none
   */
  static of(
    lists: readonly WordList[],
    alphabet: Alphabet,
    idOf: (word: string) => number,
    warnings: Warning[],
  ): Lexicon {
    const lexicon = new Lexicon();
    let [spelled, unspelled] = [0, ""];
    for (const { words, what } of lists) {
      const before = spelled;
      const leftOut: string[] = [];
      for (const word of words) {
        const labels = spell(word, alphabet);
        if (labels) {
          lexicon.add(labels, idOf(word));
          spelled++;
        } else leftOut.push(word);
      }
      const total = spelled - before + leftOut.length;
      if (leftOut.length > 0) warnings.push(unspellableWords(leftOut, total, what));
      unspelled ||= leftOut.find((word) => word !== "") ?? "";
    }
    if (spelled === 0 && unspelled !== "") throw unspellable(unspelled, alphabet);
    return lexicon;
  }

  add(labels: Iterable<number>, id: number): void {
    const node = this.#trie.insert(labels);
    if (this.#words.length < this.#trie.size) {
      const words = this.#words;
      this.#words = new Int32Array(2 * this.#trie.size).fill(NO_WORD);
      this.#words.set(words);
    }
    this.#words[node] = id;
  }

  /** The beginning after one more symbol, OFF_LEXICON when no word has it. The empty beginning is 0. */
  next(beginning: number, symbol: number): number {
    return beginning === OFF_LEXICON ? OFF_LEXICON : this.#trie.child(beginning, symbol);
  }

  /** A bit for each symbol modulo 32: 0 only where no word has this beginning and that symbol next. */
  followers(beginning: number): number {
    return beginning === OFF_LEXICON ? 0 : this.#trie.childBits(beginning);
  }

  /** How many symbols a beginning has that words go on from. */
  lengthOf(beginning: number): number {
    return this.#trie.depth(beginning);
  }

  has(beginning: number): boolean {
    return beginning !== OFF_LEXICON && this.#words[beginning] !== NO_WORD;
  }

  /** The number of the word that ends here, 0 when none does. */
  idOf(beginning: number): number {
    return this.has(beginning) ? this.#words[beginning] : 0;
  }
}

function spell(word: string, alphabet: Alphabet): Int32Array | undefined {
  if (word === "" || word.includes(" ")) return undefined;
  try {
    return alphabet.encode(word);
  } catch (error) {
    if (error instanceof EarshotError) return undefined;
    throw error;
  }
}

function unspellable(word: string, alphabet: Alphabet): EarshotError {
  const lower = spell(word.toLowerCase(), alphabet) ? ", as its letters have another case" : "";
  return new EarshotError({
    code: "UNSPELLABLE_VOCABULARY",
    where: "vocabulary",
    problem: `The alphabet of the recognizer can spell none of the words: not "${word}" for one${lower}.`,
    remedy: "Build the language model from transcripts as the recognizer writes them.",
  });
}
