// From text to a model: reads files, counts their n-grams, smooths the counts, and packs what stays. The counts of the
// distinct n-grams are held in memory; the text need not fit there.

import { EarshotError, type Warning } from "../errors.ts";
import { isEncoding, nextTurn } from "../platform/index.ts";
import { NgramCounter } from "./counter.ts";
import type { CountTrie } from "./count-trie.ts";
import { smooth } from "./kneser-ney.ts";
import type { Discounts, SmoothedOrder } from "./kneser-ney.ts";
import { readTexts, type TextSource } from "./read-texts.ts";
import { Tokenizer } from "./tokenizer.ts";
import { packTrie, type Level } from "./pack-trie.ts";
import type { NgramTrie, Unit } from "./trie.ts";
import { SENTENCE_END, Vocabulary } from "./vocabulary.ts";
import type { Spelling, WordSpeller } from "./word-speller.ts";

export interface BuildOptions {
  /** The longest n-grams, 1 to 8 words. */
  readonly order: number;
  /** N-grams of each order that occur at most so often are left out; the last number holds for all orders above. */
  readonly prune?: readonly number[];
  /** So many of the most frequent words stay, the others are unknown; by default all stay. */
  readonly vocabulary?: number;
  /** Words, or characters: symbols of the alphabet where `spelling` is given, else code points. */
  readonly unit?: Unit;
  /** Alphabet and policy of a recognizer, by which the text is spelled as its transcripts were; else it is taken as it is. */
  readonly spelling?: Spelling;
  /** What texts are in that are not UTF-8: a label of the WHATWG Encoding standard, such as "latin1". */
  readonly encoding?: string;
  /** What the text being counted may take, 1 GiB by default; the distinct n-grams come on top. */
  readonly memoryBytes?: number;
  /** Where counts are kept meanwhile, if the text is larger than that; by default where the system keeps such files. */
  readonly temporaryFolder?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BuildProgress) => void;
}

export interface BuildProgress {
  readonly stage: "reading" | "counting" | "smoothing";
  /** A fraction. */
  readonly done: number;
  readonly tokens: number;
}

export interface BuiltModel {
  readonly trie: NgramTrie;
  readonly tokens: number;
  readonly sentences: number;
  /** Words of the text that were <s>, </s> or <unk>, and therefore passed over. */
  readonly specials: number;
  /** Of words that `spelling` left out, or that lost characters by it. */
  readonly warnings: readonly Warning[];
  /** [order] */
  readonly discounts: readonly Discounts[];
  /** The orders whose counts gave no discounts, so that 0.5, 1 and 1.5 were taken. */
  readonly fallbackOrders: readonly number[];
}

const DEFAULT_MEMORY_BYTES = 2 ** 30;

/**
 * Builds a model of texts, a sentence a line, by their paths or from elsewhere; gzip is unpacked.
 * @throws EarshotError INVALID_SETTING, EMPTY_TEXT, UNREADABLE_TEXT, UNSPELLABLE_VOCABULARY, and what
 * reading a file throws
 */
export async function buildFromTexts(
  texts: readonly (string | TextSource)[],
  options: BuildOptions,
): Promise<BuiltModel> {
  const { order, unit = "word", memoryBytes = DEFAULT_MEMORY_BYTES, encoding, spelling } = options;
  const prune = pruneThresholds(options.prune ?? [0], order);
  if (encoding !== undefined && !isEncoding(encoding)) throw unknownEncoding(encoding);
  const vocabulary = new Vocabulary();
  const speller = spelling && (await openSpeller(vocabulary, unit, spelling));
  const counter = new NgramCounter({ order, memoryBytes, folder: options.temporaryFolder });
  try {
    const tokenizer = new Tokenizer(vocabulary, unit, (token) => counter.take(token), speller);
    const report = (stage: BuildProgress["stage"], done: number): Promise<void> => {
      options.onProgress?.({ stage, done, tokens: tokenizer.tokens });
      return stopPoint(options.signal);
    };
    for await (const { bytes, isLast, done } of readTexts(texts, encoding)) {
      tokenizer.feed(bytes);
      if (isLast) tokenizer.finish();
      await report("reading", done);
    }
    if (tokenizer.tokens === 0) throw emptyText(texts);
    const warnings = speller?.warnings() ?? [];
    const counts = await counter.finish((done) => report("counting", done));
    const excluded = excludedWords(counts, vocabulary, options.vocabulary, speller?.refused);
    const smoothed = await smooth(counts.levels(), { prune, excluded }, (done) => report("smoothing", done));
    const { tokens, sentences, specials } = tokenizer;
    return { ...pack(smoothed, vocabulary, unit), tokens, sentences, specials, warnings };
  } finally {
    counter.close();
  }
}

/** Loaded only where a text is spelled anew: with it comes what decoders need. */
async function openSpeller(vocabulary: Vocabulary, unit: Unit, spelling: Spelling): Promise<WordSpeller> {
  const { WordSpeller } = await import("./word-speller.ts");
  return new WordSpeller(vocabulary, unit, spelling);
}

/** Lets the program take note of Ctrl-C, and stops where it came. */
async function stopPoint(signal?: AbortSignal): Promise<void> {
  await nextTurn();
  signal?.throwIfAborted();
}

/** A threshold for each order. */
function pruneThresholds(given: readonly number[], order: number): number[] {
  const thresholds = Array.from({ length: order }, (_, i) => given[Math.min(i, given.length - 1)]);
  const valid = thresholds.every(
    (value, i) => Number.isSafeInteger(value) && value >= (thresholds[i - 1] ?? 0),
  );
  if (!valid || given.length > order) throw invalidPruning(given, order);
  return thresholds;
}

function invalidPruning(given: readonly number[], order: number): EarshotError {
  return new EarshotError({
    code: "INVALID_SETTING",
    where: "prune",
    problem: `Expected up to ${order} whole numbers that do not fall, but they are ${given.join(",")}.`,
    remedy: "For a trigram model without trigrams that occur once, give 0,0,1.",
  });
}

function unknownEncoding(label: string): EarshotError {
  return new EarshotError({
    code: "INVALID_SETTING",
    where: "encoding",
    problem: `"${label}" is no encoding that is known.`,
    remedy:
      "Give a label of the WHATWG Encoding standard, such as latin1, windows-1251, shift_jis or utf-16le.",
  });
}

function emptyText(texts: readonly (string | TextSource)[]): EarshotError {
  return new EarshotError({
    code: "EMPTY_TEXT",
    where: texts.map((text) => (typeof text === "string" ? text : text.name)).join(", "),
    problem: "There is no word to count.",
    remedy: "Give text with a sentence on each line.",
  });
}

/** 1 for every word that is refused, or not among the `limit` most frequent; of equally frequent ones the earlier stay. */
function excludedWords(
  counts: CountTrie,
  vocabulary: Vocabulary,
  limit = Infinity,
  refused: readonly number[] = [],
): Uint8Array | undefined {
  const { size } = vocabulary;
  const known = size - SENTENCE_END - 1 - refused.length;
  if (limit >= known && refused.length === 0) return undefined;
  const [unigrams] = counts.levels();
  const excluded = new Uint8Array(size);
  for (const word of refused) excluded[word] = 1;
  const words = Uint32Array.from({ length: size - SENTENCE_END - 1 }, (_, i) => i + SENTENCE_END + 1);
  const ranked = words.filter((word) => excluded[word] === 0);
  ranked.sort((a, b) => unigrams.counts[b] - unigrams.counts[a] || a - b);
  for (const word of ranked.subarray(limit)) excluded[word] = 1;
  return excluded;
}

/** The model of what is left, its words numbered anew where some are gone. */
function pack(orders: readonly SmoothedOrder[], vocabulary: Vocabulary, unit: Unit) {
  const [{ level: unigrams }] = orders;
  const levels = orders.map(({ level }) => level);
  const remaining = unigrams.words.length < vocabulary.size ? renumber(levels, vocabulary) : vocabulary;
  return {
    trie: packTrie(levels, remaining, unit),
    discounts: orders.map(({ discounts }) => discounts),
    fallbackOrders: orders.flatMap(({ fellBack }, index) => (fellBack ? [index + 1] : [])),
  };
}

function renumber(levels: readonly Level[], vocabulary: Vocabulary): Vocabulary {
  const remaining = new Vocabulary();
  const numbers = new Uint32Array(vocabulary.size);
  for (const word of levels[0].words) {
    const spelling = vocabulary.spelling(word);
    numbers[word] = remaining.add(spelling, 0, spelling.length);
  }
  for (const { words } of levels) for (let i = 0; i < words.length; i++) words[i] = numbers[words[i]];
  return remaining;
}
