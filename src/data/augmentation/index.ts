// Augmentation: new variants of known recordings. Every choice is a pure function of (seed, epoch, utterance).

export { augment, variantOn } from "./augment.ts";
export type { AugmentationPlan, AugmentationSource, AugmentedFrames } from "./augment.ts";
export { chooseTrim, trimFrames } from "./trim.ts";
export { addedSamples, applyEffects, chooseEffects, chooseLengthening, describeEffects } from "./effects.ts";
export type { Effects, EffectSettings, Sounds } from "./effects.ts";
export { drawFollower } from "./effects/joined.ts";
export type { Followers, Joined } from "./effects/joined.ts";
export { delayFeatures, maskFeatures, requireFrequencyAxis, varySpectrum } from "./frames.ts";
export { chooseVariant, randomFor } from "./occasion.ts";
export type { FrameTransform, Occasion } from "./occasion.ts";
export { augmentationPresets } from "./presets.ts";
export { augmentationSettings, NO_AUGMENTATION } from "./settings.ts";
export type { AugmentationSettings } from "./settings.ts";
export { applyTransforms } from "./transforms.ts";
