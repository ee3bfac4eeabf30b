// From text to a model: reads files, counts their n-grams, smooths the counts, and packs what stays. The counts of the
// distinct n-grams are held in memory; the text need not fit there.

import { EarshotError } from "../errors.ts";
import { DamagedPackingError, decompressPieces, nextTurn, readChunks, statFile } from "../platform/index.ts";
import { NgramCounter } from "./counter.ts";
import type { CountTrie } from "./count-trie.ts";
import { smooth } from "./kneser-ney.ts";
import type { Discounts, SmoothedOrder } from "./kneser-ney.ts";
import { Tokenizer } from "./tokenizer.ts";
import { packTrie } from "./trie.ts";
import type { Level, NgramTrie, Unit } from "./trie.ts";
import { SENTENCE_END, Vocabulary } from "./vocabulary.ts";

export interface BuildOptions {
  /** The longest n-grams, 1 to 8 words. */
  readonly order: number;
  /** N-grams of each order that occur at most so often are left out; the last number holds for all orders above. */
  readonly prune?: readonly number[];
  /** So many of the most frequent words stay, the others are unknown; by default all stay. */
  readonly vocabulary?: number;
  readonly unit?: Unit;
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
  /** [order] */
  readonly discounts: readonly Discounts[];
  /** The orders whose counts gave no discounts, so that 0.5, 1 and 1.5 were taken. */
  readonly fallbackOrders: readonly number[];
}

const DEFAULT_MEMORY_BYTES = 2 ** 30;

/**
 * Builds a model of text files, `.gz` ones too, a sentence a line.
 * @throws EarshotError INVALID_SETTING, EMPTY_TEXT, and what reading a file throws
 */
export async function buildLanguageModel(
  paths: readonly string[],
  options: BuildOptions,
): Promise<BuiltModel> {
  const { order, unit = "word", memoryBytes = DEFAULT_MEMORY_BYTES } = options;
  const prune = pruneThresholds(options.prune ?? [0], order);
  const vocabulary = new Vocabulary();
  const counter = new NgramCounter({ order, memoryBytes, folder: options.temporaryFolder });
  try {
    const tokenizer = new Tokenizer(vocabulary, unit, (token) => counter.take(token));
    const report = (stage: BuildProgress["stage"], done: number): Promise<void> => {
      options.onProgress?.({ stage, done, tokens: tokenizer.tokens });
      return stopPoint(options.signal);
    };
    await readTexts(paths, tokenizer, (done) => report("reading", done));
    if (tokenizer.tokens === 0) throw emptyText(paths);
    const counts = await counter.finish((done) => report("counting", done));
    const excluded = excludedWords(counts, vocabulary, options.vocabulary);
    const smoothed = await smooth(counts.levels(), { prune, excluded }, (done) => report("smoothing", done));
    const { tokens, sentences, specials } = tokenizer;
    return { ...pack(smoothed, vocabulary, unit), tokens, sentences, specials };
  } finally {
    counter.close();
  }
}

async function readTexts(
  paths: readonly string[],
  tokenizer: Tokenizer,
  report: (done: number) => Promise<void>,
): Promise<void> {
  const sizes = await Promise.all(paths.map(sizeOf));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let before = 0;
  for (const [index, path] of paths.entries()) {
    let read = 0;
    const counted = counting(readChunks(path), (bytes) => (read += bytes));
    for await (const piece of path.endsWith(".gz") ? unpacked(counted, path) : counted) {
      tokenizer.feed(piece);
      await report((before + read) / total);
    }
    tokenizer.finish();
    before += sizes[index];
  }
}

async function sizeOf(path: string): Promise<number> {
  const { kind, bytes } = await statFile(path);
  if (kind !== "folder") return bytes;
  const [problem, remedy] = [
    "It is a folder, and a text is to be read.",
    "Give the files in it: folder/*.txt",
  ];
  throw new EarshotError({ code: "FILE_SYSTEM", where: path, problem, remedy });
}

async function* counting(
  pieces: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    count(piece.length);
    yield piece;
  }
}

async function* unpacked(pieces: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* decompressPieces(pieces, "gzip");
  } catch (cause) {
    if (!(cause instanceof DamagedPackingError)) throw cause;
    const [problem, remedy] = ["It cannot be unpacked as gzip.", "Copy or download it again; it may be cut."];
    throw new EarshotError({ code: "UNREADABLE_TEXT", where: path, problem, remedy }, { cause });
  }
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

function emptyText(paths: readonly string[]): EarshotError {
  return new EarshotError({
    code: "EMPTY_TEXT",
    where: paths.join(", "),
    problem: "There is no word to count.",
    remedy: "Give text with a sentence on each line.",
  });
}

/** 1 for every word that is not among the `size` most frequent; of equally frequent ones the earlier stay. */
function excludedWords(counts: CountTrie, { size }: Vocabulary, limit?: number): Uint8Array | undefined {
  if (limit === undefined || limit >= size - SENTENCE_END - 1) return undefined;
  const [unigrams] = counts.levels();
  const words = Uint32Array.from({ length: size - SENTENCE_END - 1 }, (_, i) => i + SENTENCE_END + 1);
  words.sort((a, b) => unigrams.counts[b] - unigrams.counts[a] || a - b);
  const excluded = new Uint8Array(size);
  for (const word of words.subarray(limit)) excluded[word] = 1;
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
