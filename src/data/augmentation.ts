// New variants of known recordings: speed perturbation (Ko et al. 2015), masks over time and frequency (SpecAugment,
// Park et al. 2019), and a delay of a few frames. Every choice is a pure function of (seed, epoch, utterance), so that a
// resumed run hears the same. It does not read audio: speeds are chosen here and applied where features are computed.

import type { Frames } from "../audio/index.ts";
import { RandomStream } from "../random.ts";
import { z } from "../settings.ts";

export const augmentationSettings = z.strictObject({
  speeds: z
    .array(z.number().min(0.5).max(2))
    .min(1)
    .default([1])
    .describe(
      "Factors of speed, one chosen anew for each utterance and epoch (Ko et al. 2015 take 0.9, 1.0, 1.1)",
    ),
  delayFrames: z
    .int()
    .min(0)
    .max(100)
    .default(0)
    .describe("Silent frames put before an utterance at most: moves the phase of the network's stride"),
  timeMasks: z
    .int()
    .min(0)
    .default(0)
    .describe("Masks over time for each utterance; 0 = off (Park et al. 2019: 2)"),
  timeMaskFrames: z
    .int()
    .min(0)
    .default(40)
    .describe("Frames of a time mask at most (Park et al. 2019: 70–100)"),
  timeMaskShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe("Share of an utterance that one time mask may cover at most (Park et al. 2019: 0.2–1)"),
  frequencyMasks: z
    .int()
    .min(0)
    .default(0)
    .describe("Masks over frequency for each utterance; 0 = off (Park et al. 2019: 2)"),
  frequencyMaskBins: z
    .int()
    .min(0)
    .default(15)
    .describe("Bins of a frequency mask at most (Park et al. 2019: 15–27 of 80)"),
});
export type AugmentationSettings = z.output<typeof augmentationSettings>;

/** Every recording as it is. */
export const NO_AUGMENTATION: AugmentationSettings = Object.freeze(augmentationSettings.parse({}));

/** What a random choice depends on. */
export interface Occasion {
  readonly seed: number;
  readonly epoch: number;
  /** Index of the utterance in its corpus. */
  readonly utterance: number;
}

/** Which of `count` variants an utterance takes, uniform over 0 … count − 1. */
export function chooseVariant(count: number, { seed, epoch, utterance }: Occasion): number {
  return count === 1 ? 0 : new RandomStream(seed, "speed", epoch, utterance).integer(count);
}

/** The same features behind 0 … `delayFrames` frames of 0, which is their mean. A longer recording fits any text. */
export function delayFeatures(
  frames: Frames,
  { delayFrames }: AugmentationSettings,
  occasion: Occasion,
): Frames {
  const { seed, epoch, utterance } = occasion;
  const delay = new RandomStream(seed, "delay", epoch, utterance).integer(delayFrames + 1);
  const data = new Float32Array((delay + frames.frames) * frames.size);
  data.set(frames.data, delay * frames.size);
  return { data, frames: delay + frames.frames, size: frames.size };
}

/** Sets spans of normalized features [T, F] to 0, which is their mean, in place. */
export function maskFeatures(
  data: Float32Array,
  size: number,
  settings: AugmentationSettings,
  { seed, epoch, utterance }: Occasion,
): void {
  const frames = data.length / size;
  const random = new RandomStream(seed, "mask", epoch, utterance);
  const widest = Math.min(settings.timeMaskFrames, Math.floor(settings.timeMaskShare * frames));
  for (let mask = 0; mask < settings.timeMasks; mask++) {
    const { start, end } = span(random, widest, frames);
    data.fill(0, start * size, end * size);
  }
  for (let mask = 0; mask < settings.frequencyMasks; mask++) {
    const { start, end } = span(random, Math.min(settings.frequencyMaskBins, size), size);
    for (let t = 0; t < frames; t++) data.fill(0, t * size + start, t * size + end);
  }
}

/** A width uniform over 0 … widest, then a start uniform over where it fits. */
function span(random: RandomStream, widest: number, extent: number): { start: number; end: number } {
  const width = random.integer(widest + 1);
  const start = random.integer(extent - width + 1);
  return { start, end: start + width };
}
