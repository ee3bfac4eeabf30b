// The order in which an utterance is augmented, said once: training and the preview both follow it. Every choice is a
// function of the occasion. It knows neither where features are computed nor how they are normalized.

import type { FeatureSettings, Frames } from "../../audio/index.ts";
import type { Pace } from "../features/pace.ts";
import { chooseEffects, type Effects, type Sounds } from "./effects.ts";
import { chooseVocalTract, delayFeatures, maskFeatures, varySpectrum } from "./frames.ts";
import { chooseVariant, type FrameTransform, type Occasion } from "./occasion.ts";
import type { AugmentationSettings } from "./settings.ts";
import { applyTransforms } from "./transforms.ts";
import { chooseTrim, trimFrames } from "./trim.ts";

/** One utterance, and how its features are computed and normalized. */
export interface AugmentationSource<Variant extends Pace> {
  /** The paces at which it is long enough for its text. */
  readonly variants: readonly Variant[];
  /** Features [T, F] before normalization, at that pace and after these effects. */
  readonly computeFrames: (variant: Variant, effects: Effects) => Promise<Frames>;
  readonly normalize: (frames: Frames) => Frames;
  /** Whether so many frames are enough for its text. */
  readonly suffices: (frames: number) => boolean;
}

/** What is the same for all utterances of a corpus. */
export interface AugmentationPlan {
  readonly settings: AugmentationSettings;
  readonly features: FeatureSettings;
  readonly sounds: Sounds;
  readonly transforms?: readonly FrameTransform[];
}

/** The features that the network is given on an occasion, and all that was chosen for them. */
export interface AugmentedFrames<Variant extends Pace> {
  /** [T, F], normalized. */
  readonly frames: Frames;
  readonly variant: Variant;
  readonly effects: Effects;
  /** Factor of the frequency axis; 1 = as it is. */
  readonly vocalTract: number;
  /** Frames cut off at its ends. */
  readonly trimmedFrames: number;
  /** Frames of 0 before the utterance. */
  readonly delayFrames: number;
}

export async function augment<Variant extends Pace>(
  source: AugmentationSource<Variant>,
  { settings, features, sounds, transforms = [] }: AugmentationPlan,
  occasion: Occasion,
): Promise<AugmentedFrames<Variant>> {
  const variant = variantOn(source.variants, occasion);
  const effects = chooseEffects(settings, sounds, occasion, variant);
  const computed = await source.computeFrames(variant, effects);
  const varied = varySpectrum(computed, features, settings, occasion);
  const cut = trimFrames(varied, chooseTrim(varied, features, settings, occasion));
  const trimmed = source.suffices(cut.frames) ? cut : varied; // never to fewer frames than the text needs
  const delayed = delayFeatures(source.normalize(trimmed), settings, occasion); // a copy, safe to change
  maskFeatures(delayed.data, delayed.size, settings, occasion);
  return {
    frames: applyTransforms(transforms, delayed, occasion),
    variant,
    effects,
    vocalTract: chooseVocalTract(settings, occasion),
    trimmedFrames: computed.frames - trimmed.frames,
    delayFrames: delayed.frames - trimmed.frames,
  };
}

/** The pace of an utterance on an occasion. */
export function variantOn<Variant extends Pace>(variants: readonly Variant[], occasion: Occasion): Variant {
  return variants[chooseVariant(variants.length, occasion)];
}
