// What normalization needs of a training set: mean and deviation of its features as recorded, and those of each speaker.
// Nothing is kept in memory but sums. It does not know batches or paces.

import { framesToMeasure, StatisticsStream, type FeatureStatistics } from "../../audio/index.ts";
import type { FeatureStore, Recording } from "../features/feature-store.ts";
import { asRecorded, type PreparedUtterance } from "./prepare.ts";

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

export async function measureTrainingSet(
  all: readonly (PreparedUtterance & Recording)[],
  { store, signal }: { readonly store: FeatureStore; readonly signal?: AbortSignal },
): Promise<TrainingStatistics> {
  const { normalization, priorFrames } = store.settings;
  const utterances = spoken(all);
  const byName = new Map<string, StatisticsStream>();
  for (let start = 0; start < utterances.length; start += PART) {
    const part = utterances.slice(start, start + PART);
    const frames = await Promise.all(
      part.map((utterance) => store.frames(utterance, asRecorded(utterance.variants), signal)),
    );
    for (const [index, { speaker }] of part.entries()) {
      const name = normalization === "speaker" ? speaker : UNKNOWN;
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
