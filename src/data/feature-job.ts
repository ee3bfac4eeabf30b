// What the main thread and a feature worker say to each other: plain data only, since functions cannot cross.

import type { FeatureSettings, Frames } from "../audio/index.ts";
import type { Fault, Warning } from "../errors.ts";

export interface FeatureJob {
  /** Absolute path of the recording. */
  readonly path: string;
  /** Factors of speed, 1 = as recorded: the file is decoded once for all of them. */
  readonly speeds: readonly number[];
  readonly settings: FeatureSettings;
}

/** A recording at one speed. */
export interface ComputedVariant {
  /** [T, F], before normalization; the buffer is transferred. */
  readonly frames: Frames;
  /** Length of the audio after the change of speed. */
  readonly seconds: number;
}

export interface ComputedFeatures {
  /** In the order of the speeds. */
  readonly variants: readonly ComputedVariant[];
  readonly warnings: readonly Warning[];
}

export type FeatureReply = { readonly features: ComputedFeatures } | { readonly fault: Fault };
