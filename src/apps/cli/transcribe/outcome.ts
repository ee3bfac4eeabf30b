// What became of a recording, as plain data that can come from another process.

import type { EarshotError, Fault, Warning } from "../../../errors.ts";
import type { Outcome, TranscriptRecord, Writer } from "../../../recognizer/index.ts";
import type { InputRecording } from "../recordings.ts";

export interface TranscriptOutcome {
  /** Of the recording, in the list that all processes have. */
  readonly index: number;
  /** What its file holds; absent where it failed. */
  readonly text?: string;
  /** Its line of `--json`. */
  readonly json?: object;
  readonly warnings?: readonly Warning[];
  readonly fault?: Fault;
}

/** The text of a file for it alone. */
export const fileText = (writer: Writer, record: TranscriptRecord): string =>
  writer.header + writer.record(record, true);

export const failedOutcome = (index: number, fault: Fault): TranscriptOutcome => ({ index, fault });

export function transcriptOutcome(
  index: number,
  recording: InputRecording,
  outcome: Outcome,
  { writer, jsonOf }: { readonly writer: Writer; readonly jsonOf: (record: TranscriptRecord) => object },
): TranscriptOutcome {
  if ("error" in outcome) return failedOutcome(index, errorOf(recording, outcome.error).fault);
  const { path, channel } = recording;
  const record = { path, channel, ...outcome.transcription };
  return { index, text: fileText(writer, record), json: jsonOf(record), warnings: record.warnings };
}

/** Errors of bytes do not know where these came from. */
export const errorOf = ({ path, bytes }: InputRecording, error: EarshotError): EarshotError =>
  bytes === undefined ? error : error.with({ where: path });
