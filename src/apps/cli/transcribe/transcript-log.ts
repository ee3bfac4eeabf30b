// Which transcripts of a folder are finished, so that a command that was broken off goes on: a line for each, written before the
// transcript itself, with what the recording was and how it was recognized. A transcript counts as finished while both are
// the same and it is still there; what somebody corrected in it stays, whatever has changed.

import { basename, dirname, join, relative, resolve } from "node:path";
import { fileFacts, readWholeFile, removeUnfinished, sha256, type Folder } from "../../../platform/index.ts";
import type { InputRecording } from "../recordings.ts";

const LOG = ".transcribed.jsonl";

interface Finished {
  /** Relative to the folder. */
  readonly transcript: string;
  readonly recording: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  /** What else the transcript depends on, as a digest. */
  readonly made: string;
  /** The transcript as it was written, as a digest. */
  readonly text?: string;
  /** What it took the place of: where that is still there, the writer did not come to its end. */
  readonly replaces?: string;
}

/**
 * Open: to be made. Corrected: of another recording or made otherwise, and changed since by somebody. Foreign: there, and none that was
 * written here.
 */
export type TranscriptState = "finished" | "corrected" | "foreign" | "open";

export class TranscriptLog {
  readonly #folder: Folder;
  readonly #made: string;
  readonly #finished: ReadonlyMap<string, Finished>;
  /** What this process learned to be finished. */
  readonly #added = new Map<string, Finished>();

  private constructor(folder: Folder, made: string, finished: ReadonlyMap<string, Finished>) {
    this.#folder = folder;
    this.#made = made;
    this.#finished = finished;
  }

  /** @param options all that the transcripts depend on; files that they name count as they are now */
  static async open(folder: Folder, options: Readonly<Record<string, unknown>>): Promise<TranscriptLog> {
    const bytes =
      (await fileFacts(join(folder.path, LOG)))?.kind === "file" ? await folder.read(LOG) : undefined;
    const text = new TextDecoder().decode(bytes ?? new Uint8Array(0));
    if (text !== "" && !text.endsWith("\n")) await folder.append(LOG, "\n"); // what a crash left of a line
    const made = sha256()
      .update(JSON.stringify(await withFacts(options)))
      .digest();
    const finished = text.split("\n").flatMap(parsed);
    return new TranscriptLog(folder, made, new Map(finished.map((line) => [line.transcript, line])));
  }

  /** @param file the transcript of the recording */
  async stateOf({ path, channel }: InputRecording, file: string): Promise<TranscriptState> {
    const line = this.#finished.get(this.#nameOf(file));
    if ((await fileFacts(file))?.kind !== "file") return "open";
    if (line === undefined) return "foreign";
    const recording = await fileFacts(path);
    const isSame =
      line.made === this.#made &&
      line.recording === nameOf(path, channel) &&
      line.bytes === recording?.bytes &&
      line.modifiedMs === recording.modifiedMs;
    if (isSame && line.replaces === undefined) return "finished";
    if (line.text === undefined) return "open";
    const text = digestOf(await readWholeFile(file));
    if (isSame) return text === line.replaces ? "open" : "finished";
    return text === line.text || text === line.replaces ? "open" : "corrected";
  }

  /** Writes a transcript, whole or not at all; its line before it: one without its transcript is as good as none. */
  async write(recording: InputRecording, file: string, text: string): Promise<void> {
    const there = (await fileFacts(file))?.kind === "file" ? digestOf(await readWholeFile(file)) : undefined;
    const line = await this.know(recording, file, text, there);
    await this.#folder.append(LOG, `${JSON.stringify(line)}\n`);
    await this.#folder.replace(this.#nameOf(file), new TextEncoder().encode(text), { durable: false });
  }

  /**
   * Of a transcript that another process wrote: its line is missing at the end only where that one was killed.
   * @param written what it holds
   * @param before the digest of what it takes the place of
   */
  async know(
    { path, channel }: InputRecording,
    file: string,
    written: string,
    before?: string,
  ): Promise<Finished> {
    const facts = await fileFacts(path);
    const { bytes, modifiedMs } = facts?.kind === "file" ? facts : STREAM;
    const transcript = this.#nameOf(file);
    const text = digestOf(new TextEncoder().encode(written));
    const line: Finished = {
      transcript,
      recording: nameOf(path, channel),
      bytes,
      modifiedMs,
      made: this.#made,
      text,
      ...(before !== undefined && before !== text && { replaces: before }),
    };
    this.#added.set(transcript, line);
    return line;
  }

  /**
   * Without what killed writers left, and one line for each transcript, those of a command in the order of its recordings.
   * @param files the transcripts in this order
   */
  async tidy(files: readonly string[]): Promise<void> {
    await removeUnfinished(this.#folder.path);
    const before = new TextDecoder().decode(await this.#folder.read(LOG));
    const lines = new Map(
      before
        .split("\n")
        .flatMap(parsed)
        .map((line) => [line.transcript, line]),
    );
    for (const [name, line] of this.#added) lines.set(name, line);
    const own = files.map((file) => this.#nameOf(file)).filter((name) => lines.has(name));
    const isOwn = new Set(own);
    const others = [...lines.keys()].filter((name) => !isOwn.has(name));
    const after = [...others, ...own].map((name) => `${JSON.stringify(lines.get(name))}\n`).join("");
    if (after !== before) await this.#folder.replace(LOG, new TextEncoder().encode(after));
  }

  #nameOf(file: string): string {
    return relative(this.#folder.path, file);
  }
}

/** Of what is no file, such as stdin, nobody knows whether it is the same again. */
const STREAM = { bytes: -1, modifiedMs: 0 };

const digestOf = (bytes: Uint8Array): string => sha256().update(bytes).digest();

const nameOf = (path: string, channel = 0): string =>
  channel === 0 ? resolve(path) : `${resolve(path)}#${channel}`;

function parsed(line: string): Finished[] {
  try {
    return line === "" ? [] : [JSON.parse(line) as Finished];
  } catch {
    return [];
  }
}

/** The options, each file among their values with its size and the time of its last change. */
async function withFacts(options: Readonly<Record<string, unknown>>): Promise<unknown[]> {
  const entries = Object.entries(options).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Promise.all(
    entries.map(async ([name, value]) => [name, await Promise.all([value].flat().map(factsOf))] as const),
  );
}

async function factsOf(value: unknown): Promise<unknown> {
  if (typeof value !== "string") return value;
  const facts = await fileFacts(value);
  if (facts?.kind === "folder") return [value, await fileFacts(join(value, "model.safetensors"))];
  return facts ? [basename(value), resolve(dirname(value)), facts.bytes, facts.modifiedMs] : value;
}
