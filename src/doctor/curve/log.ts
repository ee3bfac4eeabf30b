// The log of a run, line by line, into a curve.

import type { TrainingEvent } from "../../training/index.ts";
import type { CurveStream } from "./from-events.ts";

export function readLog(log: string, stream: CurveStream): void {
  for (const line of log.split("\n").filter(Boolean)) {
    try {
      stream.push(JSON.parse(line) as TrainingEvent);
    } catch {
      return; // the last line of a run that was killed
    }
  }
}
