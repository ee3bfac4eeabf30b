// What was measured of whole training sets, remembered in one file, so that a second start need not read all features once
// more; a damaged line is measured again. It does not know what the numbers mean.

import type { Folder } from "../../platform/index.ts";
import { z } from "../../settings.ts";
import { appendLine, appendedLines } from "./appended-lines.ts";

const FILE = "statistics.jsonl";
const line = z.object({ key: z.string(), numbers: z.array(z.number()) });

/** The numbers of a key; undefined where there are none that can be read. */
export async function recallNumbers(folder: Folder, key: string): Promise<Float32Array | undefined> {
  const own = (await appendedLines(folder, FILE)).findLast((row) => row.startsWith(`{"key":"${key}"`));
  if (own === undefined) return undefined;
  try {
    return Float32Array.from(line.parse(JSON.parse(own)).numbers);
  } catch {
    return undefined; // a line cut off by a crash, and none behind it
  }
}

/** @throws EarshotError FILE_SYSTEM when they cannot be written down */
export const keepNumbers = (folder: Folder, key: string, numbers: Float32Array): Promise<void> =>
  appendLine(folder, FILE, { key, numbers: [...numbers] });
