// Where transcripts go: each into its file, or to stdout; what is told of them comes in the order of the recordings.

import { EarshotError } from "../../../errors.ts";
import type { Warning } from "../../../errors.ts";
import { isMissing, readWholeFile } from "../../../platform/index.ts";
import type { Recognizer, TranscriptRecord, Word, Writer } from "../../../recognizer/index.ts";
import { suggestFile } from "../faults.ts";
import type { InputRecording } from "../recordings.ts";
import { EXIT, type Session } from "../session.ts";
import { fileText, type TranscriptOutcome } from "./outcome.ts";
import type { TranscriptLog } from "./transcript-log.ts";
import { foreignTranscripts, type Files } from "./work.ts";

export interface TranscriptReport {
  /** Of the one recording that stdout is for, as soon as they are final. */
  readonly words: (words: readonly Word[]) => void;
  transcribed(recording: InputRecording, record: TranscriptRecord): Promise<void>;
  failed(recording: InputRecording, error: EarshotError): Promise<void>;
}

export interface TranscriptReportOptions {
  readonly writer: Writer;
  readonly jsonOf: (record: TranscriptRecord) => object;
  /** Whether there is no other recording. */
  readonly alone: boolean;
  readonly files?: Files;
  readonly log?: TranscriptLog;
}

/** Of recordings that this process transcribes one after the other. */
export function openReport(
  { alone, files, log, writer, jsonOf }: TranscriptReportOptions,
  { model }: Recognizer,
  session: Session,
): TranscriptReport {
  const { output } = session;
  const onStdout = !files && !output.json;
  if (onStdout) output.write(writer.header);
  const stream = onStdout && alone ? writer.open?.(model.alphabet.separator) : undefined;
  return {
    words: (words) => stream && output.write(stream.words(words)),
    async transcribed(recording, record) {
      const file = files?.get(recording);
      if (file !== undefined) await log?.write(recording, file, fileText(writer, record));
      if (output.json) output.object(jsonOf(record));
      else if (file === undefined)
        output.write(stream ? stream.finish(record) : writer.record(record, alone));
      tellWarnings(record.path, record.warnings, session);
    },
    failed: (recording, error) => tellFailure(recording, error, session),
  };
}

function tellWarnings(path: string, warnings: readonly Warning[], { output }: Session): void {
  if (output.json) return; // they are in the line
  for (const warning of warnings) output.warn(warning, path);
}

async function tellFailure(
  { path, channel }: Pick<InputRecording, "path" | "channel">,
  error: EarshotError,
  session: Session,
): Promise<void> {
  const { output } = session;
  session.exitCode = EXIT.findings;
  const suggested = await suggestFile(error);
  const place = channel === undefined ? { path } : { path, channel };
  if (output.json) output.object({ ...place, error: suggested });
  else output.complain(suggested);
}

/**
 * Of recordings that several processes transcribe: outcomes come in any order, some more than once. Each is written when it
 * comes, if its file does not hold it already, and told once, in the order of the recordings.
 */
export class SharedReport {
  readonly #recordings: readonly InputRecording[];
  readonly #files: Files;
  readonly #log: TranscriptLog;
  readonly #session: Session;
  /** Recordings whose outcome is awaited, as indices. */
  readonly #awaited: readonly number[];
  readonly #isAwaited: ReadonlySet<number>;
  /** Those of them in whose place is a file that was not written here. */
  readonly #foreign: ReadonlySet<number>;
  readonly #settled = new Set<number>();
  /** What is to be told of settled ones when those before them are settled. */
  readonly #untold = new Map<number, TranscriptOutcome>();
  #told = 0;
  #last: Promise<void> = Promise.resolve();
  #stayed = 0;

  constructor(
    recordings: readonly InputRecording[],
    awaited: readonly number[],
    foreign: ReadonlySet<number>,
    { files, log }: { readonly files: Files; readonly log: TranscriptLog },
    session: Session,
  ) {
    this.#recordings = recordings;
    this.#awaited = awaited;
    this.#isAwaited = new Set(awaited);
    this.#foreign = foreign;
    this.#files = files;
    this.#log = log;
    this.#session = session;
  }

  get done(): number {
    return this.#settled.size;
  }

  get isComplete(): boolean {
    return this.#settled.size === this.#awaited.length;
  }

  isSettled(index: number): boolean {
    return this.#settled.has(index);
  }

  /** Of an operand that means no recording. */
  failedOperand(path: string, error: EarshotError): Promise<void> {
    return tellFailure({ path }, error, this.#session);
  }

  /** One after another. */
  settle(outcome: TranscriptOutcome): Promise<void> {
    this.#last = this.#last.then(() => this.#settle(outcome));
    return this.#last;
  }

  async #settle(outcome: TranscriptOutcome): Promise<void> {
    const { index, text } = outcome;
    if (this.#settled.has(index) || !this.#isAwaited.has(index)) return;
    if (text !== undefined) await this.#keep(index, text);
    this.#settled.add(index);
    this.#untold.set(index, {
      ...outcome,
      text: undefined,
      ...(!this.#session.output.json && { json: undefined }),
    });
    for (let next; (next = this.#untold.get(this.#awaited[this.#told])); this.#told++) {
      this.#untold.delete(next.index);
      await this.#tell(next);
    }
  }

  async #keep(index: number, text: string): Promise<void> {
    const recording = this.#recordings[index];
    const file = this.#files.get(recording)!;
    if (await holds(file, text)) await this.#log.know(recording, file, text);
    else if (this.#foreign.has(index)) this.#stayed++;
    else
      await this.#log.write(recording, file, text).catch(async (error: unknown) => {
        if (!(await holds(file, text))) throw error; // else another client of the folder was faster
        await this.#log.know(recording, file, text);
      });
  }

  async #tell({ index, json, warnings = [], fault }: TranscriptOutcome): Promise<void> {
    const recording = this.#recordings[index];
    if (fault) return tellFailure(recording, new EarshotError(fault), this.#session);
    if (this.#session.output.json) this.#session.output.object(json);
    tellWarnings(recording.path, warnings, this.#session);
  }

  /** The log in the order of the recordings, each once. */
  async close(): Promise<void> {
    await this.#last;
    await this.#log.tidy(this.#recordings.map((recording) => this.#files.get(recording)!));
    if (this.#stayed > 0)
      this.#session.output.warn(foreignTranscripts(this.#stayed, this.#recordings.length));
  }
}

async function holds(file: string, text: string): Promise<boolean> {
  try {
    return new TextDecoder().decode(await readWholeFile(file)) === text;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
