// The run's log: every event but the progress of what comes before and after training, one JSON object per line.

import { appendFileSync } from "node:fs";
import type { Callback } from "./callback.ts";

export function jsonlLog(path: string): Callback {
  return {
    name: "JSONL log",
    event(event) {
      if (event.type !== "prepare" && event.type !== "report") appendLine(path, JSON.stringify(event));
    },
  };
}

/** At once, so that a killed run lacks no line. */
export function appendLine(path: string, line: string): void {
  try {
    appendFileSync(path, `${line}\n`);
  } catch (error) {
    throw Object.assign(error as Error, { path }); // a failed write knows none
  }
}
