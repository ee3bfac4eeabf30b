// What the main thread and a feature worker say to each other: plain data only, since functions cannot cross.

import type { FeatureSettings, Frames } from "../audio/index.ts";
import type { Fault, Warning } from "../errors.ts";

export interface FeatureJob {
  /** Absolute path of the recording. */
  readonly path: string;
  /** Factor of speed, 1 = as recorded. */
  readonly speed: number;
  readonly settings: FeatureSettings;
}

export interface ComputedFeatures {
  /** [T, F], before normalization; the buffer is transferred. */
  readonly frames: Frames;
  /** Length of the audio after the change of speed. */
  readonly seconds: number;
  readonly warnings: readonly Warning[];
}

export type FeatureReply = { readonly features: ComputedFeatures } | { readonly fault: Fault };
