// What a corpus is like, from its measured recordings: hours, speakers, rate of speech, lengths, vocabulary, and what its
// splits share. A test set that shares speakers or sentences with the training flatters every recognizer.

import type { Warning } from "../../errors.ts";
import { countSources } from "../corpus/portions.ts";
import { cutAlike, type Cut } from "./cut.ts";
import type { Measured } from "./measure.ts";
import { distributionOf, type Distribution } from "./distribution.ts";
import {
  foldTranscript,
  unknownWords,
  vocabularyOf,
  type UnknownWords,
  type TranscriptVocabulary,
} from "./vocabulary.ts";

export interface SplitStatistics {
  /** Undefined for all splits together. */
  readonly split?: string;
  readonly utterances: number;
  /** Different ones; rows that do not say who speaks count as none. */
  readonly speakers: number;
  /** Who made the recordings, people or speech engines, and how many of each, the most frequent first. */
  readonly sources: readonly (readonly [source: string, count: number])[];
  /** Of recordings; undefined where there are none, as below. */
  readonly seconds?: Distribution;
  /** Of recordings: silence before the speech and behind it, and the level of the speech in dB of full scale. */
  readonly msBefore?: Distribution;
  readonly msAfter?: Distribution;
  readonly levelDb?: Distribution;
  /** Of transcripts, in characters with their spaces. */
  readonly characters?: Distribution;
  readonly charactersPerSecond?: Distribution;
  /** Sample rates and how many recordings have each, the most frequent first. */
  readonly rates: readonly (readonly [rateHz: number, count: number])[];
  readonly vocabulary: TranscriptVocabulary;
  /** Of the words of "train"; undefined for train itself, and where there is no such split. */
  readonly unknownWords?: UnknownWords;
}

/** What two splits have in common; counts are of different ones. */
export interface Overlap {
  readonly splits: readonly [string, string];
  readonly speakers: number;
  readonly transcripts: number;
  /** Recordings of the same bytes, whatever their names. */
  readonly recordings: number;
}

export interface CorpusStatistics {
  readonly all: SplitStatistics;
  /** Train, dev and test first, others by name. */
  readonly splits: readonly SplitStatistics[];
  /** Of every two splits. */
  readonly overlaps: readonly Overlap[];
  /** What is likely to hurt whoever trains on it. */
  readonly warnings: readonly Warning[];
}

export function describeCorpus(measured: readonly Measured[]): CorpusStatistics {
  const names = [...new Set(measured.map(({ utterance }) => utterance.split))].toSorted(inUsualOrder);
  const members = new Map(
    names.map((name) => [name, measured.filter(({ utterance }) => utterance.split === name)]),
  );
  const train = members.get("train");
  return {
    all: describeSplit(measured),
    splits: [...members].map(([split, rows]) => ({
      split,
      ...describeSplit(rows),
      ...(split !== "train" && train && { unknownWords: unknownWords(rows.map(textOf), train.map(textOf)) }),
    })),
    overlaps: names.flatMap((a, index) =>
      names.slice(index + 1).map((b) => overlapOf([a, b], members.get(a)!, members.get(b)!)),
    ),
    warnings: warningsOf(measured.map(({ cut }) => cut)),
  };
}

function warningsOf(cuts: readonly Cut[]): Warning[] {
  const { ends } = cutAlike(cuts);
  if (ends === undefined) return [];
  const message = `${ends}. A network trained on nothing else does not know what to make of the silence at a microphone: train with data.augmentation: real-world, the default from 100 utterances on, and see earshot doctor.`;
  return [{ code: "CUT_ALIKE", message }];
}

const USUAL = ["train", "dev", "test"];

function inUsualOrder(a: string, b: string): number {
  const rank = (name: string): number => (USUAL.includes(name) ? USUAL.indexOf(name) : USUAL.length);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

const textOf = ({ utterance }: Measured): string => foldTranscript(utterance.transcript);
const speakerOf = ({ utterance }: Measured): string => utterance.speaker;
const hashOf = ({ hash }: Measured): string => hash;

function describeSplit(rows: readonly Measured[]): SplitStatistics {
  const texts = rows.map(textOf);
  const lengths = texts.map((text) => [...text].length);
  const spoken = rows.map(({ seconds }, index) => lengths[index] / seconds).filter(Number.isFinite);
  return {
    utterances: rows.length,
    speakers: distinct(rows, speakerOf).size,
    sources: countSources(rows.map(({ utterance }) => utterance)),
    seconds: distributionOf(rows.map(({ seconds }) => seconds)),
    msBefore: distributionOf(rows.map(({ cut }) => cut.msBefore)),
    msAfter: distributionOf(rows.map(({ cut }) => cut.msAfter)),
    levelDb: distributionOf(rows.map(({ cut }) => cut.levelDb).filter((level) => level !== undefined)),
    characters: distributionOf(lengths),
    charactersPerSecond: distributionOf(spoken),
    rates: countRates(rows),
    vocabulary: vocabularyOf(texts),
  };
}

function countRates(rows: readonly Measured[]): [number, number][] {
  const counts = new Map<number, number>();
  for (const { rateHz } of rows) counts.set(rateHz, (counts.get(rateHz) ?? 0) + 1);
  return [...counts].toSorted(([a, m], [b, n]) => n - m || a - b);
}

/** An empty value means that it is not known, and counts as none. */
const distinct = (rows: readonly Measured[], of: (row: Measured) => string): Set<string> =>
  new Set(rows.map(of).filter((value) => value !== ""));

function overlapOf(
  splits: readonly [string, string],
  first: readonly Measured[],
  second: readonly Measured[],
): Overlap {
  const shared = (of: (row: Measured) => string): number => {
    const known = distinct(first, of);
    return [...distinct(second, of)].filter((value) => known.has(value)).length;
  };
  return { splits, speakers: shared(speakerOf), transcripts: shared(textOf), recordings: shared(hashOf) };
}
