// The statistics by which batch normalization works at inference: moving means of those of the batches seen in training.

import type { RunningStatistic } from "./layer-contexts.ts";
import type { Weights } from "./network.ts";

const SHARE = 0.1; // of the newest batch; the last 20 batches make up nearly nine tenths

/** Moves each statistic among the weights, in place, towards that of the batch: an output of the forward program. */
export function followStatistics(
  weights: Weights,
  statistics: readonly RunningStatistic[],
  results: Readonly<Record<string, { readonly data: ArrayLike<number | bigint> }>>,
): void {
  for (const { weight, output } of statistics) {
    const { data } = weights.get(weight)!;
    const batch = results[output].data;
    for (let i = 0; i < data.length; i++) data[i] += SHARE * (Number(batch[i]) - data[i]);
  }
}
