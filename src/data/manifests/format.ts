// What a manifest is and what a format of manifests does: from text to rows of named fields. What the fields mean is in
// fields.ts, the same for every format. Formats know nothing of files.

import type { Warning } from "../../errors.ts";

/** One recording and what is said in it. */
export interface Utterance {
  /** Absolute. */
  readonly path: string;
  /** As written in the manifest. */
  readonly transcript: string;
  /** Empty when the manifest does not say. */
  readonly speaker: string;
  /** When the manifest does not say: the one in its file's name, else `train`. */
  readonly split: string;
  /** What the recording comes from, where the manifest says: "human", or the engine whose voice it is. */
  readonly source?: string;
  /** The row: `manifest.csv:12`. */
  readonly where: string;
}

export interface Manifest {
  readonly utterances: Utterance[];
  /** At most one of each code; it lists all that was left out, or is doubtful, for that reason. */
  readonly warnings: Warning[];
}

export interface ManifestFormat {
  /** Whether a text is of this format, by its first line that is not empty. */
  recognizes(firstLine: string): boolean;
  /** Reads as much as can be read; never throws. */
  read(text: string): ManifestRows;
  /** What a text of this format has to look like, as a sentence. */
  readonly remedy: string;
}

export interface ManifestRows {
  /** Names of the fields, in lower case; none when there is nothing to read. */
  readonly columns: readonly string[];
  readonly rows: readonly ManifestRow[];
  readonly malformed: readonly MalformedRow[];
  /** In their order; only formats in which a field can hold lines of the text have them. */
  readonly overLines?: readonly FieldOverLines[];
}

/** A field that goes on over several lines of the text, 1-based. */
export interface FieldOverLines {
  /** Undefined beyond the columns of the header. */
  readonly column?: string;
  readonly firstLine: number;
  readonly lastLine: number;
  /** Of its text, to recognize it by. */
  readonly beginning: string;
}

export interface ManifestRow {
  /** 1-based; the last line of a row that spans several. */
  readonly line: number;
  /** By the names in `columns`, of whatever type the format gives; a field that the row lacks is missing. */
  readonly fields: ManifestFields;
}

export type ManifestFields = Pick<ReadonlyMap<string, unknown>, "get" | "has">;

export interface MalformedRow {
  readonly line: number;
  readonly reason: string;
}
