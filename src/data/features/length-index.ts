// How long each recording is in frames, remembered in one file, so that a second start plans its batches without decoding
// anything; a damaged line is measured again.

import type { Warning } from "../../errors.ts";
import type { Folder } from "../../platform/index.ts";
import { z } from "../../settings.ts";
import { appendedLines, LineAppender } from "./appended-lines.ts";
import { DigestTable } from "./digest-table.ts";

/** What planning needs to know of a recording at one pace. */
export interface RecordingLength {
  /** T before any stride. */
  readonly frames: number;
  readonly seconds: number;
  /** Of decoding. */
  readonly warnings: readonly Warning[];
}

const line = z.object({
  key: z.string().refine((key) => DigestTable.isKey(key)),
  frames: z.int().min(0),
  seconds: z.number().min(0),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
});

/** A line as it is written of a recording without warnings. */
const USUAL =
  /^\{"key":"([0-9a-f]{32})","frames":(0|[1-9]\d{0,8}),"seconds":(\d{1,9}(?:\.\d{1,20})?),"warnings":\[\]\}$/;

const NO_WARNINGS: readonly Warning[] = [];
const FILE = "lengths.jsonl";

export class LengthIndex {
  readonly #lines: LineAppender;
  /** The row of each key in what follows. */
  readonly #rows = new DigestTable();
  readonly #frames: number[] = [];
  readonly #seconds: number[] = [];
  /** By row, where there are any. */
  readonly #warnings = new Map<number, readonly Warning[]>();

  private constructor(folder: Folder) {
    this.#lines = new LineAppender(folder, FILE);
  }

  /** Reads the index of a cache's folder; empty where there is none that can be read. */
  static async open(folder: Folder): Promise<LengthIndex> {
    const index = new LengthIndex(folder);
    for (const row of await appendedLines(folder, FILE)) index.#read(row);
    return index;
  }

  /** @param key 32 hexadecimal digits */
  get(key: string): RecordingLength | undefined {
    const row = this.#rows.find(key);
    if (row === undefined) return undefined;
    const warnings = this.#warnings.get(row) ?? NO_WARNINGS;
    return { frames: this.#frames[row], seconds: this.#seconds[row], warnings };
  }

  /** Known from now on. @throws EarshotError FILE_SYSTEM when it cannot be written down */
  async put(key: string, length: RecordingLength): Promise<void> {
    if (this.#rows.find(key) !== undefined) return;
    this.#set(key, length);
    const { frames, seconds, warnings } = length;
    await this.#lines.append({ key, frames, seconds, warnings });
  }

  #set(key: string, { frames, seconds, warnings }: RecordingLength): void {
    const row = this.#rows.add(key);
    this.#frames[row] = frames;
    this.#seconds[row] = seconds;
    if (warnings.length > 0) this.#warnings.set(row, warnings);
    else this.#warnings.delete(row);
  }

  #read(row: string): void {
    const usual = USUAL.exec(row);
    if (usual) {
      const [, key, frames, seconds] = usual;
      this.#set(key, { frames: Number(frames), seconds: Number(seconds), warnings: NO_WARNINGS });
      return;
    }
    if (row === "") return;
    try {
      const { key, ...length } = line.parse(JSON.parse(row));
      this.#set(key, length);
    } catch {
      // A line cut off by a crash: its recording is measured again.
    }
  }
}
