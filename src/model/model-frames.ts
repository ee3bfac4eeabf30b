// Samples → the frames that a network was trained on, by the settings that came with it.

import { computeFeatures, normalizeFeatures } from "../audio/index.ts";
import type { FeatureSettings, FeatureStatistics, Frames } from "../audio/index.ts";
import type { ModelInput } from "./acoustic-model.ts";

export interface FrameSettings {
  readonly features: FeatureSettings;
  /** Of the training set, where the normalization needs them. */
  readonly statistics?: FeatureStatistics;
}

/** Normalized frames [T, F]. @param samples mono at 16 kHz, in [-1, 1] */
export function normalizedFrames(samples: Float32Array, { features, statistics }: FrameSettings): Frames {
  return normalizeFeatures(computeFeatures(samples, features), features, statistics);
}

/** The frames as an input of one view; none for a silent recording. */
export function frameInput(samples: Float32Array, settings: FrameSettings): ModelInput {
  const frames = normalizedFrames(audible(samples), settings);
  return { length: frames.frames, views: [frames] };
}

/**
 * The samples, or none where every one is zero: normalization divides by the deviation, and of silence it would leave
 * rounding errors as large as speech, which a network takes for letters.
 */
export function audible(samples: Float32Array): Float32Array {
  return samples.every((sample) => sample === 0) ? samples.subarray(0, 0) : samples;
}
