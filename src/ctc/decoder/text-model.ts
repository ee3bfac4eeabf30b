// What a text adds to the score beside the network's probability: α ln P_lm(c) + β word_count(c) (Hannun et al. 2014,
// eq. 12), hot words and unknown words. Words are scored where they end: at a space, or at the end of the text; unknown ones
// where no known word goes on like them, and the search ranks them as if they paid in instalments. Knows nothing of time, and
// of the search only the records (hypothesis-scores.ts) that it reads and writes.

import { EarshotError, type Warning } from "../../errors.ts";
import { spellCharacter, type Alphabet, type TranscriptPolicy } from "../../text/index.ts";
import type { ConstraintSource } from "./constraint.ts";
import { USUAL_UNKNOWN_WORD_PENALTY, type DecoderSettings } from "./decoder-settings.ts";
import { HotWordAutomaton, type HotWords } from "./hot-words.ts";
import type { HypothesisScores } from "./hypothesis-scores.ts";
import { Lexicon, OFF_LEXICON, type WordList } from "./lexicon.ts";
import { endsInSpace } from "./prefix-tree.ts";
import type { Scorer, TokenScore } from "./scorer.ts";
import { spellHotWords, spellVocabulary } from "./spelled-words.ts";
import { ALL_FOLLOW, type ScoredTexts, type TextScores } from "./text-scores.ts";

export interface Knowledge {
  readonly scorer?: Scorer;
  readonly hotWords?: HotWords;
  /** The words of the dictionary; those of the language model when not given. */
  readonly vocabulary?: Iterable<string>;
  /** The only texts there may be. */
  readonly grammar?: ConstraintSource;
  /** How vocabulary, hot words and grammar are spelled, as the recognizer's transcripts were; as they are written when not given. */
  readonly transcript?: TranscriptPolicy;
}

/** The number of the unknown token in a language model. */
const UNKNOWN_WORD = 0;

/**
 * The first symbols of an unknown word pay its price in equal parts. If it paid all where it leaves the lexicon, it would
 * drop out of the beam beside beginnings of known words, which pay nothing before they end; if it paid only at its end,
 * nonsense would fill the beam. What is still due when it ends is paid there, so that no text's score depends on this.
 */
const INSTALMENTS = 8;

export class TextModel implements TextScores {
  /** The index of the space, −1 without one: then each symbol counts as a word. */
  readonly space: number;
  /** The most that one symbol can add to a score, and that a symbol other than the space can. */
  readonly largestGain: number;
  readonly largestGainInWord: number;
  /** What of vocabulary, hot words and language model is left out. */
  readonly warnings: readonly Warning[];
  readonly #settings: DecoderSettings;
  readonly #words: Scorer | undefined;
  readonly #characters: Scorer | undefined;
  /** By symbol: the tokens of the language model that spell it, nearly always one. */
  readonly #characterIds: readonly (readonly number[])[];
  readonly #lexicon: Lexicon | undefined;
  readonly #hotWords: HotWordAutomaton | undefined;
  /** What is taken off for an unknown word, in nats, if a dictionary does not forbid it. */
  readonly unknownWordPenalty: number;
  readonly #unknownWordCost: number;
  readonly #token: TokenScore = { logProbability: 0, state: 0 };

  /** @throws UNSPELLABLE_VOCABULARY, MISSING_VOCABULARY, WORDS_WITHOUT_SPACE, INVALID_HOT_WORD, UNKNOWN_SYMBOL */
  constructor(alphabet: Alphabet, settings: DecoderSettings, knowledge: Knowledge) {
    const { scorer } = knowledge;
    const hasHotWords = Object.keys(knowledge.hotWords ?? {}).length > 0;
    const warnings: Warning[] = [];
    const spelled = spelledKnowledge(knowledge, alphabet, warnings);
    this.space = alphabet.symbols.indexOf(" ");
    this.#settings = settings;
    this.#words = scorer?.unit === "word" ? scorer : undefined;
    this.#characters = scorer?.unit === "character" ? scorer : undefined;
    if (this.#words && this.space < 0) throw wordsWithoutSpace();
    // Without a model of words there may still be a vocabulary, such as a list of names: what is not in it is no worse.
    this.unknownWordPenalty = settings.unknownWordPenalty ?? (this.#words ? USUAL_UNKNOWN_WORD_PENALTY : 0);
    this.#unknownWordCost = settings.dictionary ? Infinity : this.unknownWordPenalty;
    this.#characterIds = alphabet.symbols.map((symbol) => this.#tokensOf(symbol));
    this.#lexicon = lexiconOf(alphabet, settings, spelled, warnings);
    if (hasHotWords) this.#hotWords = new HotWordAutomaton(spelled.hotWords ?? {}, alphabet);
    this.warnings = warnings;
    const hot = this.#hotWords?.largestGain ?? 0;
    this.largestGain = Math.max(0, settings.beta) + hot;
    this.largestGainInWord = this.space < 0 ? this.largestGain : hot;
  }

  /** Writes the record of the empty text. */
  begin({ scores }: Pick<ScoredTexts, "scores">, root: number): void {
    scores.languageModelScore[root] = 0;
    scores.lookAhead[root] = 0;
    scores.languageModelState[root] = (this.#words ?? this.#characters)?.start ?? 0;
    scores.instalmentsLeft[root] = 0;
    scores.lexiconState[root] = 0;
    scores.hotWordState[root] = this.#hotWords?.start ?? 0;
  }

  followers({ scores }: Pick<ScoredTexts, "scores">, node: number): number {
    if (!this.#lexicon || this.#unknownWordCost < Infinity) return ALL_FOLLOW;
    const beginning = scores.lexiconState[node];
    const space = this.space >= 0 && this.#lexicon.has(beginning) ? 1 << (this.space & 31) : 0;
    return this.#lexicon.followers(beginning) | space;
  }

  /** The text of a node and one symbol more, as record `to` of `next`; false when the dictionary forbids it. */
  extend(tree: ScoredTexts, node: number, symbol: number, next: HypothesisScores, to: number): boolean {
    if (symbol === this.space) this.#extendBySpace(tree, node, next, to);
    else this.#extendWord(tree, node, symbol, next, to);
    const hotWord = this.#hotWords?.next(tree.scores.hotWordState[node], symbol) ?? 0;
    next.languageModelScore[to] += this.#hotWords?.bonus[hotWord] ?? 0;
    next.lookAhead[to] =
      (this.#hotWords?.lookAhead[hotWord] ?? 0) + next.instalment[to] * next.instalmentsLeft[to];
    next.hotWordState[to] = hotWord;
    return next.languageModelScore[to] > -Infinity;
  }

  #extendBySpace(tree: ScoredTexts, node: number, next: HypothesisScores, to: number): void {
    this.#endWord(tree, node);
    next.languageModelScore[to] = tree.wordEndScore[node];
    next.languageModelState[to] = tree.wordEndState[node];
    next.lexiconState[to] = 0;
    next.instalment[to] = 0;
    next.instalmentsLeft[to] = 0;
  }

  #extendWord(tree: ScoredTexts, node: number, symbol: number, next: HypothesisScores, to: number): void {
    const { scores } = tree;
    let score = scores.languageModelScore[node];
    let state = scores.languageModelState[node];
    let [instalment, instalmentsLeft] = [0, 0];
    const before = scores.lexiconState[node];
    const lexiconState = this.#lexicon?.next(before, symbol) ?? 0;
    if (before === OFF_LEXICON) {
      instalment = scores.instalment[node];
      instalmentsLeft = Math.max(0, scores.instalmentsLeft[node] - 1);
    } else if (lexiconState === OFF_LEXICON) {
      this.#leaveLexicon(tree, node);
      instalment = (score - tree.unknownWordScore[node]) / INSTALMENTS;
      instalmentsLeft = Math.max(0, INSTALMENTS - this.#lexicon!.lengthOf(before) - 1);
      score = tree.unknownWordScore[node];
      state = tree.unknownWordState[node];
    }
    if (this.space < 0) score += this.#settings.beta;
    if (this.#characters) {
      const token = this.#scoreCharacter(this.#characters, state, tree.symbol[node], symbol);
      score += this.#weighted(token.logProbability);
      state = token.state;
    }
    next.languageModelScore[to] = score;
    next.languageModelState[to] = state;
    next.lexiconState[to] = lexiconState;
    next.instalment[to] = instalment;
    next.instalmentsLeft[to] = instalmentsLeft;
  }

  /** What the text adds to the score if it ends here; −∞ when its last word is not in the dictionary. */
  end(tree: ScoredTexts, node: number): number {
    const { scores } = tree;
    let [score, state] = [scores.languageModelScore[node], scores.languageModelState[node]];
    if (this.space >= 0 && !endsInSpace(tree.symbol[node], this.space)) {
      this.#endWord(tree, node);
      score = tree.wordEndScore[node];
      state = tree.wordEndState[node];
      const hotWord = this.#hotWords?.next(scores.hotWordState[node], this.space) ?? 0;
      score += this.#hotWords?.bonus[hotWord] ?? 0;
    }
    return score + this.#weighted((this.#words ?? this.#characters)?.end(state) ?? 0);
  }

  /** Computes, once for each node, the score and the state if a word ends there. */
  #endWord(tree: ScoredTexts, node: number): void {
    if (!Number.isNaN(tree.wordEndScore[node])) return;
    const word = tree.scores.lexiconState[node];
    let score = tree.scores.languageModelScore[node] + this.#settings.beta;
    let state = tree.scores.languageModelState[node];
    if (word !== OFF_LEXICON) {
      if (this.#words) {
        const token = this.#words.score(state, this.#lexicon?.idOf(word) ?? UNKNOWN_WORD, this.#token);
        score += this.#weighted(token.logProbability);
        state = token.state;
      }
      if (this.#lexicon && !this.#lexicon.has(word)) score -= this.#unknownWordCost;
    }
    tree.wordEndScore[node] = score;
    tree.wordEndState[node] = state;
  }

  /**
   * Computes, once for each node, the score and the state if its last word becomes one that no known word begins like.
   * Its whole price is in the score from there on, whatever part of it the rank of the text leaves out for now.
   */
  #leaveLexicon({ scores, unknownWordScore, unknownWordState }: ScoredTexts, node: number): void {
    if (!Number.isNaN(unknownWordScore[node])) return;
    let [score, state] = [scores.languageModelScore[node], scores.languageModelState[node]];
    if (this.#words) {
      const token = this.#words.score(state, UNKNOWN_WORD, this.#token);
      score += this.#weighted(token.logProbability);
      state = token.state;
    }
    unknownWordScore[node] = score - this.#unknownWordCost;
    unknownWordState[node] = state;
  }

  /** A space counts together with the character after it: at the end of a text there is none. */
  #scoreCharacter(scorer: Scorer, state: number, previous: number, symbol: number): TokenScore {
    if (this.space < 0 || previous !== this.space) return this.#scoreSymbol(scorer, state, symbol);
    const space = this.#scoreSymbol(scorer, state, this.space).logProbability;
    const token = this.#scoreSymbol(scorer, this.#token.state, symbol);
    token.logProbability += space;
    return token;
  }

  /** A symbol that the model spells with several tokens has the product of their probabilities. */
  #scoreSymbol(scorer: Scorer, state: number, symbol: number): TokenScore {
    const ids = this.#characterIds[symbol];
    const token = scorer.score(state, ids[0], this.#token);
    for (let i = 1; i < ids.length; i++) {
      const before = token.logProbability;
      scorer.score(token.state, ids[i], token);
      token.logProbability += before;
    }
    return token;
  }

  #tokensOf(symbol: string): readonly number[] {
    const id = (token: string) => this.#characters?.idOf(token) || undefined;
    return spellCharacter(symbol, id) ?? [UNKNOWN_WORD];
  }

  /** α ln P. Without weight the model does not count at all: 0 times −∞ is not a number. */
  #weighted(logProbability: number): number {
    return this.#settings.alpha === 0 ? 0 : this.#settings.alpha * logProbability;
  }
}

/** Vocabulary and hot words by the transcripts' policy, if there is one. */
function spelledKnowledge(knowledge: Knowledge, alphabet: Alphabet, warnings: Warning[]): Knowledge {
  const { hotWords, vocabulary, transcript } = knowledge;
  if (!transcript) return knowledge;
  return {
    ...knowledge,
    hotWords: hotWords && spellHotWords(hotWords, alphabet, transcript, warnings),
    vocabulary: vocabulary && spellVocabulary(vocabulary, alphabet, transcript, warnings),
  };
}

/** The dictionary, or every word known when there is none, with its number in the model; and the hot words. */
function lexiconOf(
  alphabet: Alphabet,
  { dictionary }: DecoderSettings,
  { scorer, hotWords = {}, vocabulary }: Knowledge,
  warnings: Warning[],
): Lexicon | undefined {
  const words = scorer?.unit === "word" ? scorer : undefined;
  if (!words && !vocabulary) {
    if (dictionary) throw missingVocabulary();
    return undefined;
  }
  const lists: WordList[] = [{ words: vocabulary ?? [], what: "words of the vocabulary" }];
  if (words && !(dictionary && vocabulary))
    lists.push({ words: words.words(), what: "words of the language model" });
  const expected = Object.keys(hotWords).flatMap((phrase) => phrase.trim().split(/\s+/u));
  lists.push({ words: expected, what: "words of the hot words" });
  return Lexicon.of(lists, alphabet, (word) => words?.idOf(word) ?? UNKNOWN_WORD, warnings);
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
