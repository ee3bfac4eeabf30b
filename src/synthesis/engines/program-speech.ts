// What engines that are programs on the PATH share: they are asked for their voices, and run once for each text.

import { decodeAudio, SAMPLE_RATE_HZ } from "../../audio/index.ts";
import { EarshotError } from "../../errors.ts";
import {
  coreCount,
  join,
  runExecutable,
  temporaryFolder,
  type ExecutableOptions,
} from "../../platform/index.ts";
import { absentSpeechEngine, speechFailed, type SpeechEngine, type SpeechVoice } from "../speech-engine.ts";

interface SpeakingProgram {
  readonly name: string;
  readonly voices: readonly SpeechVoice[];
  /** @param out the WAV file that it is to write, for a program that does not write it to stdout */
  command(speech: ProgramSpeech, out: string): ProgramCommand;
}

interface ProgramSpeech {
  readonly text: string;
  readonly voice: string;
  readonly speed: number;
}

interface ProgramCommand {
  readonly parameters: readonly string[];
  /** What it reads from stdin. */
  readonly input?: string;
}

/** The text that a program answers with. @throws EarshotError SPEECH_ENGINE_ABSENT */
export async function askProgram(
  name: string,
  parameters: readonly string[],
  options: ExecutableOptions,
): Promise<string> {
  const remedy = `Install ${name} (on the PATH), for example: apt-get install ${name}; or choose another engine.`;
  const answer = await runExecutable(name, parameters, options);
  if (answer === undefined)
    throw absentSpeechEngine(name, `There is no program "${name}" on the PATH.`, remedy);
  if (answer.exitCode === 0) return new TextDecoder().decode(answer.stdout);
  const why = answer.endedBy ?? (answer.stderr === "" ? "it says nothing" : answer.stderr.split("\n")[0]);
  throw absentSpeechEngine(name, `The program does not name its voices: ${why}.`, remedy);
}

export function programEngine(program: SpeakingProgram): SpeechEngine {
  return {
    name: program.name,
    mixes: false,
    parallel: coreCount(),
    voices: program.voices,
    speak: (text, [{ voice }], { speed, signal }) => speakBy(program, { text, voice, speed }, signal),
    close: () => Promise.resolve(),
  };
}

async function speakBy(program: SpeakingProgram, speech: ProgramSpeech, signal?: AbortSignal) {
  const folder = await temporaryFolder();
  try {
    const { parameters, input } = program.command(speech, join(folder.path, OUT));
    const options = { input, signal, limitSeconds: LONGEST_SECONDS };
    const answer = await runExecutable(program.name, parameters, options);
    const fault = (why: string) => speechFailed(program.name, speech.text, why);
    if (answer === undefined) throw fault("the program is not on the PATH any more");
    const { stdout, stderr, exitCode, endedBy } = answer;
    if (exitCode !== 0) throw fault(endedBy ?? (stderr.split("\n")[0] || "the program failed"));
    const wav = stdout.length > 0 ? stdout : await folder.read(OUT);
    return { samples: await soundOf(wav, fault), rateHz: SAMPLE_RATE_HZ };
  } finally {
    await folder.destroy();
  }
}

const OUT = "speech.wav";
/** A minute of speech takes them a second. */
const LONGEST_SECONDS = 20;

async function soundOf(wav: Uint8Array | undefined, fault: (why: string) => EarshotError) {
  if (wav === undefined) throw fault("it wrote no sound");
  try {
    return (await decodeAudio(wav, OUT)).samples; // what is miscounted in a stream's header is no matter
  } catch (error) {
    if (!(error instanceof EarshotError)) throw error;
    throw fault(`its sound cannot be read (${error.code})`);
  }
}
