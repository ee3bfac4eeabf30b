// `earshot transcribe`: recordings to text, on stdout or into one file for each.

import { basename, dirname, join } from "node:path";
import { Option } from "commander";
import type { Command } from "commander";
import type { EarshotError } from "../../../errors.ts";
import type {
  TranscriptionProgress,
  TranscriptRecord,
  Writer,
  WriterName,
} from "../../../recognizer/index.ts";
import { duration } from "../../../figures.ts";
import { checkOutputs, openFolder } from "../../../platform/index.ts";
import { suggestFile } from "../faults.ts";
import { addDecoderOptions } from "../decoding.ts";
import type { DecoderFlags } from "../decoding.ts";
import { addRecognitionOptions, examples, modelOption, rejectionOptions, requireModels } from "../options.ts";
import type { Output } from "../output.ts";
import { openRecognizer } from "../recognizer.ts";
import type { RecognizerFlags, RejectionFlags } from "../recognizer.ts";
import { listRecordings } from "../recordings.ts";
import type { InputRecording } from "../recordings.ts";
import { EXIT, usageFault } from "../session.ts";
import type { Session } from "../session.ts";
import { checkStandardInput } from "../standard-input.ts";

const FORMATS: readonly WriterName[] = ["txt", "json", "srt", "vtt", "csv", "textgrid"];

interface TranscribeOptions extends RecognizerFlags, RejectionFlags, DecoderFlags {
  readonly format?: WriterName;
  readonly out?: string;
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
    .option("--out <folder>", "write a file for each recording there, instead of stdout");
  for (const option of rejectionOptions()) command.addOption(option);
  addRecognitionOptions(addDecoderOptions(command))
    .addHelpText(
      "after",
      examples(
        "earshot transcribe hello.wav -m model.safetensors",
        "earshot transcribe interviews/ -m model.safetensors --format csv > interviews.csv",
        "earshot transcribe interviews/ -m model.safetensors --out transcripts",
        "earshot transcribe talk.mp3 -m model.safetensors --format srt > talk.srt",
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
  options: TranscribeOptions,
  session: Session,
): Promise<void> {
  if (options.json && options.format && !options.out) throw twoFormats();
  requireModels(options.model, "transcribe");
  const { output, signal } = session;
  const { jsonOf, writers } = await import("../../../recognizer/index.ts");
  checkStandardInput(operands, "transcribe");
  const { recordings, warnings, failures } = await listRecordings(operands, "transcribe", session);
  for (const warning of warnings) output.warn(warning);
  const format = options.format ?? "txt";
  if (writers[format].ofOne && recordings.length > 1 && !options.out) throw roomForOne(format);
  const files = options.out
    ? fileNames(recordings, options.out, writers[format].extension ?? format)
    : undefined;
  const inputs = [...operands, ...recordings.map(({ path }) => path)];
  if (files) await checkOutputs([...files.values()], { inputs, makesFolders: true });
  const recognizer = await openRecognizer(options, "transcribe", session);
  try {
    const report = openReport(recordings.length, files, { ...writers[format], jsonOf }, session);
    for (const { path, error } of failures) await report.failed(path, error);
    const sources = recordings.map(({ path, bytes }) => bytes ?? path);
    let done = 0;
    const onProgress = ({ seconds, ofSeconds }: TranscriptionProgress) =>
      output.progress(
        `transcribing ${done}/${sources.length}  ${duration(seconds)} of ${duration(ofSeconds)} opened`,
      );
    for await (const outcome of recognizer.transcribeAll(sources, { signal, onProgress })) {
      const recording = recordings[done];
      if ("error" in outcome) await report.failed(recording.path, errorOf(recording, outcome.error));
      else await report.transcribed(recording, { path: recording.path, ...outcome.transcription });
      done++;
    }
  } finally {
    await recognizer.close();
  }
}

const twoFormats = (): EarshotError =>
  usageFault("Both --json and --format say what stdout carries.", "Leave one out, or give --out FOLDER.");

/** Errors of bytes do not know where these came from. */
const errorOf = ({ path, bytes }: InputRecording, error: EarshotError): EarshotError =>
  bytes === undefined ? error : error.with({ where: path });

interface Report {
  transcribed(recording: InputRecording, record: TranscriptRecord): Promise<void>;
  failed(path: string, error: EarshotError): Promise<void>;
}

function openReport(
  count: number,
  files: ReadonlyMap<InputRecording, string> | undefined,
  writer: Writer & { readonly jsonOf: (record: TranscriptRecord) => object },
  session: Session,
): Report {
  const { output } = session;
  const alone = count === 1;
  if (!files && !output.json) output.write(writer.header);
  return {
    async transcribed(recording, record) {
      const file = files?.get(recording);
      if (file !== undefined) await writeWhole(file, writer.header + writer.record(record, true));
      if (output.json) output.object(writer.jsonOf(record));
      else if (file === undefined) output.write(writer.record(record, alone));
      warnAll(output, record.path, record.warnings);
    },
    async failed(path, error) {
      session.exitCode = EXIT.findings;
      const suggested = await suggestFile(error);
      if (output.json) output.object({ path, error: suggested });
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
