// What a command has to do, and where the files go: all recordings, but those whose transcript is finished, or somebody's own
// by now.

import { join } from "node:path";
import type { Warning } from "../../../errors.ts";
import { fileFacts } from "../../../platform/index.ts";
import type { Output } from "../output.ts";
import type { InputRecording } from "../recordings.ts";
import type { TranscriptLog, TranscriptState } from "./transcript-log.ts";

export type Files = ReadonlyMap<InputRecording, string>;

/** hello.wav → hello.txt; where two recordings would share a file, a number tells them apart. */
export function fileNames(recordings: readonly InputRecording[], out: string, extension: string): Files {
  const taken = new Set<string>();
  const names = new Map<InputRecording, string>();
  for (const recording of recordings) {
    const stem = join(out, recording.place.replace(/\.[^./\\]+$/, ""));
    let name = `${stem}.${extension}`;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${stem}-${n}.${extension}`;
    taken.add(name.toLowerCase());
    names.set(recording, name);
  }
  return names;
}

/** The state of each recording. @param restart all are open, whatever is there */
export async function transcriptStates(
  recordings: readonly InputRecording[],
  files: Files,
  log: TranscriptLog,
  restart: boolean,
): Promise<TranscriptState[]> {
  const states: TranscriptState[] = [];
  for (const recording of recordings)
    states.push(restart ? "open" : await log.stateOf(recording, files.get(recording)!));
  return states;
}

/** Bytes of each, which say how much work it is where an archive is of one format; 0 of what is not there. */
export async function sizesOf(recordings: readonly InputRecording[]): Promise<number[]> {
  const sizes: number[] = [];
  for (const { path } of recordings) {
    const facts = await fileFacts(path);
    sizes.push(facts?.kind === "file" ? facts.bytes : 0);
  }
  return sizes;
}

/** Tells of all that are not open. */
export function tellStates(
  recordings: readonly InputRecording[],
  states: readonly TranscriptState[],
  files: Files,
  output: Output,
): void {
  const number = (state: TranscriptState) => states.filter((one) => one === state).length;
  recordings.forEach((recording, i) => {
    if (output.json && states[i] !== "open")
      output.object({ path: recording.path, [states[i]]: files.get(recording) });
  });
  const [finished, corrected, foreign] = [number("finished"), number("corrected"), number("foreign")];
  if (finished > 0)
    output.note(
      `${finished} of ${recordings.length} recordings have their transcript already, unchanged since (--restart makes all anew).`,
    );
  if (corrected > 0) output.warn(correctedTranscripts(corrected, recordings.length));
  if (foreign > 0) output.warn(foreignTranscripts(foreign, recordings.length));
}

const correctedTranscripts = (corrected: number, all: number): Warning => {
  return {
    code: "CORRECTED_TRANSCRIPTS",
    message: `${corrected} of ${all} transcripts would come out otherwise now, but were changed by hand since: they stay (--restart makes all anew).`,
  };
};

export const foreignTranscripts = (foreign: number, all: number): Warning => {
  return {
    code: "FOREIGN_TRANSCRIPTS",
    message: `${foreign} of ${all} recordings have a file in the place of their transcript that was not written here: it stays (--restart makes all anew; or give another --out).`,
  };
};
