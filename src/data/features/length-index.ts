// How long each recording is in frames, remembered in one file, so that a second start plans its batches without decoding
// anything; a damaged line is measured again.

import type { Warning } from "../../errors.ts";
import type { Folder } from "../../platform/index.ts";
import { z } from "../../settings.ts";
import { appendLine, appendedLines } from "./appended-lines.ts";

/** What planning needs to know of a recording at one pace. */
export interface RecordingLength {
  /** T before any stride. */
  readonly frames: number;
  readonly seconds: number;
  /** Of decoding. */
  readonly warnings: readonly Warning[];
}

const line = z.object({
  key: z.string(),
  frames: z.int().min(0),
  seconds: z.number().min(0),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
});

const FILE = "lengths.jsonl";

export class LengthIndex {
  readonly #folder: Folder;
  readonly #lengths = new Map<string, RecordingLength>();

  private constructor(folder: Folder) {
    this.#folder = folder;
  }

  /** Reads the index of a cache's folder; empty where there is none that can be read. */
  static async open(folder: Folder): Promise<LengthIndex> {
    const index = new LengthIndex(folder);
    for (const row of await appendedLines(folder, FILE)) index.#read(row);
    return index;
  }

  get(key: string): RecordingLength | undefined {
    return this.#lengths.get(key);
  }

  /** Known from now on. @throws EarshotError FILE_SYSTEM when it cannot be written down */
  async put(key: string, length: RecordingLength): Promise<void> {
    if (this.#lengths.has(key)) return;
    this.#lengths.set(key, length);
    const { frames, seconds, warnings } = length;
    await appendLine(this.#folder, FILE, { key, frames, seconds, warnings });
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
