// Every recording at one level: a microphone's distance and gain say nothing about the words. Needs the whole recording,
// since a level is known when it ends. A gain adds the same to all logs of energies, so each is computed once: the frames
// are held as they are, without a floor, and have it when the gain is known, as if the samples had been scaled.

import type { FeatureSettings } from "./feature-settings.ts";
import { type Frames, joinFrames } from "./frames.ts";
import { FLOOR } from "./silent-frames.ts";
import { SpectralStream } from "./spectral-frames.ts";

/** The loudest frames make the level: pauses and soft endings do not, or the same word cut tightly were "louder". */
const LOUDEST_SHARE = 0.2;
/** −60 dB below full scale: what stays below is raised as if it reached that, so that silence does not become speech. */
const LEAST_PEAK = 1e-3;

/**
 * A SpectralStream of a recording that is scaled: the mean log energy of a frame's filters is then 0, on average over the
 * loudest fifth of the frames that have a signal. Of logs, so that a microphone's bass and its brightness count alike.
 */
export class LevelStream {
  readonly #spectral: SpectralStream;
  readonly #bins: number;
  #held: Frames[] = [];
  #peak = 0;

  constructor(settings: FeatureSettings) {
    this.#spectral = new SpectralStream(settings, 0);
    this.#bins = settings.bins;
  }

  /** No frames yet. */
  push(samples: Float32Array): Frames {
    for (let n = 0; n < samples.length; n++) this.#peak = Math.max(this.#peak, Math.abs(samples[n]));
    const frames = this.#spectral.push(samples);
    if (frames.frames > 0) this.#held.push(frames);
    return { ...frames, data: new Float32Array(0), frames: 0 };
  }

  /** Ends the recording: all its frames. */
  finish(): Frames {
    const frames = joinFrames([...this.#held, this.#spectral.finish()]);
    const peak = this.#peak;
    this.#held = [];
    this.#peak = 0;
    const toFullScale = peak > 0 ? -2 * Math.log(peak) : 0; // at any gain the same bins lie at the floor
    const level = peak > 0 ? this.#meanLogEnergy(frames, toFullScale) : 0;
    const gain = -level - 2 * Math.log(Math.max(peak, LEAST_PEAK)); // log of its square
    const { data } = frames; // held for this alone
    for (let at = 0; at < data.length; at++) data[at] = Math.max(data[at] + gain, FLOOR);
    return frames;
  }

  /** @param gain log of its square */
  #meanLogEnergy({ data, frames, size }: Frames, gain: number): number {
    const bins = this.#bins;
    const means = new Float64Array(frames);
    let sounds = 0;
    for (let t = 0; t < frames; t++) {
      let isSound = false;
      for (let f = 0; f < size; f++) {
        const log = Math.max(data[t * size + f] + gain, FLOOR);
        if (f < bins) means[t] += log / bins; // not the energy of the whole frame
        isSound ||= log > FLOOR;
      }
      if (isSound) sounds++;
    }
    const loudest = means.toSorted().subarray(-Math.max(1, Math.floor(LOUDEST_SHARE * sounds)));
    return loudest.reduce((sum, mean) => sum + mean, 0) / loudest.length;
  }
}
