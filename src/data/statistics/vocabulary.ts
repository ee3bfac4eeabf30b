// The words and symbols of transcripts, in lower case and Unicode's normal form C, as training spells them by default.

import { collapseWhiteSpace } from "../../text/index.ts";

export interface TranscriptVocabulary {
  /** Spoken in all. */
  readonly words: number;
  /** Different ones. */
  readonly distinctWords: number;
  /** Each symbol and how often it stands there, the most frequent first; white space is one space. */
  readonly symbols: readonly (readonly [symbol: string, count: number])[];
}

/** Words of one split that another has never seen. */
export interface UnknownWords {
  /** Times that such a word is said. */
  readonly words: number;
  /** As a fraction of all words said. */
  readonly share: number;
  /** The most frequent ones. */
  readonly examples: readonly string[];
}

const EXAMPLES = 10;

/** Without outer and doubled white space. */
export const foldTranscript = (transcript: string): string =>
  collapseWhiteSpace(transcript.toLowerCase().normalize("NFC"));

const wordsOf = (text: string): string[] => (text === "" ? [] : text.split(" "));

/** @param texts folded. */
export function vocabularyOf(texts: readonly string[]): TranscriptVocabulary {
  const words = countAll(texts.flatMap(wordsOf));
  const symbols = new Map<string, number>();
  for (const text of texts) for (const symbol of text) symbols.set(symbol, (symbols.get(symbol) ?? 0) + 1);
  return {
    words: [...words.values()].reduce((sum, count) => sum + count, 0),
    distinctWords: words.size,
    symbols: byCount(symbols),
  };
}

/** @param texts folded, as `known` are. */
export function unknownWords(texts: readonly string[], known: readonly string[]): UnknownWords {
  const seen = new Set(known.flatMap(wordsOf));
  const said = texts.flatMap(wordsOf);
  const unknown = said.filter((word) => !seen.has(word));
  return {
    words: unknown.length,
    share: said.length === 0 ? 0 : unknown.length / said.length,
    examples: byCount(countAll(unknown))
      .slice(0, EXAMPLES)
      .map(([word]) => word),
  };
}

function countAll(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

/** Equal ones in the order of their code points. */
const byCount = (counts: ReadonlyMap<string, number>): [string, number][] =>
  [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
