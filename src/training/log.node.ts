// The run's log when the run goes on: a resumed run first drops the lines that the last checkpoint does not cover, so that
// each batch and each epoch is in the log once, however often the run was stopped.

import { existsSync, readFileSync } from "node:fs";
import { replaceFile } from "../replace-file.node.ts";

/** Cuts the log at the first line after `step`, or at one that is not whole. */
export async function rewindLog(path: string, step: number): Promise<void> {
  if (!existsSync(path)) return;
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  const end = lines.findIndex((line) => stepOf(line) > step);
  const kept = end < 0 ? lines : lines.slice(0, end);
  await replaceFile(path, new TextEncoder().encode(kept.map((line) => `${line}\n`).join("")));
}

function stepOf(line: string): number {
  try {
    return (JSON.parse(line) as { step?: number }).step ?? 0;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
