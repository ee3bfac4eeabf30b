// Every recording at one level: a microphone's distance and gain say nothing about the words. Needs the whole recording,
// since a level is known when it ends. The samples are scaled, not the frames, so that the floor of features comes after.

import type { FeatureSettings } from "./feature-settings.ts";
import { joinFrames } from "./frames.ts";
import { joinBlocks } from "../join-blocks.ts";
import { isSilent } from "./silent-frames.ts";
import { SpectralStream } from "./spectral-frames.ts";

/** The loudest frames make the level: pauses and soft endings do not, or the same word cut tightly were "louder". */
const LOUDEST_SHARE = 0.2;
/** −60 dB below full scale: what stays below is raised as if it reached that, so that silence does not become speech. */
const LEAST_PEAK = 1e-3;

/**
 * Holds samples until the recording ends and gives them back scaled: the mean log energy of a frame's filters is then 0, on
 * average over the loudest fifth of the frames that have a signal. Of logs, so that a microphone's bass and its brightness count alike.
 */
export class LevelStream {
  readonly #settings: FeatureSettings;
  #held: Float32Array[] = [];

  constructor(settings: FeatureSettings) {
    this.#settings = settings.kind === "mfcc" ? { ...settings, kind: "log-mel" } : settings;
  }

  push(samples: Float32Array): void {
    this.#held.push(samples.slice());
  }

  /** Ends the recording: all its samples. */
  finish(): Float32Array {
    const samples = joinBlocks(this.#held);
    this.#held = [];
    const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    if (peak === 0) return samples;
    const full = samples.map((sample) => sample / peak); // at any gain the same bins lie at the floor
    const gain = Math.exp(-this.#meanLogEnergy(full) / 2) / Math.max(peak, LEAST_PEAK);
    return samples.map((sample) => gain * sample);
  }

  #meanLogEnergy(samples: Float32Array): number {
    const stream = new SpectralStream(this.#settings);
    const all = joinFrames([stream.push(samples), stream.finish()]);
    const { data, frames, size } = all;
    const { bins } = this.#settings;
    const energies = Float64Array.from({ length: frames }, (_, t) =>
      mean(data.subarray(t * size, t * size + bins)),
    );
    const sounds = energies.filter((_, t) => !isSilent(all, t)).length;
    return mean(energies.toSorted().subarray(-Math.max(1, Math.floor(LOUDEST_SHARE * sounds))));
  }
}

function mean(values: Float32Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
