// New variants of known features [T, F]: another vocal tract (Jaitly & Hinton 2013) before normalization; after it, masks
// over time and frequency (SpecAugment, Park et al. 2019) and a delay of a few frames. It does not read audio.

import { warpFrequencies, type FeatureSettings, type Frames } from "../../audio/index.ts";
import { EarshotError } from "../../errors.ts";
import type { RandomStream } from "../../random.ts";
import { uniformIn } from "./effects/effect.ts";
import { randomFor, type Occasion } from "./occasion.ts";
import type { AugmentationSettings } from "./settings.ts";

/** @throws EarshotError `NO_FREQUENCY_AXIS` when the vocal tract is to be warped in cepstral coefficients. */
export function requireFrequencyAxis(
  { kind }: Pick<FeatureSettings, "kind">,
  { vocalTract }: AugmentationSettings,
): void {
  if (kind !== "mfcc" || vocalTract.every((factor) => factor === 1)) return;
  throw new EarshotError({
    code: "NO_FREQUENCY_AXIS",
    where: "data.augmentation.vocalTract",
    problem: 'Features of the kind "mfcc" have no frequency axis that could be stretched.',
    remedy: 'Set features.kind to "log-mel" or "linear", or leave vocalTract at [1, 1].',
  });
}

/** The factor of the frequency axis on an occasion; 1 = as it is. */
export function chooseVocalTract({ vocalTract }: AugmentationSettings, occasion: Occasion): number {
  return uniformIn(vocalTract, randomFor("vocal tract", occasion));
}

/** The frames, before normalization, as a vocal tract of another length would give them. */
export function warpVocalTract(
  frames: Frames,
  features: FeatureSettings,
  settings: AugmentationSettings,
  occasion: Occasion,
): Frames {
  const factor = chooseVocalTract(settings, occasion);
  return factor === 1 ? frames : warpFrequencies(frames, features, factor);
}

/** The same features behind 0 … `delayFrames` frames of 0, which is their mean. A longer recording fits any text. */
export function delayFeatures(
  frames: Frames,
  { delayFrames }: AugmentationSettings,
  occasion: Occasion,
): Frames {
  const delay = randomFor("delay", occasion).integer(delayFrames + 1);
  const data = new Float32Array((delay + frames.frames) * frames.size);
  data.set(frames.data, delay * frames.size);
  return { data, frames: delay + frames.frames, size: frames.size };
}

/** Sets spans of normalized features [T, F] to 0, which is their mean, in place. */
export function maskFeatures(
  data: Float32Array,
  size: number,
  settings: AugmentationSettings,
  occasion: Occasion,
): void {
  const frames = data.length / size;
  const random = randomFor("mask", occasion);
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
