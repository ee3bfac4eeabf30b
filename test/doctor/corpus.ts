// Corpora for the doctor's tests: recordings of the demo, heard once, from which each test takes some and spoils them.
// Faults are planted in rows and in samples; where and how large is drawn from a seed.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  computeFeatures,
  framesToMeasure,
  decodeAudio,
  measureStatistics,
  needsStatistics,
  normalizeFeatures,
  type FeatureStatistics,
} from "../../src/audio/index.ts";
import { readManifests, type Utterance } from "../../src/data/index.ts";
import type { CorpusEvidence, MeasuredUtterance } from "../../src/doctor/data/evidence.ts";
import { measureSound } from "../../src/doctor/data/sound.ts";
import type { RandomStream } from "../../src/random.ts";
import { alphabetOf, trainingSettings, type TrainingSettings } from "../../src/training/index.ts";

const MANIFEST = fileURLToPath(new URL("../../demo/corpus/manifest.csv", import.meta.url));

/** A row, its samples at 16 kHz, and what is known of them. */
export interface Recorded extends MeasuredUtterance {
  readonly samples: Float32Array;
}

/** What a fault is planted in; evidence is made of it afterwards. */
export interface Corpus {
  rows: Recorded[];
  leftOut: CorpusEvidence["leftOut"];
  unreadable: NonNullable<CorpusEvidence["unreadable"]>;
  settings: TrainingSettings;
}

/** Rows of the demo that train, and those that measure, heard. */
export async function hearDemo(train: number, dev: number): Promise<Recorded[]> {
  const { utterances } = await readManifests([MANIFEST]);
  const inSplit = (split: string, most: number): Utterance[] => {
    const rows = utterances.filter((row) => row.split === split);
    return rows.filter((_, i) => i % Math.max(1, Math.floor(rows.length / most)) === 0).slice(0, most);
  };
  const rows = [...inSplit("train", train), ...inSplit("dev", dev)];
  return Promise.all(rows.map(hearRow));
}

export async function hearRow(row: Utterance): Promise<Recorded> {
  const { samples, sourceRateHz, channels, channelPowers, warnings } = await decodeAudio(
    readFileSync(row.path),
    row.path,
  );
  const sound = measureSound(samples);
  return { ...row, samples, sound, sourceRateHz, channels, channelPowers, warnings, contentHash: row.path };
}

export const settingsOf = (settings: object = {}): TrainingSettings => trainingSettings.parse(settings);

/** Part of the rows, another for each seed, in their order. */
export function corpusOf(rows: readonly Recorded[], random: RandomStream, share = 0.85): Corpus {
  const kept = rows.filter(() => random.uniform() < share);
  return { rows: kept, leftOut: [], unreadable: [], settings: settingsOf() };
}

/** Other samples under a row. */
export const withSamples = (row: Recorded, samples: Float32Array): Recorded => ({
  ...row,
  samples,
  sound: measureSound(samples),
});

/** Indices of a random share of the rows, at least `least`. */
export function someOf(
  rows: readonly unknown[],
  random: RandomStream,
  from: number,
  to: number,
  least = 1,
): Set<number> {
  const share = from + (to - from) * random.uniform();
  const number = Math.max(least, Math.round(share * rows.length));
  return new Set(random.shuffle([...rows.keys()]).slice(0, number));
}

const FEATURE_ROWS = 6;

export function evidenceOf({ rows, leftOut, unreadable, settings }: Corpus): CorpusEvidence {
  return {
    utterances: [...rows, ...unreadable],
    leftOut,
    unreadable,
    measured: rows,
    settings,
    spelling: { alphabet: alphabetOf(settings), transcript: settings.transcript },
    features: featuresOf(rows, settings),
  };
}

export function featuresOf(rows: readonly Recorded[], { features }: TrainingSettings): FeatureStatistics {
  const chosen = rows.filter((_, i) => i % Math.ceil(rows.length / FEATURE_ROWS) === 0);
  const frames = chosen.map(({ samples }) => computeFeatures(samples, features));
  const training = needsStatistics(features)
    ? measureStatistics(frames.map((one) => framesToMeasure(one, features)))
    : undefined;
  return measureStatistics(frames.map((one) => normalizeFeatures(one, features, training)));
}
