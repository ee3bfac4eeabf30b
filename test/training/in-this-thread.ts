// Runs whose train step works in the thread of the test: the same runs bit for bit (memory.test.ts), without the time that a
// thread of their own takes to load its modules. What concerns that thread is tested with `startRun` and `resumeRun`.

import {
  resumeRun,
  startRun,
  type ResumeOptions,
  type TrainOptions,
  type TrainResult,
} from "../../src/training/index.ts";
import { startWorker } from "./memory-run.ts";

export const train = (options: TrainOptions): Promise<TrainResult> => startRun({ startWorker, ...options });

export const resume = (options: ResumeOptions): Promise<TrainResult> =>
  resumeRun({ startWorker, ...options });
