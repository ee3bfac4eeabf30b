// Mean and deviation of every bin over a corpus too large for memory: measured over parts, then pooled exactly
// (Chan, Golub & LeVeque 1979). It does not know where the frames come from.

import { measureStatistics, type FeatureStatistics, type Frames } from "../audio/index.ts";

/** Statistics of some frames and how many these were. */
export interface PartialStatistics extends FeatureStatistics {
  readonly frames: number;
}

export function measurePart(part: readonly Frames[]): PartialStatistics {
  const frames = part.reduce((sum, utterance) => sum + utterance.frames, 0);
  return { ...measureStatistics(part), frames };
}

/** The statistics of all frames together, from those of the parts. */
export function poolStatistics(parts: readonly PartialStatistics[]): FeatureStatistics {
  const total = parts.reduce((sum, part) => sum + part.frames, 0);
  const weighted = (value: (part: PartialStatistics) => number): number =>
    parts.reduce((sum, part) => sum + (part.frames / total) * value(part), 0);
  const bins = Array.from(parts[0].mean.keys());
  const mean = bins.map((f) => weighted((part) => part.mean[f]));
  const variance = bins.map((f) =>
    weighted((part) => part.deviation[f] ** 2 + (part.mean[f] - mean[f]) ** 2),
  );
  return { mean: Float32Array.from(mean), deviation: Float32Array.from(variance, Math.sqrt) };
}
