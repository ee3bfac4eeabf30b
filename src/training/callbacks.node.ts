// The door to callbacks: one is a file in callbacks/ and a row here. Those that settings ask for run in this order, and
// before those that a program brings.

import { join } from "node:path";
import { bestCheckpoint } from "./callbacks/best-checkpoint.node.ts";
import type { Callback } from "./callbacks/callback.ts";
import { csvLog } from "./callbacks/csv-log.node.ts";
import { earlyStop } from "./callbacks/early-stop.ts";
import { jsonlLog } from "./callbacks/jsonl-log.node.ts";
import { reduceOnPlateau } from "./callbacks/reduce-on-plateau.ts";
import { stopOnNaN } from "./callbacks/stop-on-nan.node.ts";
import { tensorBoard } from "./callbacks/tensor-board.node.ts";
import type { TrainingSettings } from "./settings.ts";

export type { Answer, Callback, Moment, Moments } from "./callbacks/callback.ts";
export { bestCheckpoint, csvLog, earlyStop, jsonlLog, reduceOnPlateau, stopOnNaN, tensorBoard };
export { showTrainingLoop } from "./callbacks/training-loop.ts";

/** @param directory the run's folder */
export function settingsCallbacks(settings: TrainingSettings, directory: string): Callback[] {
  const { log, patience, plateau, keep, stopOnNaN: everyStep } = settings;
  return [
    jsonlLog(join(directory, "log.jsonl")),
    ...(log.includes("csv") ? [csvLog(join(directory, "log.csv"))] : []),
    ...(log.includes("tensorboard") ? [tensorBoard(join(directory, "tensorboard"))] : []),
    stopOnNaN({ directory: join(directory, "not-finite"), everyStep }),
    ...(keep > 0 ? [bestCheckpoint({ keep, directory: join(directory, "best") })] : []),
    ...(plateau.patience > 0 ? [reduceOnPlateau(plateau)] : []),
    ...(patience > 0 ? [earlyStop(patience)] : []),
  ];
}
