// What an output format of transcripts is. Writers know nothing of files or streams.

import type { Warning } from "../../errors.ts";

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
