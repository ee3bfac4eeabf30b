// What is asked of a feature worker and what it gives: plain data only, since functions cannot cross between threads.

import type { FeatureSettings, Frames } from "../../audio/index.ts";
import type { Warning } from "../../errors.ts";
import type { Effects } from "../augmentation/index.ts";
import type { Pace } from "./pace.ts";

export interface FeatureJob {
  /** Absolute path of the recording. */
  readonly path: string;
  /** The file is decoded once for all of them. */
  readonly paces: readonly Pace[];
  /** The recording at its only pace, where that is known: then nothing is decoded. The buffer is transferred. */
  readonly samples?: Float32Array;
  /** Whether the result brings the samples at each pace, as they are before effects. */
  readonly keepSamples?: boolean;
  /** What happens to the waveform at each pace; nothing by default. */
  readonly effects?: Effects;
  readonly settings: FeatureSettings;
}

/** A recording at one pace. */
export interface ComputedVariant {
  /** [T, F], before normalization; the buffer is transferred. */
  readonly frames: Frames;
  /** Before effects, where they were asked for. */
  readonly samples?: Float32Array;
  /** Length of the audio at that pace. */
  readonly seconds: number;
}

export interface ComputedFeatures {
  /** In the order of the paces. */
  readonly variants: readonly ComputedVariant[];
  readonly warnings: readonly Warning[];
}
