// Every recording at one level: a microphone's distance and gain say nothing about the words. Needs the whole recording,
// since a level is known when it ends. Knows nothing of deltas, which no level changes.

import type { FeatureSettings } from "./feature-settings.ts";
import { type Frames, joinFrames } from "./frames.ts";

/** The loudest frames make the level: pauses and soft endings do not, or the same word cut tightly were "louder". */
const LOUDEST_SHARE = 0.2;

/**
 * Holds frames of log energies until the recording ends and gives them back with the mean of their loudest fifth at 0. The
 * loudness of a frame is the mean of its logs, so that a microphone's bass and brightness count alike.
 */
export class LevelStream {
  readonly #isCepstrum: boolean;
  readonly #bins: number;
  #held: Frames[] = [];

  constructor({ kind, bins }: Pick<FeatureSettings, "kind" | "bins">) {
    this.#isCepstrum = kind === "mfcc";
    this.#bins = bins;
  }

  push(frames: Frames): Frames {
    this.#held.push(frames);
    return { data: new Float32Array(0), frames: 0, size: frames.size };
  }

  /** Ends the recording: all its frames. */
  finish(): Frames {
    const { data, frames, size } = joinFrames(this.#held);
    this.#held = [];
    const loudness = Float64Array.from({ length: frames }, (_, t) => this.#loudness(data, t * size));
    const level = meanOfLoudest(loudness);
    return { data: data.map((value, i) => value - this.#shift(i % size) * level), frames, size };
  }

  /** Mean of the logs of a frame's filters, which is also what the 0th coefficient of an orthonormal cepstrum holds. */
  #loudness(data: Float32Array, start: number): number {
    if (this.#isCepstrum) return data[start] / Math.sqrt(this.#bins);
    let sum = 0;
    for (let f = start; f < start + this.#bins; f++) sum += data[f];
    return sum / this.#bins;
  }

  /** By how much one value of a frame rises where all logs rise by 1. */
  #shift(value: number): number {
    if (!this.#isCepstrum) return 1;
    return value === 0 ? Math.sqrt(this.#bins) : 0;
  }
}

function meanOfLoudest(loudness: Float64Array): number {
  const count = Math.max(1, Math.floor(LOUDEST_SHARE * loudness.length));
  const loudest = loudness.toSorted().subarray(-count);
  return loudest.reduce((sum, value) => sum + value, 0) / count;
}
