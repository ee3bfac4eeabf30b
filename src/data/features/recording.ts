// Recordings on disk as they were when a corpus was opened: whether they are there, and what tells that one has changed.

import { EarshotError } from "../../errors.ts";
import { statFiles, type FileFacts } from "../../platform/index.ts";
import { recordingFault } from "./recording-fault.ts";

/** A recording as it was when the corpus was opened. */
export interface Recording {
  readonly path: string;
  readonly bytes: number;
  /** Time of the last change, in ms since 1970. */
  readonly modifiedMs: number;
}

/** Names a recording in keys. */
export const identityOf = ({ path, bytes, modifiedMs }: Recording): string =>
  JSON.stringify([path, bytes, modifiedMs]);

/** Looks a file up. @throws EarshotError `RECORDING_NOT_FOUND`, `UNREADABLE_RECORDING` */
export async function locateRecording(path: string): Promise<Recording> {
  const [found] = await locateRecordings([path]);
  if (found instanceof EarshotError) throw found;
  return found;
}

/** The same of many, in their order; in the place of one that is not there, why. */
export async function locateRecordings(paths: readonly string[]): Promise<(Recording | EarshotError)[]> {
  const found = await statFiles(paths);
  return found.map((facts, i) => recordingOf(paths[i], facts));
}

function recordingOf(path: string, found: FileFacts | Error): Recording | EarshotError {
  if (!(found instanceof Error) && found.kind === "file")
    return { path, bytes: found.bytes, modifiedMs: found.modifiedMs };
  const cause = found instanceof Error ? found : new Error("it is not a regular file");
  return new EarshotError(recordingFault(path, cause), { cause });
}
