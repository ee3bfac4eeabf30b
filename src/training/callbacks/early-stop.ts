// Early stopping: no more epochs when several in a row brought nothing better.

import type { Callback } from "./callback.ts";

/**
 * @param patience epochs in a row before training stops of which none was better (a lower dev WER, or the same and a lower dev loss)
 * @param from epochs before which none counts, such as those in which augmentation grows
 */
export function earlyStop(patience: number, from = 0): Callback {
  return {
    name: "early stop",
    epochStart: ({ epoch, bestEpoch }) => {
      const without = epoch - 1 - Math.max(bestEpoch, from);
      return bestEpoch > 0 && without >= patience
        ? { stop: `no better dev WER in ${patience} epochs` }
        : undefined;
    },
  };
}
