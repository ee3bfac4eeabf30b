// What a thread does that speaks with Kokoro: a text becomes symbols, and these with a style become samples. Model, voices
// and phonemizer are loaded when they are first needed.

import { openEngine, type Program } from "../../../engine/index.ts";
import { EarshotError, type Fault } from "../../../errors.ts";
import { readWholeFile, Transferred } from "../../../platform/index.ts";
import { speechFailed, type SpokenSound, type VoiceMix } from "../../speech-engine.ts";
import { openPhonemizer, phonemesOf, type ToIpa } from "./phonemes.ts";
import { withFloatWeights } from "./float-weights.ts";
import { MOST_SYMBOLS, symbolNumbers } from "./vocabulary.ts";

export interface KokoroJob {
  readonly model: string;
  /** The files of style vectors, by voice. */
  readonly voices: Readonly<Record<string, string>>;
  readonly mix: VoiceMix;
  readonly text: string;
  /** As eSpeak NG calls it. */
  readonly language: string;
  readonly speed: number;
  /** Of the engine that computes. */
  readonly threads: number;
}

const RATE_HZ = 24_000;
const STYLE_SIZE = 256;

/** Caches: what they hold changes no result. */
const programs = new Map<string, Promise<Program>>();
const phonemizers = new Map<string, Promise<ToIpa>>();
const styles = new Map<string, Promise<Float32Array>>();

export const kokoroWork = {
  /** Sees early whether there is a phonemizer. @throws EarshotError SPEECH_ENGINE_ABSENT */
  async prepare(language: string): Promise<void> {
    await once(phonemizers, language, () => openPhonemizer(language));
  },

  /** @throws EarshotError SPEECH_FAILED, SPEECH_ENGINE_ABSENT, INVALID_PROGRAM */
  async speak(job: KokoroJob): Promise<Transferred<SpokenSound>> {
    const { text, language, model, speed, threads } = job;
    const toIpa = await once(phonemizers, language, () => openPhonemizer(language));
    const numbers = symbolNumbers(await phonemesOf(text, language, toIpa));
    if (numbers.length === 0) throw speechFailed("kokoro", text, "nothing in it has a sound");
    if (numbers.length > MOST_SYMBOLS)
      throw speechFailed(
        "kokoro",
        text,
        `it has ${numbers.length} sounds, and at most ${MOST_SYMBOLS} are possible`,
      );
    const program = await once(programs, model, () => loadProgram(model, threads));
    const style = await mixedStyle(job, numbers.length);
    const samples = await run(program, numbers, style, speed);
    return new Transferred({ samples, rateHz: RATE_HZ }, [samples.buffer as ArrayBuffer]);
  },
};
export type KokoroWork = typeof kokoroWork;

/** What ended it unexpectedly. */
export function kokoroFault(error: unknown): Fault {
  const problem = `It did not speak: ${(error as Error).message}.`;
  const remedy = "Check the model and the voices; docs/synthesis.md tells where they are published.";
  return { code: "SPEECH_FAILED", where: "kokoro", problem, remedy };
}

function once<Value>(
  cache: Map<string, Promise<Value>>,
  key: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const value = cache.get(key) ?? make();
  cache.set(key, value);
  return value;
}

async function loadProgram(path: string, threads: number): Promise<Program> {
  const engine = await openEngine("auto");
  return engine.load(withFloatWeights(await readWholeFile(path)), { threads });
}

/** Style vectors [510, 1, 256], the row by how many symbols are spoken. */
async function mixedStyle({ mix, voices }: KokoroJob, symbols: number): Promise<Float32Array> {
  const mixed = new Float32Array(STYLE_SIZE);
  const row = symbols - 1;
  for (const { voice, share } of mix) {
    const rows = await once(styles, voices[voice], () => readStyles(voices[voice]));
    for (let k = 0; k < STYLE_SIZE; k++) mixed[k] += share * rows[row * STYLE_SIZE + k];
  }
  return mixed;
}

async function readStyles(path: string): Promise<Float32Array> {
  const bytes = await readWholeFile(path);
  const size = MOST_SYMBOLS * STYLE_SIZE * Float32Array.BYTES_PER_ELEMENT;
  if (bytes.length !== size)
    throw new EarshotError({
      code: "SPEECH_ENGINE_ABSENT",
      where: path,
      problem: `A voice of Kokoro has ${size} bytes, and this file ${bytes.length}.`,
      remedy: "Fetch it again; docs/synthesis.md tells where it is published.",
    });
  return new Float32Array(bytes.slice().buffer);
}

/** The symbols stand between two that say nothing; exporters give the inputs one of two names. */
async function run(program: Program, numbers: readonly number[], style: Float32Array, speed: number) {
  const tokens = BigInt64Array.from([0, ...numbers, 0].map(BigInt));
  const tokensName = program.inputs.find((name) => name === "tokens" || name === "input_ids") ?? "tokens";
  const results = await program.run({
    [tokensName]: { type: "int64", dims: [1, tokens.length], data: tokens },
    style: { type: "float32", dims: [1, STYLE_SIZE], data: style },
    speed: { type: "float32", dims: [1], data: Float32Array.of(speed) },
  });
  return results[program.outputs[0]].data as Float32Array<ArrayBuffer>;
}
