// A running average of the weights over the last updates, which is often better than where the last update ended: the
// mean (Polyak & Juditsky 1992; Izmailov et al. 2018), or an exponential one that forgets the oldest.

import type { Weights } from "../../network/index.ts";

export interface WeightAverage {
  readonly weights: Weights;
  /** How many updates are in it. */
  readonly updates: number;
}

/**
 * The average with the weights in it: a ← a + (w − a) · max(1/n, 1 − decay), in place.
 * @param decay 1 gives the mean of all; less, the mean at first, and then an average of about the last 1 / (1 − decay)
 */
export function withWeights(
  average: WeightAverage | undefined,
  weights: Weights,
  decay: number,
): WeightAverage {
  if (!average) {
    const copies = [...weights].map(
      ([name, weight]) => [name, { ...weight, data: weight.data.slice() }] as const,
    );
    return { weights: new Map(copies), updates: 1 };
  }
  const updates = average.updates + 1;
  const share = shareOfNewest(updates, decay);
  for (const [name, { data }] of average.weights) {
    const newest = weights.get(name)!.data;
    for (let i = 0; i < data.length; i++) data[i] += (newest[i] - data[i]) * share;
  }
  return { weights: average.weights, updates };
}

/** What of an average of so many updates the last of them is. */
export const shareOfNewest = (updates: number, decay: number): number => Math.max(1 / updates, 1 - decay);
