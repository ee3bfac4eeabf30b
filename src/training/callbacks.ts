// The door to callbacks: one is a file in callbacks/ and a row here. Those that settings ask for run in this order, and
// before those that a program brings.

import { subfolder, type Folder } from "../platform/index.ts";
import { bestCheckpoint } from "./callbacks/best-checkpoint.ts";
import type { Callback } from "./callbacks/callback.ts";
import { csvLog } from "./callbacks/csv-log.ts";
import { earlyStop } from "./callbacks/early-stop.ts";
import { jsonlLog } from "./callbacks/jsonl-log.ts";
import { reduceOnPlateau } from "./callbacks/reduce-on-plateau.ts";
import { stopOnNaN } from "./callbacks/stop-on-nan.ts";
import { tensorBoard } from "./callbacks/tensor-board.ts";
import { RUN_FILES } from "./run/file-names.ts";
import { rampEpochsOf, type TrainingSettings } from "./settings.ts";

export type { Callback, LoopEvent, LoopEvents } from "./callbacks/callback.ts";
export { bestCheckpoint, csvLog, earlyStop, reduceOnPlateau, stopOnNaN, tensorBoard };

/** @param folder the run's */
export function settingsCallbacks(settings: TrainingSettings, folder: Folder): Callback[] {
  const { log, patience, plateau, keep, stopOnNaN: everyStep } = settings;
  return [
    jsonlLog(RUN_FILES.log, folder),
    ...(log.includes("csv") ? [csvLog("log.csv", folder)] : []),
    ...(log.includes("tensorboard") ? [tensorBoard(subfolder(folder, "tensorboard"))] : []),
    stopOnNaN({ directory: subfolder(folder, "not-finite"), everyStep }),
    ...(keep > 0 ? [bestCheckpoint({ keep, directory: subfolder(folder, "best") })] : []),
    ...(plateau.patience > 0 ? [reduceOnPlateau(plateau)] : []),
    ...(patience > 0 ? [earlyStop(patience, rampEpochsOf(settings))] : []),
  ];
}
