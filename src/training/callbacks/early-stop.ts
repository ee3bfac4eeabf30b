// Early stopping: no more epochs when several in a row brought nothing better.

import type { Callback } from "./callback.ts";

/** @param patience epochs without a better dev WER before training stops */
export function earlyStop(patience: number): Callback {
  return {
    name: "early stop",
    epochStart: ({ epoch, bestEpoch }) => {
      const without = epoch - 1 - bestEpoch;
      return bestEpoch > 0 && without >= patience
        ? { stop: `no better dev WER in ${patience} epochs` }
        : undefined;
    },
  };
}
