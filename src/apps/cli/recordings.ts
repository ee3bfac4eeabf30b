// Which recordings the operands of a command mean: audio files as they are, folders searched through by file name,
// manifests row by row, "-" for stdin. What is in a file is found out later, from its bytes.

import { stat } from "node:fs/promises";
import { basename, extname, isAbsolute, join, relative } from "node:path";
import { EarshotError } from "../../errors.ts";
import type { Warning } from "../../errors.ts";
import type { Source } from "../../recognizer/index.ts";
import type { Session } from "./session.ts";
import { readStandardInput, STANDARD_INPUT } from "./standard-input.ts";

export interface InputRecording {
  /** As a user would name it: reachable from the working folder. */
  readonly path: string;
  /** Its path below the folder that was named, or its name: where its transcript goes below --out. */
  readonly place: string;
  /** Of what came on stdin. */
  readonly bytes?: Uint8Array;
  /** Where each channel is a recording of its own: which, from 1. */
  readonly channel?: number;
}

/** What a recognizer is given. */
export function recognizerSource({ path, bytes, channel }: InputRecording): Source {
  const recording = bytes ?? path;
  return channel === undefined ? recording : { recording, channel: channel - 1 };
}

interface RecordingList {
  readonly recordings: readonly InputRecording[];
  readonly warnings: readonly Warning[];
  /** Operands that mean no recording. */
  readonly failures: readonly { readonly path: string; readonly error: EarshotError }[];
}

/**
 * Operands in their order; a folder's files sorted by name.
 * @param split of a manifest that has rows of this split, only those are meant
 */
export async function listRecordings(
  operands: readonly string[],
  command: string,
  session: Session,
  split?: string,
): Promise<RecordingList> {
  const recordings: InputRecording[] = [];
  const warnings: Warning[] = [];
  const failures: { path: string; error: EarshotError }[] = [];
  for (const path of operands) {
    try {
      const found =
        path === STANDARD_INPUT ? await ofStandardInput(command, session) : await expandOperand(path, split);
      for (const recording of found.recordings) recordings.push(recording); // no spread: there may be millions
      warnings.push(...found.warnings);
    } catch (error) {
      if (!(error instanceof EarshotError) || error === session.signal.reason) throw error;
      failures.push({ path, error });
    }
  }
  return { recordings, warnings, failures };
}

/** Each channel of several as a recording of its own; what cannot be read stays, and fails where it is used. */
export async function eachChannel(recordings: readonly InputRecording[]): Promise<InputRecording[]> {
  const { countChannels } = await import("../../recognizer/index.ts");
  const all: InputRecording[] = [];
  for (const recording of recordings) {
    const { path, bytes, place } = recording;
    const channels = await countChannels(bytes ?? path).catch(() => 1);
    const stem = place.slice(0, place.length - extname(place).length);
    const ofChannel = (channel: number): InputRecording => {
      return { ...recording, channel, place: `${stem}-channel${channel}${extname(place)}` };
    };
    if (channels < 2) all.push(recording);
    else for (let channel = 1; channel <= channels; channel++) all.push(ofChannel(channel));
  }
  return all;
}

type Expanded = Pick<RecordingList, "recordings" | "warnings">;

async function ofStandardInput(command: string, session: Session): Promise<Expanded> {
  const bytes = await readStandardInput(command, session);
  return { recordings: [{ path: STANDARD_INPUT, place: "stdin", bytes }], warnings: [] };
}

async function expandOperand(path: string, split?: string): Promise<Expanded> {
  const entry = await stat(path).catch(() => undefined);
  const { findRecordings, MANIFEST_EXTENSIONS } = await import("../../data/index.ts");
  if (entry?.isDirectory()) {
    const places = await findRecordings(path);
    return { recordings: places.map((place) => ({ path: join(path, place), place })), warnings: [] };
  }
  if (entry && MANIFEST_EXTENSIONS.includes(extname(path).toLowerCase())) return readManifest(path, split);
  return { recordings: [{ path, place: basename(path) }], warnings: [] }; // a missing file fails when it is opened
}

async function readManifest(path: string, split?: string): Promise<Expanded> {
  const { readManifests } = await import("../../data/index.ts");
  const { utterances: rows, warnings } = await readManifests([path]);
  const ofSplit = split === undefined ? [] : rows.filter((row) => row.split === split);
  const utterances = ofSplit.length > 0 ? ofSplit : rows;
  const named = (audio: string): string => (isAbsolute(path) ? audio : relative(".", audio));
  return { recordings: utterances.map((u) => ({ path: named(u.path), place: basename(u.path) })), warnings };
}
