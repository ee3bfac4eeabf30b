// Output formats of transcripts: each writer turns one recording's result into text. A new format is a new file
// beside these and a row in the table. Writers know nothing of files or streams.

import type { Warning } from "../errors.ts";
import { csv } from "./writers/csv.ts";
import { json } from "./writers/json.ts";
import { txt } from "./writers/txt.ts";

export interface TranscriptRecord {
  /** As the user named it. */
  readonly path: string;
  readonly text: string;
  readonly warnings: readonly Warning[];
}

export interface Writer {
  /** Opens a file or stream of records; empty when the format has none. */
  readonly header: string;
  /** One record, with its line break. `alone`: it is the only one of its file or stream. */
  record(record: TranscriptRecord, alone: boolean): string;
}

export const writers = { txt, json, csv } as const satisfies Record<string, Writer>;
export type WriterName = keyof typeof writers;
