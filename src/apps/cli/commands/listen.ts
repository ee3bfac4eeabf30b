// `earshot listen`: a microphone, or raw sound on stdin, to text as it is spoken.

import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import type { Recognizer, RecognizerStream } from "../../../recognizer/index.ts";
import { count } from "../../../figures.ts";
import { addDecoderOptions } from "../decoding.ts";
import type { DecoderFlags } from "../decoding.ts";
import { findRecorder, RECORDERS, type RecorderFlags } from "../listen/recorders.ts";
import { RecentSound } from "../listen/recent-sound.ts";
import type { SavedUtterances } from "../listen/saved-utterances.ts";
import { ListeningScreen } from "../listen/screen.ts";
import { recordedSound, standardInputSound } from "../listen/sound-source.ts";
import { TextCommand } from "../listen/text-command.ts";
import { addRecognitionOptions, examples, modelOption, rejectionOptions } from "../options.ts";
import { chosenModels } from "../model-choice.ts";
import { openRecognizer } from "../recognizer.ts";
import type { RecognizerFlags, RejectionFlags } from "../recognizer.ts";
import { EXIT, interrupted, usageFault } from "../session.ts";
import type { Session } from "../session.ts";
import { shellQuoted } from "../shell-words.ts";
import { STANDARD_INPUT } from "../standard-input.ts";

/** Sound that utterances are cut from: far more than the longest, and what may wait for the network. */
const KEPT_SECONDS = 120;
/** A microphone does not wait. */
const QUEUE_SECONDS = 30;

interface ListenOptions extends RecognizerFlags, RejectionFlags, DecoderFlags, RecorderFlags {
  readonly rate: number;
  readonly pause?: number;
  readonly exec?: string;
  readonly save?: string;
  readonly speaker?: string;
}

export function addListen(program: Command, session: Session): void {
  const command = program
    .command("listen")
    .description("Turn what is spoken into a microphone into text, while it is spoken. Ctrl-C ends.")
    .argument("[sound]", "- for 16-bit PCM (little-endian, mono) on stdin, instead of the microphone")
    .addOption(modelOption())
    .addOption(
      new Option("--recorder <name>", "what records; by default the first that is there").choices(RECORDERS),
    )
    .option("--device <name>", "the microphone, as the recorder calls it")
    .addOption(new Option("--rate <hz>", "samples a second").argParser(parseWhole).default(16_000))
    .addOption(
      new Option("--pause <ms>", "silence that ends an utterance; 700 by default").argParser(parseWhole),
    )
    .option(
      "--exec <command>",
      "run it, without a shell, for each text: {text}, {intent}, {slots} or $EARSHOT_TEXT …",
    )
    .option("--save <folder>", "keep each utterance there, with a manifest.csv to correct and to train on")
    .option("--speaker <name>", "with --save: who speaks");
  for (const option of rejectionOptions()) command.addOption(option);
  addRecognitionOptions(addDecoderOptions(command))
    .addHelpText(
      "after",
      examples(
        "earshot listen",
        "earshot listen -m runs/first",
        "earshot listen -m model.safetensors --grammar commands.txt --exec 'notify-send {text}'",
        "earshot listen -m model.safetensors --save heard --speaker ann",
        "earshot listen -m model.safetensors --recorder arecord --device plughw:1,0 --json",
        "ffmpeg -i talk.mp3 -f s16le -ac 1 -ar 16000 - | earshot listen - --rate 16000 -m model.safetensors",
      ),
    )
    .action((sound: string | undefined, options: ListenOptions) => listen(sound, options, session));
}

function parseWhole(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("It is a whole number, such as 16000.");
  return Number(text);
}

async function listen(operand: string | undefined, given: ListenOptions, session: Session): Promise<void> {
  const models = await chosenModels(given.model, "listen", session);
  const options = { ...given, model: models };
  const { output, signal } = session;
  const command = options.exec === undefined ? undefined : new TextCommand(options.exec, output);
  if (options.speaker !== undefined && options.save === undefined)
    throw usageFault("--speaker goes with --save.", "Leave it out, or give --save FOLDER.");
  const openSound = soundOf(operand, options);
  const recognizer = await openRecognizer(options, "listen", session);
  try {
    const saved = await openSaved(options, session);
    await hear(recognizer, openSound, { options, command, saved }, session).finally(() =>
      tellSaved(saved, models[0], session),
    );
  } finally {
    await recognizer.close();
  }
  if (command && command.failures > 0) session.exitCode = EXIT.findings;
  if (signal.aborted) throw interrupted("All that was said before is above.");
}

async function openSaved(
  { save, speaker = "" }: ListenOptions,
  { output }: Session,
): Promise<SavedUtterances | undefined> {
  if (save === undefined) return undefined;
  const { SavedUtterances } = await import("../listen/saved-utterances.ts");
  return SavedUtterances.open(save, speaker, (warning) => output.warn(warning));
}

type OpenSound = (signal: AbortSignal) => AsyncIterable<Uint8Array>;

function soundOf(operand: string | undefined, options: ListenOptions): OpenSound {
  if (operand === undefined) {
    const recorder = findRecorder(options, options.rate);
    return (signal) => recordedSound(recorder, signal);
  }
  const piped = "arecord -q -f S16_LE -r 16000 -c 1 -t raw | earshot listen - -m model.safetensors";
  if (operand !== STANDARD_INPUT)
    throw usageFault(
      `"${operand}" is no sound to listen to: the only one besides the microphone is "-", stdin.`,
      `For recordings: earshot transcribe ${operand} -m model.safetensors`,
    );
  if (options.recorder !== undefined || options.device !== undefined)
    throw usageFault("--recorder and --device are for the microphone, and - is stdin.", "Leave one out.");
  if (process.stdin.isTTY)
    throw usageFault('"-" is sound on stdin, and stdin is a terminal.', `Try: ${piped}`);
  return standardInputSound;
}

/** What becomes of what is heard. */
interface Use {
  readonly options: ListenOptions;
  readonly command?: TextCommand;
  readonly saved?: SavedUtterances;
}

/** Until the sound ends or Ctrl-C; what was said by then is told before any error. */
async function hear(recognizer: Recognizer, openSound: OpenSound, use: Use, session: Session): Promise<void> {
  const { transcriptionJson } = await import("../../../recognizer/index.ts");
  const { rate, pause } = use.options;
  const stream = recognizer.stream({
    sampleRateHz: rate,
    queueSeconds: QUEUE_SECONDS,
    endpoints: { trailingSilenceMs: pause },
  });
  const recent = new RecentSound(rate, KEPT_SECONDS);
  const screen = new ListeningScreen(session.output, transcriptionJson);
  const failed = new AbortController();
  const telling = tellAll(stream, { ...use, recent, screen }, session);
  telling.catch((error: unknown) => failed.abort(error));
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const bytes of openSound(AbortSignal.any([session.signal, failed.signal]))) {
      recent.push(bytes);
      screen.level(recent.levelDb);
      await stream.write(bytes);
    }
  } catch (error) {
    failure = { error };
  }
  try {
    await Promise.all([telling, stream.finish()]);
  } finally {
    await use.command?.finish();
    session.output.clearProgress();
  }
  for (const warning of stream.warnings) session.output.warn(warning);
  if (failure) throw failure.error;
}

async function tellAll(
  stream: RecognizerStream,
  {
    command,
    saved,
    recent,
    screen,
  }: Use & { readonly recent: RecentSound; readonly screen: ListeningScreen },
  { output }: Session,
): Promise<void> {
  for await (const event of stream) {
    screen.tell(event);
    if (event.type !== "final") continue;
    if (event.text !== "") command?.add(event);
    if (!saved) continue;
    const path = await saved.add(event, recent);
    if (path === undefined)
      output.warn({
        code: "SOUND_FORGOTTEN",
        message: `Utterance ${event.utterance} was told too late to be saved.`,
      });
    else if (output.json) output.object({ type: "saved", utterance: event.utterance, path });
  }
}

function tellSaved(saved: SavedUtterances | undefined, model: string, { output }: Session): void {
  if (!saved || saved.count === 0) return;
  const command = `earshot train ${shellQuoted(saved.manifest)} -m ${shellQuoted(model)}`;
  output.note(
    `${count(saved.count, "utterance")} saved. Correct the transcripts in ${saved.manifest}, then: ${command}`,
  );
}
