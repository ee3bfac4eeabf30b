// What normalization needs of a training set: mean and deviation of its features as recorded, and those of each speaker.
// Nothing is kept in memory but sums. It does not know batches or paces.

import {
  featureSize,
  framesToMeasure,
  StatisticsStream,
  type FeatureSettings,
  type FeatureStatistics,
} from "../../audio/index.ts";
import type { FeatureStore } from "../features/feature-store.ts";
import type { Recording } from "../features/recording.ts";
import { asRecorded } from "./prepare.ts";
import type { PreparedUtterance } from "./utterances.ts";

export interface TrainingStatistics {
  /** Over all utterances. */
  readonly training: FeatureStatistics;
  /**
   * By name: of all that the speaker says, with those of the training set added as `priorFrames` frames; empty unless
   * normalization is by speaker.
   */
  readonly speakers: ReadonlyMap<string, FeatureStatistics>;
}

/** Those in which something is said: noise that is to be rejected says nothing of how people speak. All, where none is. */
function spoken<Kind extends PreparedUtterance>(utterances: readonly Kind[]): readonly Kind[] {
  const withWords = utterances.filter(({ text }) => text !== "");
  return withWords.length > 0 ? withWords : utterances;
}

/** Utterances held in memory at a time. */
const PART = 64;

/** Recordings without a speaker are normalized one by one, not as the speech of one person. */
const UNKNOWN = "";

/** Whose statistics an utterance counts for: its speaker's only where normalization is by speaker. */
const nameOf = ({ speaker }: PreparedUtterance, { normalization }: FeatureSettings): string =>
  normalization === "speaker" ? speaker : UNKNOWN;

/**
 * Hours that are measured for each name. More would hardly change the statistics, and features that no longer fit into the cache
 * would be computed twice.
 */
const MOST_HOURS = 10;

/** A training set that was measured before with the same features is not read again. */
export async function measureTrainingSet(
  all: readonly (PreparedUtterance & Recording)[],
  options: TrainingSetOptions,
): Promise<TrainingStatistics> {
  const { store } = options;
  const utterances = sampled(spoken(all), store.settings);
  const names = speakersOf(utterances, store.settings);
  const key = keyOf(utterances, store);
  const size = featureSize(store.settings);
  const known = await store.recall(key);
  if (known?.length === 2 * size * (1 + names.length)) return unpack(known, size, names);
  const measured = await measure(utterances, options);
  await store.keep(key, pack(measured, names));
  return measured;
}

export interface TrainingSetOptions {
  readonly store: FeatureStore;
  readonly signal?: AbortSignal;
}

/** Every n-th utterance of a name that has more than `MOST_HOURS`. */
function sampled<Kind extends PreparedUtterance>(all: readonly Kind[], settings: FeatureSettings): Kind[] {
  const seconds = new Map<string, number>();
  for (const each of all) {
    const name = nameOf(each, settings);
    seconds.set(name, (seconds.get(name) ?? 0) + asRecorded(each.variants).seconds);
  }
  const seen = new Map<string, number>();
  return all.filter((each) => {
    const name = nameOf(each, settings);
    const place = seen.get(name) ?? 0;
    seen.set(name, place + 1);
    return place % Math.ceil(seconds.get(name)! / (3600 * MOST_HOURS)) === 0;
  });
}

/** Those with statistics of their own, in the order in which they first speak. */
const speakersOf = (utterances: readonly PreparedUtterance[], settings: FeatureSettings): string[] =>
  [...new Set(utterances.map((utterance) => nameOf(utterance, settings)))].filter((name) => name !== UNKNOWN);

function keyOf(utterances: readonly (PreparedUtterance & Recording)[], store: FeatureStore): string {
  const { normalization, priorFrames } = store.settings;
  const speakers = normalization === "speaker" ? utterances.map(({ speaker }) => speaker) : [];
  const recordings = utterances.map((utterance) => [utterance, asRecorded(utterance.variants)] as const);
  return store.keyOf([normalization, priorFrames, ...speakers], recordings);
}

/** [1 + speakers][mean, deviation][F] */
function pack({ training, speakers }: TrainingStatistics, names: readonly string[]): Float32Array {
  const all = [training, ...names.map((name) => speakers.get(name)!)];
  return Float32Array.from(all.flatMap(({ mean, deviation }) => [...mean, ...deviation]));
}

function unpack(numbers: Float32Array, size: number, names: readonly string[]): TrainingStatistics {
  const at = (row: number): FeatureStatistics => ({
    mean: numbers.slice(2 * row * size, (2 * row + 1) * size),
    deviation: numbers.slice((2 * row + 1) * size, (2 * row + 2) * size),
  });
  return { training: at(0), speakers: new Map(names.map((name, index) => [name, at(index + 1)])) };
}

async function measure(
  utterances: readonly (PreparedUtterance & Recording)[],
  { store, signal }: TrainingSetOptions,
): Promise<TrainingStatistics> {
  const { priorFrames } = store.settings;
  const byName = new Map<string, StatisticsStream>();
  for (let start = 0; start < utterances.length; start += PART) {
    const part = utterances.slice(start, start + PART);
    const frames = await Promise.all(
      part.map((utterance) => store.frames(utterance, asRecorded(utterance.variants), signal)),
    );
    for (const [index, utterance] of part.entries()) {
      const name = nameOf(utterance, store.settings);
      const stream = byName.get(name) ?? new StatisticsStream();
      byName.set(name, stream);
      stream.push(framesToMeasure(frames[index], store.settings));
    }
  }
  const everyone = new StatisticsStream();
  for (const stream of byName.values()) everyone.merge(stream);
  const training = everyone.statistics();
  byName.delete(UNKNOWN);
  const withPrior = (own: StatisticsStream): FeatureStatistics => {
    const stream = StatisticsStream.from(training, priorFrames);
    stream.merge(own);
    return stream.statistics();
  };
  return { training, speakers: new Map([...byName].map(([name, own]) => [name, withPrior(own)])) };
}
