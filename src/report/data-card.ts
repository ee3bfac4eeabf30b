// What a run learned from and was measured on, counted from its manifests: utterances, speakers, words, and what the
// splits share. Knows no audio: lengths are in words.

import type { Utterance } from "../data/index.ts";
import { wordsOf } from "./confusions.ts";

export interface SplitCard {
  readonly split: string;
  readonly utterances: number;
  /** 0 when the manifest does not tell them. */
  readonly speakers: number;
  readonly words: number;
  /** Words that differ, in lower case. */
  readonly vocabulary: number;
  /** Words of an utterance. */
  readonly shortest: number;
  readonly median: number;
  readonly longest: number;
  /** Beside the training split; undefined for itself. */
  readonly overlap?: Overlap;
}

export interface Overlap {
  /** Words, counted as often as they are said, that training never hears. */
  readonly unknownWords: number;
  /** Utterances whose text is in the training split too. */
  readonly knownTexts: number;
  readonly knownSpeakers: number;
}

/** The training split first, then the others in the order of the manifests. */
export function dataCard(utterances: readonly Utterance[], trainSplit: string): SplitCard[] {
  const splits = new Map<string, Utterance[]>([[trainSplit, []]]);
  for (const utterance of utterances) {
    const rows = splits.get(utterance.split);
    if (rows) rows.push(utterance);
    else splits.set(utterance.split, [utterance]);
  }
  const train = contents(splits.get(trainSplit)!);
  return [...splits].map(([split, rows]) => {
    const own = contents(rows);
    const lengths = own.texts.map((text) => wordsOf(text).length).toSorted((a, b) => a - b);
    return {
      split,
      utterances: rows.length,
      speakers: own.speakers.size,
      words: own.words.length,
      vocabulary: new Set(own.words).size,
      shortest: lengths[0] ?? 0,
      median: lengths[lengths.length >> 1] ?? 0,
      longest: lengths.at(-1) ?? 0,
      ...(split !== trainSplit && { overlap: overlapOf(own, train) }),
    };
  });
}

interface Contents {
  readonly texts: readonly string[];
  readonly words: readonly string[];
  readonly speakers: ReadonlySet<string>;
}

function contents(rows: readonly Utterance[]): Contents {
  const texts = rows.map(({ transcript }) => transcript.toLowerCase());
  const speakers = new Set(rows.map(({ speaker }) => speaker).filter((speaker) => speaker !== ""));
  return { texts, words: texts.flatMap(wordsOf), speakers };
}

function overlapOf(own: Contents, train: Contents): Overlap {
  const [vocabulary, texts] = [new Set(train.words), new Set(train.texts)];
  return {
    unknownWords: own.words.filter((word) => !vocabulary.has(word)).length,
    knownTexts: own.texts.filter((text) => texts.has(text)).length,
    knownSpeakers: [...own.speakers].filter((speaker) => train.speakers.has(speaker)).length,
  };
}
