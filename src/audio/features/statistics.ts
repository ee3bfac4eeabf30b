// Mean and deviation of every bin of feature frames, gathered frame by frame, in one pass, and merged (Welford
// 1962; Chan, Golub and LeVeque 1979). Sums run in float64. Knows nothing of how frames were made or will be used.

import type { Frames } from "./frames.ts";
import { isSilent } from "./silent-frames.ts";

export interface FeatureStatistics {
  /** [F] */
  readonly mean: Float32Array;
  /** [F], never below 0.001 */
  readonly deviation: Float32Array;
}

/** A bin that never changes (digital silence) becomes 0, not noise blown up. */
export const LEAST_DEVIATION = 1e-3;

/**
 * Mean and deviation (of the population) of each bin, over frames that need never be in memory together. Frames without any
 * signal do not count.
 */
export class StatisticsStream {
  #count = 0;
  #mean = new Float64Array(0); // [F]
  #squares = new Float64Array(0); // [F], sums of squared distances from the mean so far

  /** Begins as if so many frames of these statistics had been seen (a Bayesian prior): further frames outweigh them. */
  static from({ mean, deviation }: FeatureStatistics, frames: number): StatisticsStream {
    const stream = new StatisticsStream();
    stream.#count = frames;
    stream.#mean = Float64Array.from(mean);
    stream.#squares = Float64Array.from(deviation, (value) => frames * value * value);
    return stream;
  }

  /** Whether no frame has counted. */
  get isEmpty(): boolean {
    return this.#count === 0;
  }

  push(all: Frames): void {
    const { data, frames, size } = all;
    this.#begin(size);
    const [mean, squares] = [this.#mean, this.#squares];
    for (let t = 0; t < frames; t++) {
      if (isSilent(all, t)) continue;
      this.#count++;
      for (let f = 0; f < size; f++) {
        const distance = data[t * size + f] - mean[f];
        mean[f] += distance / this.#count;
        squares[f] += distance * (data[t * size + f] - mean[f]);
      }
    }
  }

  /**
   * Takes in each frame and gives it back less the mean and divided by the deviation of all up to it.
   * @param given what is given back so, where that is not what is taken in
   */
  follow({ data: taken, frames, size }: Frames, { data }: Frames): Frames {
    const output = new Float32Array(data.length);
    for (let t = 0; t < frames; t++) {
      this.push({ data: taken.subarray(t * size, (t + 1) * size), frames: 1, size });
      const [mean, squares, count] = [this.#mean, this.#squares, this.#count];
      for (let f = 0; f < size; f++) {
        const deviation = Math.max(LEAST_DEVIATION, Math.sqrt(squares[f] / count));
        output[t * size + f] = (data[t * size + f] - mean[f]) / deviation;
      }
    }
    return { data: output, frames, size };
  }

  /** Takes in all that another stream has seen. */
  merge(other: StatisticsStream): void {
    if (other.#count === 0) return;
    this.#begin(other.#mean.length);
    const count = this.#count + other.#count;
    for (let f = 0; f < this.#mean.length; f++) {
      const distance = other.#mean[f] - this.#mean[f];
      this.#squares[f] += other.#squares[f] + (distance * distance * this.#count * other.#count) / count;
      this.#mean[f] += (distance * other.#count) / count;
    }
    this.#count = count;
  }

  /** Of all that was seen so far; more may follow. */
  statistics(): FeatureStatistics {
    const count = Math.max(1, this.#count);
    const deviation = this.#squares.map((sum) => Math.max(LEAST_DEVIATION, Math.sqrt(sum / count)));
    return { mean: Float32Array.from(this.#mean), deviation: Float32Array.from(deviation) };
  }

  #begin(size: number): void {
    if (this.#count === 0) [this.#mean, this.#squares] = [new Float64Array(size), new Float64Array(size)];
  }
}

/** The statistics of all frames together. */
export function measureStatistics(all: Iterable<Frames>): FeatureStatistics {
  const stream = new StatisticsStream();
  for (const frames of all) stream.push(frames);
  return stream.statistics();
}
