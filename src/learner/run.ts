// Training runs as users begin and continue them: the run of the training room, and at its end the test of the old skill and
// the run's page, where the settings ask for them. A run does not fail where its page does.

import type { ModelFile } from "../model/index.ts";
import {
  beginRun,
  resumeRun,
  startRun,
  type EndedRun,
  type NewRun,
  type ResumeOptions,
  type TrainOptions,
  type TrainResult,
} from "../training/index.ts";
import { reportOldTest } from "./old-test.ts";

/**
 * Begins a run in a folder of its own; it ends with the best epoch's model.
 * @throws EarshotError RUN_EXISTS, RUN_BUSY, of the manifests, of the settings, EMPTY_CORPUS, DIVERGED
 */
export function train(options: TrainOptions): Promise<TrainResult> {
  return startRun(options, endRun);
}

/**
 * Continues a run from its last checkpoint, or from its beginning if it has none.
 * @throws EarshotError NOT_A_RUN, RUN_BUSY, NOT_A_CHECKPOINT, SETTINGS_CHANGED, DATA_CHANGED, and as `train` does
 */
export function resume(options: ResumeOptions): Promise<TrainResult> {
  return resumeRun(options, endRun);
}

/** A run of data that is in memory. @throws EarshotError as `train` does, but for the manifests */
export function trainInFolder(run: NewRun): Promise<TrainResult> {
  return beginRun(run, (ended) => endRun(ended, run.initialModel));
}

/** @param given what the run began with, where that was in memory */
async function endRun(run: EndedRun, given?: ModelFile): Promise<string | undefined> {
  if (run.ending !== "interrupted") await reportOldTest(run, given); // whoever pressed Ctrl-C does not wait for it
  await run.written(); // the report reads the log
  return reportRun(run);
}

/**
 * @returns the page's path; undefined where none was asked for, and where it could not be written, with a warning
 * @throws the signal's reason where that breaks it off: resumed, the run has nothing else to do
 */
async function reportRun({
  directory,
  settings,
  ending,
  emit,
  signal,
}: EndedRun): Promise<string | undefined> {
  if (!settings.report) return undefined;
  const evaluate = ending !== "interrupted"; // whoever pressed Ctrl-C does not wait for it
  try {
    const { writeReport } = await import("../report/index.ts"); // which a page in a browser seldom asks for
    return await writeReport({
      directory,
      evaluate,
      signal: evaluate ? signal : undefined,
      onProgress: (progress) => emit({ type: "report", ...progress }),
    });
  } catch (error) {
    if (signal?.aborted && error === signal.reason) throw error;
    const [problem] = (error instanceof Error ? error.message : String(error)).split("\n");
    const message = `report.html was not written: ${problem} Write it with: earshot report ${directory}`;
    emit({ type: "warning", code: "NO_REPORT", message });
    return undefined;
  }
}
