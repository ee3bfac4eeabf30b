// What a text is worth beside the network's probability: α ln P_lm(c) + β word_count(c) (Hannun et al. 2014, eq. 12),
// hot words and unknown words. Words are scored where they end: at a space, or at the end of the text; unknown ones where
// no known word goes on like them. Knows nothing of time, and of the beam only the nodes that it writes the states of a
// text into.

import { EarshotError } from "../../errors.ts";
import type { Alphabet } from "../../text/index.ts";
import type { DecoderSettings } from "./decoder-settings.ts";
import { HotWordAutomaton, type HotWords } from "./hot-words.ts";
import { Lexicon, OFF_LEXICON } from "./lexicon.ts";
import { START, type PrefixTree } from "./prefix-tree.ts";
import type { Scorer } from "./scorer.ts";

export interface Knowledge {
  readonly scorer?: Scorer;
  readonly hotWords?: HotWords;
  /** The words of the dictionary; those of the language model when not given. */
  readonly vocabulary?: Iterable<string>;
}

/** A text one symbol longer, before it is known whether the beam has room for it. */
export interface Extension {
  prior: number;
  credit: number;
  modelState: number;
  lexiconState: number;
  hotState: number;
}

/** Its number in a language model. */
const UNKNOWN_WORD = 0;

export class TextModel {
  /** The index of the space, −1 without one: then each symbol counts as a word. */
  readonly space: number;
  /** No symbol raises a score by more; none but a space. */
  readonly largestGain: number;
  readonly largestGainInWord: number;
  readonly #alpha: number; // for log10
  readonly #settings: DecoderSettings;
  readonly #words: Scorer | undefined;
  readonly #characters: Scorer | undefined;
  readonly #characterIds: Int32Array;
  readonly #lexicon: Lexicon | undefined;
  readonly #hotWords: HotWordAutomaton | undefined;
  readonly #unknownWordCost: number;

  /** @throws UNSPELLABLE_VOCABULARY, MISSING_VOCABULARY, WORDS_WITHOUT_SPACE, INVALID_HOT_WORD, UNKNOWN_SYMBOL */
  constructor(alphabet: Alphabet, settings: DecoderSettings, knowledge: Knowledge) {
    const { scorer, hotWords = {} } = knowledge;
    this.space = alphabet.symbols.indexOf(" ");
    this.#settings = settings;
    this.#unknownWordCost = settings.dictionary ? Infinity : settings.unknownWordPenalty;
    this.#alpha = settings.alpha * Math.LN10;
    this.#words = scorer?.unit === "word" ? scorer : undefined;
    this.#characters = scorer?.unit === "character" ? scorer : undefined;
    if (this.#words && this.space < 0) throw wordsWithoutSpace();
    this.#characterIds = Int32Array.from(alphabet.symbols, (symbol) => this.#characters?.idOf(symbol) ?? 0);
    this.#lexicon = lexiconOf(alphabet, settings, knowledge);
    if (Object.keys(hotWords).length > 0) this.#hotWords = new HotWordAutomaton(hotWords, alphabet);
    const hot = this.#hotWords?.largestGain ?? 0;
    this.largestGain = Math.max(0, settings.beta) + hot;
    this.largestGainInWord = this.space < 0 ? this.largestGain : hot;
  }

  /** Writes the empty text. */
  begin(tree: PrefixTree, root: number): void {
    tree.prior[root] = 0;
    tree.credit[root] = 0;
    tree.modelState[root] = (this.#words ?? this.#characters)?.start ?? 0;
    tree.lexiconState[root] = 0;
    tree.hotState[root] = this.#hotWords?.start ?? 0;
  }

  /** Whether the text is empty or ends in a space: another space would change nothing. */
  endsInSpace(tree: PrefixTree, node: number): boolean {
    const symbol = tree.symbol[node];
    return symbol === START || symbol === this.space;
  }

  /** The text of a node and one symbol more, into `next`; false when the dictionary forbids it. */
  extend(tree: PrefixTree, node: number, symbol: number, next: Extension): boolean {
    next.prior = tree.prior[node];
    next.modelState = tree.modelState[node];
    if (symbol === this.space) {
      this.#endWord(tree, node);
      next.prior = tree.wordPrior[node];
      next.modelState = tree.wordState[node];
      next.lexiconState = 0;
    } else {
      const before = tree.lexiconState[node];
      next.lexiconState = this.#lexicon?.next(before, symbol) ?? 0;
      if (next.lexiconState === OFF_LEXICON && before !== OFF_LEXICON) this.#leaveLexicon(next);
      if (this.space < 0) next.prior += this.#settings.beta;
      if (this.#characters) this.#scoreCharacter(tree, node, symbol, next);
    }
    next.hotState = this.#hotWords?.next(tree.hotState[node], symbol) ?? 0;
    next.prior += this.#hotWords?.bonus[next.hotState] ?? 0;
    next.credit = this.#hotWords?.credit[next.hotState] ?? 0;
    return next.prior > -Infinity;
  }

  /** The prior of the text that ends here; −∞ when its last word is not of the dictionary. */
  end(tree: PrefixTree, node: number): number {
    let [prior, state] = [tree.prior[node], tree.modelState[node]];
    if (this.space >= 0 && !this.endsInSpace(tree, node)) {
      this.#endWord(tree, node);
      prior = tree.wordPrior[node];
      state = tree.wordState[node];
      const hot = this.#hotWords?.next(tree.hotState[node], this.space) ?? 0;
      prior += this.#hotWords?.bonus[hot] ?? 0;
    }
    return prior + this.#language((this.#words ?? this.#characters)?.end(state) ?? 0);
  }

  /**
   * A word that no known word begins like is unknown from here on, so that it is paid for now: at its end, the beam would
   * be full of such words.
   */
  #leaveLexicon(next: Extension): void {
    if (this.#words) {
      next.prior += this.#language(this.#words.score(next.modelState, UNKNOWN_WORD));
      next.modelState = this.#words.next;
    }
    next.prior -= this.#unknownWordCost;
  }

  /** Computes once for each node what it means that a word ends there. */
  #endWord(tree: PrefixTree, node: number): void {
    if (!Number.isNaN(tree.wordPrior[node])) return;
    const word = tree.lexiconState[node];
    let prior = tree.prior[node] + this.#settings.beta;
    let state = tree.modelState[node];
    if (word !== OFF_LEXICON) {
      if (this.#words) {
        prior += this.#language(this.#words.score(state, this.#lexicon?.idOf(word) ?? UNKNOWN_WORD));
        state = this.#words.next;
      }
      if (this.#lexicon && !this.#lexicon.has(word)) prior -= this.#unknownWordCost;
    }
    tree.wordPrior[node] = prior;
    tree.wordState[node] = state;
  }

  /** A space counts together with the character after it: at the end of a text there is none. */
  #scoreCharacter(tree: PrefixTree, node: number, symbol: number, next: Extension): void {
    const scorer = this.#characters!;
    let log10 = 0;
    if (this.space >= 0 && tree.symbol[node] === this.space) {
      log10 += scorer.score(next.modelState, this.#characterIds[this.space]);
      next.modelState = scorer.next;
    }
    log10 += scorer.score(next.modelState, this.#characterIds[symbol]);
    next.modelState = scorer.next;
    next.prior += this.#language(log10);
  }

  /** α ln P of log10 P. Without weight the model is not asked at all: 0 times −∞ is no number. */
  #language(log10: number): number {
    return this.#alpha === 0 ? 0 : this.#alpha * log10;
  }
}

/** The dictionary, or every word known when there is none, with its number in the model; and the hot words. */
function lexiconOf(
  alphabet: Alphabet,
  { dictionary }: DecoderSettings,
  { scorer, hotWords = {}, vocabulary }: Knowledge,
): Lexicon | undefined {
  const words = scorer?.unit === "word" ? scorer : undefined;
  if (!words && !vocabulary) {
    if (dictionary) throw missingVocabulary();
    return undefined;
  }
  const known = function* (): Iterable<string> {
    yield* vocabulary ?? [];
    if (words && !(dictionary && vocabulary)) yield* words.words();
    for (const phrase of Object.keys(hotWords)) yield* phrase.trim().split(/\s+/u);
  };
  return Lexicon.of(known(), alphabet, (word) => words?.idOf(word) ?? UNKNOWN_WORD);
}

function missingVocabulary(): EarshotError {
  return new EarshotError({
    code: "MISSING_VOCABULARY",
    where: "dictionary",
    problem: "Only words of a dictionary are wanted, but there is none.",
    remedy: "Give a language model of words, or a vocabulary; or leave the dictionary off.",
  });
}

function wordsWithoutSpace(): EarshotError {
  return new EarshotError({
    code: "WORDS_WITHOUT_SPACE",
    where: "language model",
    problem: "It is one of words, but the recognizer's alphabet has no space to tell where words end.",
    remedy: "Build a language model of characters for this recognizer.",
  });
}
