// The run's log: every event but the progress of what comes before and after training, one JSON object per line.

import type { Folder } from "../../platform/index.ts";
import type { TrainingEvent } from "../events.ts";
import type { Callback } from "./callback.ts";
import { fileAt, lineWriter } from "./files.ts";

const PROGRESS: ReadonlySet<TrainingEvent["type"]> = new Set(["prepare", "report", "oldTestProgress"]);

/** @param path in the folder, or of the platform where none is given */
export function jsonlLog(path: string, folder?: Folder): Callback {
  const write = lineWriter(fileAt(path, folder));
  return {
    name: "JSONL log",
    event: (event) => (PROGRESS.has(event.type) ? undefined : write(JSON.stringify(event))),
  };
}
