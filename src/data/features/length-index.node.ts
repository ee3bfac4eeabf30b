// How long each recording is in frames, remembered in one file (JSON Lines), so that a second start plans its batches
// without decoding anything. Lines are only ever appended; a damaged line is ignored and measured again.

import { appendFile, readFile } from "node:fs/promises";
import type { Warning } from "../../errors.ts";
import { z } from "../../settings.ts";

/** What planning needs to know of a recording at one pace. */
export interface RecordingLength {
  /** T before any stride. */
  readonly frames: number;
  readonly seconds: number;
  /** What decoding had to say. */
  readonly warnings: readonly Warning[];
}

const line = z.object({
  key: z.string(),
  frames: z.int().min(0),
  seconds: z.number().min(0),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
});

export class LengthIndex {
  readonly #path: string;
  readonly #lengths = new Map<string, RecordingLength>();

  private constructor(path: string) {
    this.#path = path;
  }

  static async open(path: string): Promise<LengthIndex> {
    const index = new LengthIndex(path);
    const text = await readFile(path, "utf8").catch(() => "");
    for (const row of text.split("\n")) index.#read(row);
    return index;
  }

  get(key: string): RecordingLength | undefined {
    return this.#lengths.get(key);
  }

  /** Known from now on; @throws the error of the file system when it cannot be written down. */
  async put(key: string, length: RecordingLength): Promise<void> {
    if (this.#lengths.has(key)) return;
    this.#lengths.set(key, length);
    const { frames, seconds, warnings } = length;
    // The line break leads, so that a line cut off by a crash spoils only itself.
    await appendFile(this.#path, `\n${JSON.stringify({ key, frames, seconds, warnings })}`);
  }

  #read(row: string): void {
    if (row === "") return;
    try {
      const { key, ...length } = line.parse(JSON.parse(row));
      this.#lengths.set(key, length);
    } catch {
      // A line cut off by a crash: its recording is measured again.
    }
  }
}
