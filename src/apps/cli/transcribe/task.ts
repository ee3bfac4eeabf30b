// What `earshot transcribe` was asked for, whoever does it.

import type { EarshotError } from "../../../errors.ts";
import type { Folder } from "../../../platform/index.ts";
import type { TranscriptRecord, Writer, WriterName } from "../../../recognizer/index.ts";
import type { RankOptions } from "../as-rank.ts";
import type { DecoderFlags } from "../decoding.ts";
import type { RecognizerFlags, RejectionFlags } from "../recognizer.ts";
import type { InputRecording } from "../recordings.ts";
import type { Files } from "./work.ts";

export interface TranscribeFlags extends RecognizerFlags, RejectionFlags, DecoderFlags, RankOptions {
  readonly format?: WriterName;
  readonly out?: string;
  readonly restart?: true;
  readonly channels?: "mix" | "each";
  readonly json?: true;
  /** The server of a queue. */
  readonly queue?: string;
  readonly redeliverAfter: number;
  readonly tries: number;
}

export interface TranscribeTask {
  readonly recordings: readonly InputRecording[];
  /** Operands that mean no recording. */
  readonly failures: readonly { readonly path: string; readonly error: EarshotError }[];
  /** With --out. */
  readonly folder?: Folder;
  /** With --out: where the transcript of each goes. */
  readonly files?: Files;
  readonly writer: Writer;
  readonly jsonOf: (record: TranscriptRecord) => object;
}

/** With --out. */
export type FolderTask = TranscribeTask & { readonly folder: Folder; readonly files: Files };

/** All that a transcript depends on: not who makes it, and where it goes. */
export function transcriptOptions(options: TranscribeFlags): Readonly<Record<string, unknown>> {
  const SHARING = ["queue", "redeliverAfter", "tries", "mpi", "rankTimeout"];
  const made = Object.entries(options).filter(([name]) => !SHARING.includes(name));
  return {
    ...Object.fromEntries(made),
    out: undefined,
    json: undefined,
    threads: undefined,
    restart: undefined,
  };
}
