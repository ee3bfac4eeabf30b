// What an effect on the waveform is: chosen on the main thread as plain data, applied in the thread that computes features.
// One that lengthens a recording says by how much when it is chosen, for batches are planned by length; tempo and speed,
// which change the length too, are variants.

import { z } from "../../../settings.ts";
import type { RandomStream } from "../../../random.ts";
import type { Pace } from "../../features/pace.ts";

export interface Effect<Settings, Choice, Sounds = readonly string[]> {
  /**
   * What to do this time, as data that can cross to another thread; undefined for nothing.
   * @param sounds paths of the recordings that the settings name, where they name any; for babble those of the corpus
   */
  choose(settings: Settings, random: RandomStream, own: Own, sounds?: Sounds): Choice | undefined;
  /** A choice in words, by what each of them says. */
  describe(choice: Choice): Readonly<Record<string, string>>;
  /** How many samples a choice adds, at most; none when absent. */
  addedSamples?(choice: Choice): number;
  /** Applies a choice. @param samples mono at 16 kHz, not to be changed @returns as many samples, and those added */
  apply(samples: Float32Array, choice: Choice, library: Library): Float32Array | Promise<Float32Array>;
}

/** The utterance to which something happens. */
export interface Own {
  /** In its corpus. */
  readonly index: number;
  readonly pace: Pace;
}

/** Where effects find the recordings that were chosen. */
export interface Library {
  read(path: string): Promise<Sound>;
}

export interface Sound {
  /** Mono at 16 kHz, not to be changed. */
  readonly samples: Float32Array;
  /** Mean square without pauses (ITU-T P.56); measured once, since a noise is longer than most utterances. */
  readonly activePower: number;
}

/** From a lowest to a highest value, both within bounds. */
export const range = (least: number, most: number) => {
  const value = z.number().min(least).max(most);
  return z
    .tuple([value, value])
    .refine(([low, high]) => low <= high, "the first value must not exceed the second");
};

export const probability = (value: number) =>
  z.number().min(0).max(1).default(value).describe("Share of utterances that it happens to in an epoch");

/** The last part of a path. */
export const fileName = (path: string): string => path.replace(/^.*[/\\]/, "");

/** Uniform in [low, high). */
export function uniformIn([low, high]: readonly [number, number], random: RandomStream): number {
  return low + (high - low) * random.uniform();
}
