// What an importer is: it knows where a corpus is published and which of its files hold what is said in which recording.
// It knows nothing of downloads, archives or manifests; a new corpus is a file in corpora/ and a line in importers.ts.

import type { Warning } from "../../errors.ts";
import type { Checksum } from "../../platform/index.ts";
import type { CorpusFolder } from "./folder.ts";

/** A file to fetch and unpack. */
export interface Archive {
  readonly url: string;
  /** The folder it is unpacked into, below that of the corpus; parts are separated by slashes. */
  readonly name: string;
  readonly checksum?: Checksum;
}

/** One recording and what is said in it. */
export interface CorpusRow {
  /** Among `CorpusFolder.paths`, or of a recording that is missing there. */
  readonly path: string;
  readonly transcript: string;
  /** Empty when the corpus does not say. */
  readonly speaker: string;
  /** Undefined when the corpus has no official split. */
  readonly split?: string;
  /** The line that says so: `etc/an4_train.transcription:12`. */
  readonly where: string;
}

export interface CorpusRows {
  readonly rows: readonly CorpusRow[];
  /** Lines that cannot be used, each with its place and why. */
  readonly malformed: readonly string[];
  /** Of tables read as manifests, which list their own malformed rows. */
  readonly warnings?: readonly Warning[];
}

/** What to fetch when the source is no file or folder. */
export interface ArchiveRequest {
  /** As given: a URL, or the name of a data set; undefined for what the corpus itself publishes. */
  readonly source?: string;
  /** Names among `Importer.parts`; empty for all that are usual. */
  readonly parts: readonly string[];
  /** The text of a page. */
  readonly ask: (url: string) => Promise<string>;
}

export interface Importer {
  /** As on the command line. */
  readonly name: string;
  /** One line, with license and size. */
  readonly description: string;
  /** What can be fetched by itself, with a note on each. */
  readonly parts?: Readonly<Record<string, string>>;
  /** Of the files in a folder that was given, the archives that hold the corpus; none by default. */
  archivesAmong?(paths: readonly string[]): readonly string[];
  /** @throws EarshotError when the corpus cannot be fetched, or not from this source. */
  locate(request: ArchiveRequest): Promise<readonly Archive[]>;
  /** None at all when the folder is not laid out as this corpus is. */
  read(folder: CorpusFolder): Promise<CorpusRows>;
}
