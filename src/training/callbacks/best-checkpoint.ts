// Keeps the models of the best epochs, each in a file of its own: to try, to average, to compare.

import type { Folder } from "../../platform/index.ts";
import { compareEpochs, type EpochMetrics } from "../loop/progress.ts";
import type { Callback } from "./callback.ts";
import { folderAt } from "./files.ts";

export interface BestCheckpointOptions {
  /** How many models. */
  readonly keep: number;
  /** Where they are kept, as epoch-<number>.safetensors. */
  readonly directory: string | Folder;
}

/** The best by `compareEpochs`; without a dev split by train loss. */
export function bestCheckpoint({ keep, directory }: BestCheckpointOptions): Callback {
  const state: { kept: readonly EpochMetrics[] } = { kept: [] };
  const folder = folderAt(directory);
  const nameOf = (epoch: number) => `epoch-${epoch}.safetensors`;
  return {
    name: "best checkpoints",
    state,
    async epochEnd({ saveModel, epoch, kept }) {
      const ranked = [...state.kept, kept].toSorted(byRank);
      state.kept = ranked.slice(0, keep);
      const [dropped] = ranked.slice(keep);
      if (dropped?.epoch === epoch) return;
      await saveModel(nameOf(epoch), folder);
      if (dropped) await folder.remove(nameOf(dropped.epoch));
    },
  };
}

/** The better first; without a dev split the lower train loss; then the earlier epoch. */
function byRank(a: EpochMetrics, b: EpochMetrics): number {
  const withoutDev = a.devWer === undefined && b.devWer === undefined;
  return compareEpochs(a, b) || (withoutDev ? a.trainLoss - b.trainLoss : 0) || a.epoch - b.epoch;
}
