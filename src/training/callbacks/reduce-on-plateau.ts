// Lowers the learning rate when the loss no longer falls, as PyTorch's ReduceLROnPlateau does.

import type { Callback } from "./callback.ts";

/**
 * Epochs in which augmentation grows tell nothing: there is more to learn in each, and dev is clean.
 * @param patience epochs in a row without a lower dev loss (or, without a dev split, train loss) before the rate is lowered
 * @param factor what the rate is multiplied by then
 */
export function reduceOnPlateau({ patience, factor }: { patience: number; factor: number }): Callback {
  const state: { lowest?: number; waited: number } = { waited: 0 };
  return {
    name: "plateau",
    state,
    epochEnd({ trainLoss, devLoss = trainLoss, ramp }) {
      if (ramp) return undefined;
      const { lowest, waited } = state;
      const isLower = lowest === undefined || devLoss < lowest;
      const isPlateau = !isLower && waited + 1 >= patience;
      Object.assign(state, isLower ? { lowest: devLoss, waited: 0 } : { waited: isPlateau ? 0 : waited + 1 });
      return isPlateau ? { learningRateFactor: factor } : undefined;
    },
  };
}
