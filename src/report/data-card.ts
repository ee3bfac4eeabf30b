// What a run learned from and was measured on, counted from its manifests: utterances, speakers, words, and what the
// splits share with the training split. It opens no recording, which `earshot data stats` does.

import {
  countSources,
  distributionOf,
  foldTranscript,
  unknownWords,
  vocabularyOf,
  type Distribution,
  type UnknownWords,
  type Utterance,
  type TranscriptVocabulary,
} from "../data/index.ts";
import { wordsOf } from "./confusions.ts";

export interface SplitCard {
  readonly split: string;
  readonly utterances: number;
  /** 0 when the manifest does not name them. */
  readonly speakers: number;
  /** Who made the recordings, and how many of each. */
  readonly sources: readonly (readonly [source: string, count: number])[];
  readonly vocabulary: TranscriptVocabulary;
  /** Words of an utterance; undefined of no utterances. */
  readonly lengths?: Distribution;
  /** With the training split; undefined for itself. */
  readonly overlap?: SharedWithTraining;
}

export interface SharedWithTraining {
  readonly unknownWords: UnknownWords;
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
    return {
      split,
      utterances: rows.length,
      speakers: own.speakers.size,
      sources: countSources(rows),
      vocabulary: vocabularyOf(own.texts),
      lengths: distributionOf(own.texts.map((text) => wordsOf(text).length)),
      ...(split !== trainSplit && { overlap: overlapOf(own, train) }),
    };
  });
}

interface Contents {
  readonly texts: readonly string[];
  readonly speakers: ReadonlySet<string>;
}

function contents(rows: readonly Utterance[]): Contents {
  const speakers = new Set(rows.map(({ speaker }) => speaker).filter((speaker) => speaker !== ""));
  return { texts: rows.map(({ transcript }) => foldTranscript(transcript)), speakers };
}

function overlapOf(own: Contents, train: Contents): SharedWithTraining {
  const known = new Set(train.texts);
  return {
    unknownWords: unknownWords(own.texts, train.texts),
    knownTexts: own.texts.filter((text) => known.has(text)).length,
    knownSpeakers: [...own.speakers].filter((speaker) => train.speakers.has(speaker)).length,
  };
}
