// New variants of known features [T, F]: another vocal tract (Jaitly & Hinton 2013) and another microphone before
// normalization; after it, masks over time and frequency (SpecAugment, Park et al. 2019) and a delay of a few frames.
// It does not read audio.

import { keepSilence, warpFrequencies, type FeatureSettings, type Frames } from "../../audio/index.ts";
import { EarshotError } from "../../errors.ts";
import type { RandomStream } from "../../random.ts";
import { uniformIn } from "./effects/effect.ts";
import { maskPolicies } from "./mask-policies.ts";
import { randomFor, type Occasion } from "./occasion.ts";
import type { AugmentationSettings } from "./settings.ts";

/** @throws EarshotError `NO_FREQUENCY_AXIS` where an augmentation is on that needs filter energies, of cepstral coefficients. */
export function requireFrequencyAxis(
  { kind }: Pick<FeatureSettings, "kind">,
  { vocalTract, microphoneDb, trim }: AugmentationSettings,
): void {
  if (kind !== "mfcc") return;
  const changes = [
    { name: "vocalTract", verb: "stretched", off: "[1, 1]", isOn: vocalTract.some((factor) => factor !== 1) },
    { name: "microphoneDb", verb: "filtered", off: "0", isOn: microphoneDb > 0 },
    { name: "trim.probability", verb: "trimmed by its energies", off: "0", isOn: trim.probability > 0 },
  ];
  const wanted = changes.find(({ isOn }) => isOn);
  if (wanted === undefined) return;
  const { name, verb, off } = wanted;
  throw new EarshotError({
    code: "NO_FREQUENCY_AXIS",
    where: `data.augmentation.${name}`,
    problem: `Features of the kind "mfcc" have no frequency axis that could be ${verb}.`,
    remedy: `Set features.kind to "log-mel" or "linear", or leave ${name} at ${off}.`,
  });
}

/** The frames, before normalization, of another speaker's vocal tract before another microphone. */
export function varySpectrum(
  frames: Frames,
  features: FeatureSettings,
  settings: AugmentationSettings,
  occasion: Occasion,
): Frames {
  const warped = warpVocalTract(frames, features, settings, occasion);
  const varied = filterMicrophone(warped, features, settings, occasion);
  return varied === frames ? frames : keepSilence(frames, varied);
}

/** The factor of the frequency axis on an occasion; 1 = as it is. */
export function chooseVocalTract({ vocalTract }: AugmentationSettings, occasion: Occasion): number {
  return uniformIn(vocalTract, randomFor("vocal tract", occasion));
}

/** The frames, before normalization, as a vocal tract of another length would give them. */
function warpVocalTract(
  frames: Frames,
  features: FeatureSettings,
  settings: AugmentationSettings,
  occasion: Occasion,
): Frames {
  const factor = chooseVocalTract(settings, occasion);
  return factor === 1 ? frames : warpFrequencies(frames, features, factor);
}

/** The frames, before normalization, as another microphone would give them: a filter adds its logarithm to each frame. */
function filterMicrophone(
  frames: Frames,
  { bins }: Pick<FeatureSettings, "bins">,
  { microphoneDb }: AugmentationSettings,
  occasion: Occasion,
): Frames {
  if (microphoneDb === 0) return frames;
  const filter = smoothFilter(bins, microphoneDb, randomFor("microphone", occasion));
  const data = frames.data.slice();
  for (let t = 0; t < frames.frames; t++) {
    for (let f = 0; f < bins; f++) data[t * frames.size + f] += filter[f];
  }
  return { ...frames, data };
}

/** Half a wave, one and one and a half over the bins, each with an amplitude of its own; natural logarithms of power. */
function smoothFilter(bins: number, mostDb: number, random: RandomStream): number[] {
  const amplitudes = [1, 2, 3].map(() => uniformIn([-mostDb, mostDb], random) * (Math.LN10 / 10));
  return Array.from({ length: bins }, (_, f) =>
    amplitudes.reduce((sum, a, k) => sum + a * Math.cos((Math.PI * (k + 1) * (f + 0.5)) / bins), 0),
  );
}

/** The same features after 0 … `delayFrames` frames of 0, which is their mean. */
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
  const { masks, widest } = maskPolicies[settings.maskPolicy](settings, frames);
  for (let mask = 0; mask < masks; mask++) {
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
