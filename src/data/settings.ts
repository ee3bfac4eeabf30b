// The settings of data: how batches are made, where features are cached, how recordings are varied.

import { z } from "../settings.ts";
import { augmentationSettings } from "./augmentation/index.ts";

export const dataSettings = z.strictObject({
  batchFrames: z
    .int()
    .min(1)
    .default(16_000)
    .describe("Padded frames of a batch, utterances × longest, at most: sets the memory of a step"),
  maxUtterances: z
    .int()
    .min(1)
    .default(8)
    .describe(
      "Utterances of a batch at most: small batches learn small corpora in fewer epochs (docs/log.md)",
    ),
  weights: z
    .record(z.string().min(1), z.number().min(0).max(1000))
    .default({})
    .describe(
      "How often an epoch has each utterance of a source, which the manifest's column of that name tells (human where it does not): {human: 3, kokoro: 0.5} has three turns of every human's, each augmented anew, and every other one of kokoro's, drawn by the seed; 1 where a source is not named",
    ),
  sortaGrad: z
    .boolean()
    .default(true)
    .describe("First epoch from short to long utterances (Amodei et al. 2015, section 3.2)"),
  workers: z
    .int()
    .min(1)
    .optional()
    .describe(
      "Threads that compute features, as many as there are cores when not set: they sleep once features are cached",
    ),
  cacheDirectory: z.string().min(1).default(".earshot/features").describe("Folder of computed features"),
  cacheMegabytes: z
    .number()
    .min(0)
    .default(4096)
    .describe("Size of that folder at most, in megabytes of 10⁶ bytes; 0 keeps nothing"),
  prefetch: z.int().min(0).default(4).describe("Batches made ready ahead of the train step"),
  augmentation: augmentationSettings.prefault({}),
});
export type DataSettings = z.output<typeof dataSettings>;

/** The same settings for another working folder: every path in them made absolute. */
export function anchorPaths(data: DataSettings, absolute: (path: string) => string): DataSettings {
  const { noise, reverberation } = data.augmentation;
  const all = (paths: readonly string[]): string[] => paths.map((path) => absolute(path));
  return {
    ...data,
    cacheDirectory: absolute(data.cacheDirectory),
    augmentation: {
      ...data.augmentation,
      noise: { ...noise, paths: all(noise.paths), like: all(noise.like) },
      reverberation: { ...reverberation, paths: all(reverberation.paths) },
    },
  };
}
