// Keeps the models of the best epochs, each in a file of its own: to listen to, to average, to compare.

import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { EpochMetrics } from "../loop/progress.ts";
import type { Callback } from "./callback.ts";

/** Keeps `keep` models as `epoch-<number>.safetensors` in a folder; the best by dev WER, without a dev split by loss. */
export function bestCheckpoint({ keep, directory }: { keep: number; directory: string }): Callback {
  const state: { kept: readonly EpochMetrics[] } = { kept: [] };
  const pathOf = (epoch: number) => join(directory, `epoch-${epoch}.safetensors`);
  return {
    name: "best checkpoints",
    state,
    async epochEnd({ saveModel, epoch, kept }) {
      const ranked = [...state.kept, kept].toSorted(byRank);
      state.kept = ranked.slice(0, keep);
      const [dropped] = ranked.slice(keep);
      if (dropped?.epoch === epoch) return;
      await mkdir(directory, { recursive: true });
      await saveModel(pathOf(epoch));
      if (dropped) await rm(pathOf(dropped.epoch), { force: true });
    },
  };
}

/** Fewer wrong words first; at a tie fewer wrong characters, then the earlier epoch. */
function byRank(a: EpochMetrics, b: EpochMetrics): number {
  return (
    (a.devWer ?? a.trainLoss) - (b.devWer ?? b.trainLoss) ||
    (a.devCer ?? 0) - (b.devCer ?? 0) ||
    a.epoch - b.epoch
  );
}
