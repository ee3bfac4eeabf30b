// The run's log when the run goes on: a resumed run first drops the lines that the last checkpoint does not cover, so that
// each batch and each epoch is in the log once, however often the run was stopped.

import { existsSync, readFileSync } from "node:fs";
import { replaceFile } from "../../platform/index.ts";

/**
 * Cuts the log at the first line that a checkpoint does not cover: of a later step, of an epoch that it had not closed
 * yet (a run may end between telling an epoch and keeping it), or not whole.
 * @param reached steps taken and epochs closed
 */
export async function rewindLog(
  path: string,
  reached: { readonly step: number; readonly epoch: number },
): Promise<void> {
  if (!existsSync(path)) return;
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  const end = lines.findIndex((line) => isBeyond(line, reached));
  const kept = end < 0 ? lines : lines.slice(0, end);
  await replaceFile(path, new TextEncoder().encode(kept.map((line) => `${line}\n`).join("")));
}

function isBeyond(line: string, reached: { readonly step: number; readonly epoch: number }): boolean {
  try {
    const {
      type,
      step = 0,
      epoch = 0,
    } = JSON.parse(line) as { type?: string; step?: number; epoch?: number };
    const closes = type === "epoch" || type === "layers";
    return step > reached.step || (closes && epoch > reached.epoch);
  } catch {
    return true;
  }
}
