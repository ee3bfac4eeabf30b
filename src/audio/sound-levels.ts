// How loud a recording is, as two numbers for each 10 ms: of all it holds, and of its high frequencies, in which an "s" is
// loud that the whole hides. They tell where speech begins and ends. A stream first: every chunking gives the same. Knows
// nothing of speech.

import { SAMPLE_RATE_HZ } from "./resample.ts";

export const LEVEL_HOP_MS = 10;
const HOP = (SAMPLE_RATE_HZ * LEVEL_HOP_MS) / 1000; // samples

/** Silence is −100 dB of full scale: exact zeros have no logarithm. */
const SILENCE = 1e-10;

/** In dB of full scale, one for each 10 ms; a constant offset is no sound. */
export interface SoundLevels {
  readonly all: Float32Array;
  /** Of the differences from sample to sample: 6 dB more for each octave. */
  readonly high: Float32Array;
}

/** The levels of a recording so far: 8 bytes for each 10 ms. */
export class SoundLevelStream {
  #all = new Float32Array(1024);
  #high = new Float32Array(1024);
  #count = 0;
  #dropped = 0;
  readonly #hop = new Float32Array(HOP);
  /** Samples of the unfinished hop. */
  #filled = 0;

  /** @param samples mono at 16 kHz, in [-1, 1] */
  push(samples: Float32Array): void {
    for (let at = 0; at < samples.length;) {
      const part = samples.subarray(at, at + HOP - this.#filled);
      this.#hop.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === HOP) this.#endHop();
    }
  }

  /** Of the whole hops so far, but for those dropped. */
  levels(): SoundLevels {
    return { all: this.#all.subarray(0, this.#count), high: this.#high.subarray(0, this.#count) };
  }

  /** Hops at the beginning that have been dropped. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Drops the levels before a hop of the recording, where they are a good part of what is held. */
  dropBefore(hop: number): void {
    const excess = Math.min(hop - this.#dropped, this.#count);
    if (2 * excess < this.#count) return;
    for (const levels of [this.#all, this.#high]) levels.copyWithin(0, excess, this.#count);
    this.#count -= excess;
    this.#dropped += excess;
  }

  #endHop(): void {
    if (this.#count === this.#all.length) [this.#all, this.#high] = [doubled(this.#all), doubled(this.#high)];
    this.#all[this.#count] = decibels(variance(this.#hop));
    this.#high[this.#count] = decibels(meanSquareDifference(this.#hop));
    this.#count++;
    this.#filled = 0;
  }
}

const decibels = (power: number): number => 10 * Math.log10(power + SILENCE);

function variance(samples: Float32Array): number {
  let [sum, squares] = [0, 0];
  for (let n = 0; n < samples.length; n++) {
    sum += samples[n];
    squares += samples[n] * samples[n];
  }
  const mean = sum / samples.length;
  return Math.max(0, squares / samples.length - mean * mean);
}

function meanSquareDifference(samples: Float32Array): number {
  let squares = 0;
  for (let n = 1; n < samples.length; n++) squares += (samples[n] - samples[n - 1]) ** 2;
  return squares / (samples.length - 1);
}

function doubled(array: Float32Array): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(2 * array.length);
  larger.set(array);
  return larger;
}

/** The levels of a whole recording. @param samples mono at 16 kHz, in [-1, 1] */
export function soundLevels(samples: Float32Array): SoundLevels {
  const stream = new SoundLevelStream();
  stream.push(samples);
  return stream.levels();
}
