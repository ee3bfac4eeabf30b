// The page of a run, written at its end from what the run has left in its folder. A run never fails for want of it.

import { writeReport } from "../../report/index.ts";
import type { FitEnd } from "../callbacks/callback.ts";
import type { TrainingRun } from "./run.node.ts";
import { trainingSettings } from "../settings.ts";

/** @returns the page's path; undefined where it could not be written, which a warning tells */
export async function reportRun(
  { directory, emit, signal }: TrainingRun,
  ending: FitEnd["ending"],
): Promise<string | undefined> {
  const listen = ending !== "interrupted"; // whoever pressed Ctrl-C does not wait for it
  try {
    return await writeReport({
      directory,
      defaults: trainingSettings.parse({}),
      listen,
      signal: listen ? signal : undefined,
      onProgress: (progress) => emit({ type: "report", ...progress }),
    });
  } catch (error) {
    const [problem] = (error instanceof Error ? error.message : String(error)).split("\n");
    const message = `report.html was not written: ${problem} Write it with: earshot report ${directory}`;
    emit({ type: "warning", code: "NO_REPORT", message });
    return undefined;
  }
}
