// `earshot transcribe`: recordings to text, on stdout or into one file for each.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Option } from "commander";
import type { Command } from "commander";
import type { EarshotError } from "../../../errors.ts";
import type { ListeningProgress, TranscriptRecord, Writer, WriterName } from "../../../recognizer/index.ts";
import { suggestFile } from "../faults.ts";
import { engineOption, examples, jsonOption, modelOption, requireModel, threadsOption } from "../options.ts";
import { duration } from "../output.ts";
import type { Output } from "../output.ts";
import { listRecordings } from "../recordings.ts";
import type { Recording } from "../recordings.ts";
import { EXIT, usageFault } from "../session.ts";
import type { Session } from "../session.ts";

const FORMATS: readonly WriterName[] = ["txt", "json", "csv"];

interface TranscribeOptions {
  readonly model?: string;
  readonly format?: WriterName;
  readonly out?: string;
  readonly engine?: string;
  readonly threads?: number;
  readonly json?: true;
}

export function addTranscribe(program: Command, session: Session): void {
  program
    .command("transcribe")
    .description("Turn recordings into text.")
    .argument("<source...>", "audio files (WAV, FLAC, MP3), folders of them, or manifests")
    .addOption(modelOption())
    .addOption(new Option("--format <name>", "how transcripts are written; txt by default").choices(FORMATS))
    .option("--out <folder>", "write a file for each recording there, instead of stdout")
    .addOption(engineOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples(
        "earshot transcribe hello.wav -m model.safetensors",
        "earshot transcribe interviews/ -m model.safetensors --format csv > interviews.csv",
        "earshot transcribe interviews/ -m model.safetensors --out transcripts",
        "earshot transcribe *.flac -m model.safetensors --json",
      ),
    )
    .action((operands: string[], options: TranscribeOptions) => transcribe(operands, options, session));
}

async function transcribe(
  operands: readonly string[],
  options: TranscribeOptions,
  session: Session,
): Promise<void> {
  if (options.json && options.format && !options.out) {
    throw usageFault(
      "Both --json and --format say what stdout carries.",
      "Leave one out, or give --out FOLDER.",
    );
  }
  const { output, signal } = session;
  const model = requireModel(options.model, "transcribe");
  const { Recognizer, writers } = await import("../../../recognizer/index.ts");
  const { recordings, warnings, failures } = await listRecordings(operands);
  for (const warning of warnings) output.warn(warning);
  const { engine, threads } = options;
  const recognizer = await Recognizer.load(model, { engine, threads });
  try {
    for (const warning of recognizer.model.warnings) output.warn(warning);
    const report = openReport(recordings, options, writers[options.format ?? "txt"], session);
    for (const { path, error } of failures) await report.failed(path, error);
    const paths = recordings.map(({ path }) => path);
    let done = 0;
    const onProgress = ({ seconds, ofSeconds }: ListeningProgress) =>
      output.progress(
        `transcribing ${done}/${paths.length}  ${duration(seconds)} of ${duration(ofSeconds)} opened`,
      );
    for await (const outcome of recognizer.transcribeAll(paths, { signal, onProgress })) {
      if ("error" in outcome) await report.failed(outcome.source, outcome.error);
      else await report.transcribed(recordings[done], { path: outcome.source, ...outcome.transcription });
      done++;
    }
  } finally {
    await recognizer.close();
  }
}

interface Report {
  transcribed(recording: Recording, record: TranscriptRecord): Promise<void>;
  failed(path: string, error: EarshotError): Promise<void>;
}

function openReport(
  recordings: readonly Recording[],
  { out, format = "txt" }: TranscribeOptions,
  writer: Writer,
  session: Session,
): Report {
  const { output } = session;
  const alone = recordings.length === 1;
  const files = out === undefined ? undefined : fileNames(recordings, out, format);
  if (!files && !output.json) output.write(writer.header);
  return {
    async transcribed(recording, { path, text, warnings }) {
      const file = files?.get(recording);
      if (file !== undefined)
        await writeWhole(file, writer.header + writer.record({ path, text, warnings }, true));
      if (output.json) output.object({ path, text, warnings });
      else if (file === undefined) output.write(writer.record({ path, text, warnings }, alone));
      warnAll(output, path, warnings);
    },
    async failed(path, error) {
      session.exitCode = EXIT.findings;
      const told = await suggestFile(error);
      if (output.json) output.object({ path, error: told });
      else output.complain(told);
    },
  };
}

function warnAll(output: Output, path: string, warnings: TranscriptRecord["warnings"]): void {
  if (output.json) return; // they are in the line
  for (const warning of warnings) output.warn(warning, path);
}

/** hello.wav → hello.txt; where two recordings would share a file, a number tells them apart. */
function fileNames(recordings: readonly Recording[], out: string, extension: string): Map<Recording, string> {
  const taken = new Set<string>();
  const names = new Map<Recording, string>();
  for (const recording of recordings) {
    const stem = join(out, recording.place.replace(/\.[^./\\]+$/, ""));
    let name = `${stem}.${extension}`;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${stem}-${n}.${extension}`;
    taken.add(name.toLowerCase());
    names.set(recording, name);
  }
  return names;
}

async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
