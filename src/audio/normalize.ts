// Mean 0 and deviation 1 for every bin, over one utterance or by the statistics of a whole training set (Deep Speech,
// section 5). Sums run in float64. Knows nothing of how frames were made.

import { EarshotError } from "../errors.ts";
import type { FeatureSettings } from "./feature-settings.ts";
import type { Frames } from "./frames.ts";

export interface FeatureStatistics {
  /** [F] */
  readonly mean: Float32Array;
  /** [F], never below 0.001 */
  readonly deviation: Float32Array;
}

/** A bin that never changes (digital silence) becomes 0, not noise blown up. */
const LEAST_DEVIATION = 1e-3;

/** Mean and deviation (of the population) of each bin, over frames that need never be in memory together. */
export class StatisticsStream {
  #count = 0;
  #mean = new Float64Array(0); // [F]
  #squares = new Float64Array(0); // [F], sums of squared distances from the mean so far (Welford 1962)

  push({ data, frames, size }: Frames): void {
    if (this.#count === 0) [this.#mean, this.#squares] = [new Float64Array(size), new Float64Array(size)];
    const [mean, squares] = [this.#mean, this.#squares];
    for (let t = 0; t < frames; t++) {
      this.#count++;
      for (let f = 0; f < size; f++) {
        const distance = data[t * size + f] - mean[f];
        mean[f] += distance / this.#count;
        squares[f] += distance * (data[t * size + f] - mean[f]);
      }
    }
  }

  finish(): FeatureStatistics {
    const count = Math.max(1, this.#count);
    const deviation = this.#squares.map((sum) => Math.max(LEAST_DEVIATION, Math.sqrt(sum / count)));
    return { mean: Float32Array.from(this.#mean), deviation: Float32Array.from(deviation) };
  }
}

/** The statistics of all frames together. */
export function measureStatistics(all: Iterable<Frames>): FeatureStatistics {
  const statistics = new StatisticsStream();
  for (const frames of all) statistics.push(frames);
  return statistics.finish();
}

/**
 * Frames with each bin's mean taken off and divided by its deviation, as the settings say; `global` are the
 * statistics of the training set.
 * @throws MISSING_STATISTICS when normalization is "global" and no statistics of this size are given.
 */
export function normalizeFeatures(
  frames: Frames,
  settings: FeatureSettings,
  global?: FeatureStatistics,
): Frames {
  if (settings.normalization === "none") return frames;
  const statistics = settings.normalization === "global" ? global : measureStatistics([frames]);
  if (statistics?.mean.length !== frames.size) {
    throw new EarshotError({
      code: "MISSING_STATISTICS",
      problem: `Global normalization needs statistics of ${frames.size} bins; ${statistics?.mean.length ?? "none"} were given.`,
      remedy:
        "Measure them over the training set with measureStatistics, or set features.normalization to utterance.",
    });
  }
  return standardize(frames, statistics);
}

function standardize({ data, frames, size }: Frames, { mean, deviation }: FeatureStatistics): Frames {
  const output = new Float32Array(data.length);
  for (let t = 0; t < frames; t++) {
    for (let f = 0; f < size; f++) output[t * size + f] = (data[t * size + f] - mean[f]) / deviation[f];
  }
  return { data: output, frames, size };
}
