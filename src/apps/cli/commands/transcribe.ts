// `earshot transcribe`: recordings to text, on stdout or into one file for each; in one process or in several.

import { Option } from "commander";
import type { Command } from "commander";
import type { EarshotError } from "../../../errors.ts";
import type { WriterName } from "../../../recognizer/index.ts";
import { checkOutputs, openFolder } from "../../../platform/index.ts";
import { asRank, rankOptions } from "../as-rank.ts";
import { addDecoderOptions } from "../decoding.ts";
import {
  addRecognitionOptions,
  examples,
  modelOption,
  parseAtLeastOne,
  rejectionOptions,
} from "../options.ts";
import { chosenModels } from "../model-choice.ts";
import type { Output } from "../output.ts";
import { eachChannel, listRecordings } from "../recordings.ts";
import { usageFault } from "../session.ts";
import type { Session } from "../session.ts";
import { checkStandardInput, STANDARD_INPUT } from "../standard-input.ts";
import type { FolderTask, TranscribeFlags, TranscribeTask } from "../transcribe/task.ts";
import { fileNames } from "../transcribe/work.ts";

const FORMATS: readonly WriterName[] = ["txt", "json", "srt", "vtt", "csv", "textgrid"];

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
    .option(
      "--queue <url>",
      "with --out: share the work with all who start the same command, through NATS JetStream: nats://host:4222",
    )
    .addOption(
      new Option("--redeliver-after <s>", "with --queue: silence after which a worker counts as lost")
        .argParser(parseAtLeastOne)
        .default(30),
    )
    .addOption(
      new Option("--tries <n>", "with --queue: tries of a recording that fails or ends its worker")
        .argParser(parseAtLeastOne)
        .default(3),
    )
    .addOption(
      new Option("--channels <how>", "mix: all channels as one; each: a transcript for every channel")
        .choices(["mix", "each"])
        .default("mix"),
    );
  for (const option of [...rejectionOptions(), ...rankOptions()]) command.addOption(option);
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
        "mpirun -np 8 earshot transcribe archive.csv --out transcripts",
        "earshot transcribe archive.csv --out transcripts --queue nats://queue:4222",
      ),
    )
    .action((operands: string[], options: TranscribeFlags) => transcribe(operands, options, session));
}

async function transcribe(
  operands: readonly string[],
  given: TranscribeFlags,
  session: Session,
): Promise<void> {
  checkUsage(operands, given);
  if (given.queue !== undefined) {
    const { task, options } = await openTask(operands, given, session);
    const { transcribeByQueue } = await import("../transcribe/by-queue.ts");
    return transcribeByQueue(task as FolderTask, options, session);
  }
  await asRank(session, given, async (ranks, output) => {
    const own = withOutput(session, output);
    const isShared = ranks !== undefined && ranks.size > 1;
    if (isShared) checkShared("mpirun", operands, given);
    const { task, options } = await openTask(operands, given, own);
    if (isShared) {
      const { transcribeOnRank } = await import("../transcribe/on-rank.ts");
      return transcribeOnRank(ranks, task as FolderTask, options, own);
    }
    const { transcribeAlone } = await import("../transcribe/alone.ts");
    await transcribeAlone(task, options, own);
  });
}

function checkUsage(operands: readonly string[], options: TranscribeFlags): void {
  if (options.json && options.format && !options.out) throw twoFormats();
  if (options.restart && !options.out) throw nothingToRestart();
  if (options.queue !== undefined) checkShared("--queue", operands, options);
  checkStandardInput(operands, "transcribe");
}

async function openTask(
  operands: readonly string[],
  given: TranscribeFlags,
  session: Session,
): Promise<{ readonly task: TranscribeTask; readonly options: TranscribeFlags }> {
  const options = { ...given, model: await chosenModels(given.model, "transcribe", session) };
  const { jsonOf, writers } = await import("../../../recognizer/index.ts");
  const list = await listRecordings(operands, "transcribe", session);
  const recordings = options.channels === "each" ? await eachChannel(list.recordings) : list.recordings;
  for (const warning of list.warnings) session.output.warn(warning);
  const format = options.format ?? "txt";
  const writer = writers[format];
  if (writer.ofOne && recordings.length > 1 && !options.out) throw roomForOne(format);
  const files = options.out ? fileNames(recordings, options.out, writer.extension ?? format) : undefined;
  const inputs = [...operands, ...recordings.map(({ path }) => path)];
  if (files) await checkOutputs([...files.values()], { inputs, makesFolders: true });
  const folder = options.out ? openFolder(options.out) : undefined;
  return { task: { recordings, failures: list.failures, folder, files, writer, jsonOf }, options };
}

/** The same session, whose exit code rank 0 sets. */
const withOutput = (session: Session, output: Output): Session =>
  output === session.output ? session : { ...session, output };

function checkShared(what: string, operands: readonly string[], { out }: TranscribeFlags): void {
  if (out === undefined)
    throw usageFault(
      `With ${what} several processes share the recordings, and stdout has room for one.`,
      "Give --out FOLDER.",
    );
  if (operands.includes(STANDARD_INPUT))
    throw usageFault(
      `With ${what} several processes share the recordings, and stdin is only one's.`,
      "Give files.",
    );
}

const twoFormats = (): EarshotError =>
  usageFault("Both --json and --format say what stdout carries.", "Leave one out, or give --out FOLDER.");

const nothingToRestart = (): EarshotError =>
  usageFault(
    "--restart is for --out FOLDER: what goes to stdout is always made anew.",
    "Leave --restart out, or give --out.",
  );

function roomForOne(format: WriterName): EarshotError {
  return usageFault(
    `--format ${format} has room for one recording only, and there are several.`,
    "Give --out FOLDER: each gets a file of its own.",
  );
}
