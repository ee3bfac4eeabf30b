// How a lesson is trained: what was found to learn ten words from five recordings each (recipes/tab). The stop is decided before it begins.

import few from "./few-recordings.json" with { type: "json" };
import type { LessonBase } from "./lesson.ts";
import { LESSON_PATHS } from "./lesson-store.ts";

/** Recordings from which on the library's own augmentation, the real world, is worth its time. */
const MANY_RECORDINGS = 100;
const FEWEST_EPOCHS = 8;

/** Closing the tab loses no more work than this, in seconds, and the update at hand. */
const CHECKPOINT_SECONDS = 2;

/** Settings of `earshot train`. @param utterances that are learned from */
export function settingsFor(base: LessonBase, utterances: number): Record<string, unknown> {
  const isFromNothing = base.kind === "nothing";
  const { updates, settings, augmentation } = isFromNothing ? few.fromNothing : few.fromModel;
  const epochs = Math.ceil(updates / Math.ceil(utterances / few.batch));
  return {
    ...settings,
    ...(isFromNothing ? { alphabet: "from-data" } : { initialModel: LESSON_PATHS.base }),
    epochs: Math.max(FEWEST_EPOCHS, epochs),
    report: false,
    threads: 1,
    checkpointSeconds: CHECKPOINT_SECONDS,
    data: {
      cacheDirectory: LESSON_PATHS.features,
      workers: 1,
      maxUtterances: few.batch,
      sortaGrad: false,
      augmentation: utterances < MANY_RECORDINGS ? { ...few.augmentation, ...augmentation } : "auto",
    },
  };
}
