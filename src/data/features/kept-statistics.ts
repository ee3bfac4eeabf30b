// What was measured of whole training sets, remembered in one file (JSON Lines), so that a second start need not read all
// features once more. Lines are only ever appended; a damaged line is ignored and measured again. It does not know what the
// numbers mean.

import type { Folder } from "../../platform/index.ts";
import { z } from "../../settings.ts";

const FILE = "statistics.jsonl";
const line = z.object({ key: z.string(), numbers: z.array(z.number()) });

/** The numbers of a key; undefined where there are none that can be read. */
export async function recallNumbers(folder: Folder, key: string): Promise<Float32Array | undefined> {
  const bytes = await folder.read(FILE).catch(() => undefined);
  const own = new TextDecoder()
    .decode(bytes)
    .split("\n")
    .find((row) => row.startsWith(`{"key":"${key}"`));
  if (own === undefined) return undefined;
  try {
    return Float32Array.from(line.parse(JSON.parse(own)).numbers);
  } catch {
    return undefined; // a line cut off by a crash
  }
}

/** @throws EarshotError FILE_SYSTEM when they cannot be written down */
export async function keepNumbers(folder: Folder, key: string, numbers: Float32Array): Promise<void> {
  // The line break leads, so that a line cut off by a crash spoils only itself.
  await folder.append(FILE, `\n${JSON.stringify({ key, numbers: [...numbers] })}`);
}
