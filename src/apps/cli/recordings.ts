// Which recordings the operands of a command mean: audio files as they are, folders searched through by file name,
// manifests row by row. What is in a file is found out later, from its bytes.

import { stat } from "node:fs/promises";
import { basename, extname, isAbsolute, join, relative } from "node:path";
import { EarshotError } from "../../errors.ts";
import type { Warning } from "../../errors.ts";

export interface InputRecording {
  /** As a user would name it: reachable from the working folder. */
  readonly path: string;
  /** Its path below the folder that was named, or its name: where its transcript goes below --out. */
  readonly place: string;
}

interface RecordingList {
  readonly recordings: readonly InputRecording[];
  readonly warnings: readonly Warning[];
  /** Operands that mean no recording. */
  readonly failures: readonly { readonly path: string; readonly error: EarshotError }[];
}

/** Operands in their order; a folder's files sorted by name. */
export async function listRecordings(operands: readonly string[]): Promise<RecordingList> {
  const recordings: InputRecording[] = [];
  const warnings: Warning[] = [];
  const failures: { path: string; error: EarshotError }[] = [];
  for (const path of operands) {
    try {
      const found = await expandOperand(path);
      for (const recording of found.recordings) recordings.push(recording); // no spread: there may be millions
      warnings.push(...found.warnings);
    } catch (error) {
      if (!(error instanceof EarshotError)) throw error;
      failures.push({ path, error });
    }
  }
  return { recordings, warnings, failures };
}

async function expandOperand(path: string): Promise<Pick<RecordingList, "recordings" | "warnings">> {
  const entry = await stat(path).catch(() => undefined);
  const { findRecordings, MANIFEST_EXTENSIONS } = await import("../../data/index.ts");
  if (entry?.isDirectory()) {
    const places = await findRecordings(path);
    return { recordings: places.map((place) => ({ path: join(path, place), place })), warnings: [] };
  }
  if (entry && MANIFEST_EXTENSIONS.includes(extname(path).toLowerCase())) return readManifest(path);
  return { recordings: [{ path, place: basename(path) }], warnings: [] }; // a missing file fails when it is opened
}

async function readManifest(path: string): Promise<Pick<RecordingList, "recordings" | "warnings">> {
  const { readManifests } = await import("../../data/index.ts");
  const { utterances, warnings } = await readManifests([path]);
  const named = (audio: string): string => (isAbsolute(path) ? audio : relative(".", audio));
  return { recordings: utterances.map((u) => ({ path: named(u.path), place: basename(u.path) })), warnings };
}
