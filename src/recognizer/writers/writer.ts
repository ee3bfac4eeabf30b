// What an output format of transcripts is. Writers know nothing of files or streams.

import type { Warning } from "../../errors.ts";
import type { Meaning } from "../../ctc/index.ts";
import type { Alternative, Transcription, Word } from "../transcription.ts";

export interface TranscriptRecord extends Meaning {
  /** As the user named it. */
  readonly path: string;
  readonly text: string;
  readonly words: readonly Word[];
  /** The best first; written where there are several. */
  readonly alternatives: readonly Alternative[];
  /** Of a calibrated model. */
  readonly confidence?: number;
  /** Why there is no text, though one was found. */
  readonly rejected?: Transcription["rejected"];
  readonly warnings: readonly Warning[];
  /** Length of the recording. */
  readonly seconds: number;
  readonly seamsMs?: readonly number[];
  /** Where each channel of the recording has a transcript of its own: which this is, from 1. */
  readonly channel?: number;
}

export interface Writer {
  /** Opens a file or stream of records; empty when the format has none. */
  readonly header: string;
  /** Of files, where it is not the format's name. */
  readonly extension?: string;
  /** Whether a file or stream has room for one record only. */
  readonly ofOne?: true;
  /** One record, with its line break. `alone`: it is the only one of its file or stream. */
  record(record: TranscriptRecord, alone: boolean): string;
  /**
   * The one record of a stream as its words become final; absent of formats that need all of them. What it gives is what
   * `record` would. @param separator what stands between words
   */
  readonly open?: (separator: string) => RecordStream;
}

export interface RecordStream {
  /** What can be written of these and the words before. */
  words(words: readonly Word[]): string;
  /** The rest. */
  finish(record: TranscriptRecord): string;
}

/** How lists call a recording, or a channel of it. */
export const sourceName = ({ path, channel }: Pick<TranscriptRecord, "path" | "channel">): string =>
  channel === undefined ? path : `${path} (channel ${channel})`;

/** What stands between words; nothing where they are the symbols of an alphabet without space. */
export const wordSeparator = ({ text }: { readonly text: string }): string => (text.includes(" ") ? " " : "");
