// Mean 0 and deviation 1 for every bin, over one utterance or by the statistics of a whole training set (Deep Speech,
// section 5: "global mean and variance"). Sums run in float64. Knows nothing of how frames were made.

import { EarshotError } from "../errors.ts";
import type { FeatureSettings, Frames } from "./features.ts";

export interface FeatureStatistics {
  /** [F] */
  readonly mean: Float32Array;
  /** [F], never below 0.001 */
  readonly deviation: Float32Array;
}

/** A bin that never changes (digital silence) becomes 0, not noise blown up. */
const LEAST_DEVIATION = 1e-3;

/** Mean and deviation (of the population) of each bin over all frames; one pass, so `all` may be a generator. */
export function measureStatistics(all: Iterable<Frames>): FeatureStatistics {
  let count = 0;
  let mean = new Float64Array(0);
  let squares = new Float64Array(0); // sum of squared distances from the mean so far (Welford 1962)
  for (const { data, frames, size } of all) {
    if (count === 0) [mean, squares] = [new Float64Array(size), new Float64Array(size)];
    for (let t = 0; t < frames; t++) {
      count++;
      for (let f = 0; f < size; f++) {
        const distance = data[t * size + f] - mean[f];
        mean[f] += distance / count;
        squares[f] += distance * (data[t * size + f] - mean[f]);
      }
    }
  }
  const deviation = squares.map((sum) => Math.max(LEAST_DEVIATION, Math.sqrt(sum / Math.max(1, count))));
  return { mean: Float32Array.from(mean), deviation: Float32Array.from(deviation) };
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
  if (statistics?.mean.length !== frames.size && frames.frames > 0) {
    throw new EarshotError({
      code: "MISSING_STATISTICS",
      problem: `Global normalization needs statistics of ${frames.size} bins; ${statistics?.mean.length ?? "none"} were given.`,
      remedy:
        "Measure them over the training set with measureStatistics, or set features.normalization to utterance.",
    });
  }
  return statistics === undefined ? frames : standardize(frames, statistics);
}

function standardize({ data, frames, size }: Frames, { mean, deviation }: FeatureStatistics): Frames {
  const output = new Float32Array(data.length);
  for (let t = 0; t < frames; t++) {
    for (let f = 0; f < size; f++) output[t * size + f] = (data[t * size + f] - mean[f]) / deviation[f];
  }
  return { data: output, frames, size };
}
