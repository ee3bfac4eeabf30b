// `earshot transcribe`: recordings to text, on stdout or into one file for each.

import { basename, dirname, join } from "node:path";
import { Option } from "commander";
import type { Command } from "commander";
import type { EarshotError, Warning } from "../../../errors.ts";
import type {
  Recognizer,
  Source,
  TranscriptionProgress,
  TranscriptRecord,
  Word,
  Writer,
  WriterName,
} from "../../../recognizer/index.ts";
import { duration } from "../../../figures.ts";
import { checkOutputs, openFolder } from "../../../platform/index.ts";
import { suggestFile } from "../faults.ts";
import { addDecoderOptions } from "../decoding.ts";
import type { DecoderFlags } from "../decoding.ts";
import { addRecognitionOptions, examples, modelOption, rejectionOptions } from "../options.ts";
import type { Output } from "../output.ts";
import { chosenModels } from "../model-choice.ts";
import { openRecognizer } from "../recognizer.ts";
import type { RecognizerFlags, RejectionFlags } from "../recognizer.ts";
import { eachChannel, listRecordings } from "../recordings.ts";
import type { InputRecording } from "../recordings.ts";
import { EXIT, usageFault } from "../session.ts";
import type { Session } from "../session.ts";
import { checkStandardInput } from "../standard-input.ts";
import { TranscriptLog } from "../transcript-log.ts";

const FORMATS: readonly WriterName[] = ["txt", "json", "srt", "vtt", "csv", "textgrid"];

interface TranscribeOptions extends RecognizerFlags, RejectionFlags, DecoderFlags {
  readonly format?: WriterName;
  readonly out?: string;
  readonly restart?: true;
  readonly channels?: "mix" | "each";
  readonly json?: true;
}

export function addTranscribe(program: Command, session: Session): void {
  const command = program
    .command("transcribe")
    .description("Turn recordings into text.")
    .argument(
      "<source...>",
      "audio files (WAV, FLAC, MP3, Ogg, M4A …), folders of them, manifests, or - for stdin",
    )
    .addOption(modelOption())
    .addOption(new Option("--format <name>", "how transcripts are written; txt by default").choices(FORMATS))
    .option(
      "--out <folder>",
      "write a file for each recording there, instead of stdout; run again, it goes on where it was",
    )
    .option("--restart", "with --out: transcribe all anew, whatever is there")
    .addOption(
      new Option("--channels <how>", "mix: all channels as one; each: a transcript for every channel")
        .choices(["mix", "each"])
        .default("mix"),
    );
  for (const option of rejectionOptions()) command.addOption(option);
  addRecognitionOptions(addDecoderOptions(command))
    .addHelpText(
      "after",
      examples(
        "earshot transcribe hello.wav",
        "earshot transcribe hello.wav -m model.safetensors",
        "earshot transcribe interviews/ -m model.safetensors --format csv > interviews.csv",
        "earshot transcribe interviews/ -m model.safetensors --out transcripts",
        "earshot transcribe talk.mp3 -m model.safetensors --format srt > talk.srt",
        "earshot transcribe call.wav -m model.safetensors --channels each --json",
        "earshot transcribe *.flac -m runs/first --json",
        "ffmpeg -i talk.mkv -f wav - | earshot transcribe - -m model.safetensors",
        "earshot transcribe hello.wav -m model.safetensors --lm words.arpa.gz --hot-word 'earshot:8'",
        "earshot transcribe command.wav -m model.safetensors --grammar commands.jsgf --json",
      ),
    )
    .action((operands: string[], options: TranscribeOptions) => transcribe(operands, options, session));
}

async function transcribe(
  operands: readonly string[],
  given: TranscribeOptions,
  session: Session,
): Promise<void> {
  if (given.json && given.format && !given.out) throw twoFormats();
  if (given.restart && !given.out) throw nothingToRestart();
  const options = { ...given, model: await chosenModels(given.model, "transcribe", session) };
  const { output } = session;
  const { writers } = await import("../../../recognizer/index.ts");
  checkStandardInput(operands, "transcribe");
  const list = await listRecordings(operands, "transcribe", session);
  const recordings = options.channels === "each" ? await eachChannel(list.recordings) : list.recordings;
  for (const warning of list.warnings) output.warn(warning);
  const format = options.format ?? "txt";
  if (writers[format].ofOne && recordings.length > 1 && !options.out) throw roomForOne(format);
  const files = options.out
    ? fileNames(recordings, options.out, writers[format].extension ?? format)
    : undefined;
  const inputs = [...operands, ...recordings.map(({ path }) => path)];
  if (files) await checkOutputs([...files.values()], { inputs, makesFolders: true });
  const work = await openWork(recordings, files, options, session);
  if (work.recordings.length === 0 && recordings.length > 0 && list.failures.length === 0) return;
  const recognizer = await openRecognizer(options, "transcribe", session);
  try {
    const report = await openReport(work, format, recognizer, session);
    for (const { path, error } of list.failures) await report.failed({ path, place: path }, error);
    await transcribeWork(recognizer, work.recordings, report, session);
  } finally {
    await recognizer.close();
  }
}

/** What is to be done, and where its files go. */
interface Work {
  readonly recordings: readonly InputRecording[];
  /** Whether there is no other, finished or not. */
  readonly alone: boolean;
  readonly files?: ReadonlyMap<InputRecording, string>;
  readonly log?: TranscriptLog;
}

/** All recordings, but those whose transcript is finished, or somebody's own by now. */
async function openWork(
  recordings: readonly InputRecording[],
  files: ReadonlyMap<InputRecording, string> | undefined,
  options: TranscribeOptions,
  { output }: Session,
): Promise<Work> {
  const alone = recordings.length === 1;
  if (options.out === undefined || !files) return { recordings, alone };
  const made = { ...options, out: undefined, json: undefined, threads: undefined, restart: undefined };
  const log = await TranscriptLog.open(options.out, made);
  const open: InputRecording[] = [];
  const kept = { corrected: 0, foreign: 0 };
  for (const recording of recordings) {
    const file = files.get(recording)!;
    const state = options.restart ? "open" : await log.stateOf(recording, file);
    if (state === "corrected" || state === "foreign") kept[state]++;
    if (state === "open") open.push(recording);
    else if (output.json) output.object({ path: recording.path, [state]: file });
  }
  const finished = recordings.length - open.length - kept.corrected - kept.foreign;
  if (finished > 0)
    output.note(
      `${finished} of ${recordings.length} recordings have their transcript already, unchanged since (--restart makes all anew).`,
    );
  if (kept.corrected > 0) output.warn(correctedTranscripts(kept.corrected, recordings.length));
  if (kept.foreign > 0) output.warn(foreignTranscripts(kept.foreign, recordings.length));
  return { recordings: open, alone, files, log };
}

const correctedTranscripts = (corrected: number, all: number): Warning => {
  return {
    code: "CORRECTED_TRANSCRIPTS",
    message: `${corrected} of ${all} transcripts would come out otherwise now, but were changed by hand since: they stay (--restart makes all anew).`,
  };
};

const foreignTranscripts = (foreign: number, all: number): Warning => {
  return {
    code: "FOREIGN_TRANSCRIPTS",
    message: `${foreign} of ${all} recordings have a file in the place of their transcript that was not written here: it stays (--restart makes all anew; or give another --out).`,
  };
};

async function transcribeWork(
  recognizer: Recognizer,
  recordings: readonly InputRecording[],
  report: Report,
  { output, signal }: Session,
): Promise<void> {
  let done = 0;
  const onProgress = ({ seconds, ofSeconds }: TranscriptionProgress) =>
    output.progress(
      `transcribing ${done}/${recordings.length}  ${duration(seconds)} of ${duration(ofSeconds)} opened`,
    );
  const sources = recordings.map(sourceOf);
  for await (const outcome of recognizer.transcribeAll(sources, {
    signal,
    onProgress,
    onWords: report.words,
  })) {
    const recording = recordings[done];
    const { path, channel } = recording;
    if ("error" in outcome) await report.failed(recording, errorOf(recording, outcome.error));
    else await report.transcribed(recording, { path, channel, ...outcome.transcription });
    done++;
  }
}

function sourceOf({ path, bytes, channel }: InputRecording): Source {
  const recording = bytes ?? path;
  return channel === undefined ? recording : { recording, channel: channel - 1 };
}

const twoFormats = (): EarshotError =>
  usageFault("Both --json and --format say what stdout carries.", "Leave one out, or give --out FOLDER.");

const nothingToRestart = (): EarshotError =>
  usageFault(
    "--restart is for --out FOLDER: what goes to stdout is always made anew.",
    "Leave --restart out, or give --out.",
  );

/** Errors of bytes do not know where these came from. */
const errorOf = ({ path, bytes }: InputRecording, error: EarshotError): EarshotError =>
  bytes === undefined ? error : error.with({ where: path });

interface Report {
  /** Of the one recording that stdout is for, as soon as they are final. */
  readonly words: (words: readonly Word[]) => void;
  transcribed(recording: InputRecording, record: TranscriptRecord): Promise<void>;
  failed(recording: InputRecording, error: EarshotError): Promise<void>;
}

async function openReport(
  { alone, files, log }: Work,
  format: WriterName,
  { model }: Recognizer,
  session: Session,
): Promise<Report> {
  const { output } = session;
  const { jsonOf, writers } = await import("../../../recognizer/index.ts");
  const writer: Writer = writers[format];
  const onStdout = !files && !output.json;
  if (onStdout) output.write(writer.header);
  const stream = onStdout && alone ? writer.open?.(model.alphabet.separator) : undefined;
  return {
    words: (words) => stream && output.write(stream.words(words)),
    async transcribed(recording, record) {
      const file = files?.get(recording);
      if (file !== undefined) {
        const written = writer.header + writer.record(record, true);
        await writeWhole(file, written);
        await log?.add(recording, file, written);
      }
      if (output.json) output.object(jsonOf(record));
      else if (file === undefined)
        output.write(stream ? stream.finish(record) : writer.record(record, alone));
      warnAll(output, record.path, record.warnings);
    },
    async failed({ path, channel }, error) {
      session.exitCode = EXIT.findings;
      const suggested = await suggestFile(error);
      const place = channel === undefined ? { path } : { path, channel };
      if (output.json) output.object({ ...place, error: suggested });
      else output.complain(suggested);
    },
  };
}

function roomForOne(format: WriterName): EarshotError {
  return usageFault(
    `--format ${format} has room for one recording only, and there are several.`,
    "Give --out FOLDER: each gets a file of its own.",
  );
}

function warnAll(output: Output, path: string, warnings: TranscriptRecord["warnings"]): void {
  if (output.json) return; // they are in the line
  for (const warning of warnings) output.warn(warning, path);
}

/** hello.wav → hello.txt; where two recordings would share a file, a number tells them apart. */
function fileNames(
  recordings: readonly InputRecording[],
  out: string,
  extension: string,
): Map<InputRecording, string> {
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

/** Whole or not at all; of a failure no folder stays that was made for it. */
async function writeWhole(path: string, text: string): Promise<void> {
  const folder = openFolder(dirname(path));
  try {
    await folder.replace(basename(path), new TextEncoder().encode(text), { durable: false });
  } catch (error) {
    await folder.removeIfEmpty();
    throw error;
  }
}
