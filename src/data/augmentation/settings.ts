// The settings of augmentation: what may happen to a recording of the training set, how often and how much.
// By itself everything is off, and a preset switches it on; what has the same value always needs no random choice, and costs
// nothing.

import { z } from "../../settings.ts";
import { augmentationPresets, withPreset } from "./presets.ts";
import { maskPolicies, type MaskPolicy } from "./mask-policies.ts";
import { trimSettings } from "./trim.ts";
import { effectSettings } from "./effects.ts";
import { range } from "./effects/effect.ts";

const augmentationTable = z.strictObject({
  preset: z
    .enum(Object.keys(augmentationPresets) as [PresetName, ...PresetName[]])
    .default("auto")
    .describe(
      "Values for all that follows, which single settings replace: none, real-world (below), or auto, which is real-world where there are 100 training utterances or more, else none. The word alone will do: augmentation: none",
    ),
  speeds: z
    .array(z.number().min(0.5).max(2))
    .min(1)
    .default([1])
    .describe(
      "Factors of speed, one chosen anew for each utterance and epoch (Ko et al. 2015 take 0.9, 1.0, 1.1)",
    ),
  tempos: z
    .array(z.number().min(0.5).max(2))
    .min(1)
    .default([1])
    .describe(
      "Factors of tempo at the same pitch, one chosen anew for each utterance and epoch, together with a speed",
    ),
  vocalTract: range(0.5, 2)
    .default([1, 1])
    .describe(
      "Range of the factor that stretches the frequency axis, as another length of the vocal tract does; [1, 1] = off (Jaitly & Hinton 2013: 0.9–1.1)",
    ),
  microphoneDb: z
    .number()
    .min(0)
    .max(30)
    .default(0)
    .describe(
      "A smooth filter over the frequencies, as another microphone has: each of its three waves by at most so many dB; 0 = off (after FilterAugment, Nam et al. 2022)",
    ),
  trim: trimSettings.prefault({}),
  delayFrames: z
    .int()
    .min(0)
    .max(100)
    .default(0)
    .describe(
      "Frames of 0, which is the mean, put before an utterance at most: moves the phase of the network's stride",
    ),
  maskPolicy: z
    .enum(Object.keys(maskPolicies) as [MaskPolicy, ...MaskPolicy[]])
    .default("counts")
    .describe(
      "Masks over time: counts, as the next three settings say; adaptive, 4 in 100 frames, at most 20, each of up to 4 % of the utterance (Park et al. 2019b), so that short utterances keep what they say and long ones lose enough",
    ),
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
  ...effectSettings.shape,
});
export type AugmentationSettings = z.output<typeof augmentationTable>;
type PresetName = keyof typeof augmentationPresets;

/** A preset's name, or a table of settings. */
export const augmentationSettings = z.preprocess(withPreset, augmentationTable) as unknown as z.ZodType<
  AugmentationSettings,
  PresetName | z.input<typeof augmentationTable>
>;

/** Every recording as it is. */
export const NO_AUGMENTATION: AugmentationSettings = Object.freeze(augmentationSettings.parse({}));
