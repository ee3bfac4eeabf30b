// How a lesson is trained: what was found to learn ten words from five recordings each. The stop is decided before it begins.

import type { LessonBase } from "./lesson.ts";
import { LESSON_PATHS } from "./lesson-store.ts";

/** Updates that fine-tuning takes, however few recordings there are. */
const FINE_TUNING_UPDATES = 180;
const FROM_NOTHING_UPDATES = 500;
const UTTERANCES_OF_A_BATCH = 8;
/** Recordings from which on the library's own augmentation, the real world, is worth its time. */
const MANY_RECORDINGS = 100;
/** Of few recordings of one voice: as another throat or microphone might have them, two at a time now and then (docs/log.md). */
const AUGMENTATION_OF_FEW = {
  preset: "none",
  speeds: [0.85, 0.92, 1, 1.08, 1.15],
  delayFrames: 2,
  vocalTract: [0.9, 1.1],
  microphoneDb: 6,
  frequencyMasks: 2,
  frequencyMaskBins: 10,
  joined: { probability: 0.3, gapMs: [50, 400] },
};

/** Closing the tab loses no more work than this, in seconds, and the update at hand. */
const CHECKPOINT_SECONDS = 2;

/** Settings of `earshot train`. @param utterances that are learned from */
export function settingsFor(base: LessonBase, utterances: number): Record<string, unknown> {
  const common = {
    report: false,
    threads: 1,
    checkpointSeconds: CHECKPOINT_SECONDS,
    data: { cacheDirectory: LESSON_PATHS.features, workers: 1, maxUtterances: UTTERANCES_OF_A_BATCH },
  };
  const epochsFor = (updates: number, fewest: number, most: number): number => {
    const batches = Math.ceil(utterances / UTTERANCES_OF_A_BATCH);
    return Math.min(most, Math.max(fewest, Math.ceil(updates / batches)));
  };
  if (base.kind !== "nothing") {
    const augmentation = utterances < MANY_RECORDINGS ? AUGMENTATION_OF_FEW : "auto";
    return {
      ...common,
      initialModel: LESSON_PATHS.base,
      epochs: epochsFor(FINE_TUNING_UPDATES, 8, 36),
      data: { ...common.data, augmentation },
    };
  }
  return {
    ...common,
    alphabet: "from-data",
    features: { bins: 40, windowMs: 25, level: "utterance" },
    network: { name: "deep-speech", cell: "gru", width: 96, recurrentLayers: 1, context: 5, stride: 3 },
    schedule: { name: "one-cycle", peak: 0.004 },
    epochs: epochsFor(FROM_NOTHING_UPDATES, 20, 120),
  };
}
