// Runs of several ranks within the process of a test: each has its own train step, and all meet in memory.

import { memoryRanks, sameThreadWorker } from "../../src/platform/index.ts";
import { isKnownToAll, resumeRun, startRun } from "../../src/training/index.ts";
import type { ResumeOptions, TrainOptions, TrainResult } from "../../src/training/index.ts";
import { trainingFailed, trainingWork } from "../../src/training/step/work.ts";

type RunOfRank = Pick<TrainOptions, "ranks" | "startWorker">;

/** @param run of one rank */
export function onRanks<Result>(
  size: number,
  run: (options: RunOfRank, rank: number) => Promise<Result>,
  timeoutSeconds = 60,
): Promise<PromiseSettledResult<Result>[]> {
  const threads = memoryRanks(size, { timeoutSeconds });
  return Promise.allSettled(
    memoryRanks(size, { timeoutSeconds }).map(async (ranks, rank) => {
      const work = trainingWork(async () => threads[rank]);
      try {
        return await run({ ranks, startWorker: () => sameThreadWorker(work, trainingFailed) }, rank);
      } catch (error) {
        if (!isKnownToAll(error)) for (const one of [ranks, threads[rank]]) one.abandon(3); // as a process that ends
        throw error;
      }
    }),
  );
}

export async function trainOnRanks(size: number, options: TrainOptions): Promise<TrainResult[]> {
  return valuesOf(await onRanks(size, (own) => startRun({ ...options, ...own })));
}

export async function resumeOnRanks(size: number, options: ResumeOptions): Promise<TrainResult[]> {
  return valuesOf(await onRanks(size, (own) => resumeRun({ ...options, ...own })));
}

function valuesOf<Result>(outcomes: readonly PromiseSettledResult<Result>[]): Result[] {
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}
