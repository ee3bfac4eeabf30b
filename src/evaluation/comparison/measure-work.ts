// What measures one system of a comparison, a model or several together: in a process of its own, so that its memory is
// known, with nothing beside it, so that its time is its own. Plain data in, plain data out.

import { decodeAudio, SAMPLE_RATE_HZ } from "../../audio/index.ts";
import type { DecoderInput, HotWords } from "../../ctc/index.ts";
import type { Utterance } from "../../data/index.ts";
import { EarshotError, type Fault, type Warning } from "../../errors.ts";
import { Grammar } from "../../grammar/index.ts";
import { openLanguageModel } from "../../lm/index.ts";
import { isSystemError, peakMemoryBytes, readWholeFile, systemFault } from "../../platform/index.ts";
import { Recognizer, type DecodingOptions, type RejectionChoice } from "../../recognizer/index.ts";
import { spellReferences } from "../references.ts";

/** How texts are found, as plain data. */
export interface DecodingPlan {
  readonly settings?: DecoderInput;
  /** The path of a language model. */
  readonly languageModel?: string;
  readonly vocabulary?: readonly string[];
  readonly hotWords?: HotWords;
  /** The text of a grammar, and the path that it is from. */
  readonly grammar?: { readonly text: string; readonly name: string };
}

export interface MeasureRequest {
  /** Paths; several models are an ensemble. */
  readonly models: readonly string[];
  readonly weights?: readonly number[];
  /** By default as each model file says. */
  readonly decoding?: DecodingPlan | "greedy";
  /** What a calibrated model rejects: by default as its file says. */
  readonly rejection?: RejectionChoice;
  readonly engine?: string;
  readonly threads?: number;
  readonly jitter?: boolean;
}

export interface OpenedSystem {
  /** What computes, in a few words, of each model. */
  readonly networks: readonly string[];
  /** Of all models; 0 where they cannot be counted. */
  readonly parameters: number;
  /** How far live text is behind its sound, whatever the machine; absent where the end of the utterance is needed. */
  readonly delayMs?: number;
  readonly warnings: readonly Warning[];
  /** Memory of the process before it opened the models; absent where the platform does not count it. */
  readonly idleBytes?: number;
}

/** A text; or why there is none. */
export type TextOrFault = string | Fault;

export interface RecognizedTexts {
  readonly texts: readonly TextOrFault[];
  /** Of each recording; 0 of one that was not read. */
  readonly seconds: readonly number[];
  /** Whether the system rejects texts that it is not sure of. */
  readonly rejects: boolean;
  /** From the paths to the texts. */
  readonly elapsedMs: number;
}

export type SystemWork = ReturnType<typeof systemWork>;

/** For one process. @param now milliseconds of a clock */
export function systemWork(now: () => number = () => performance.now()) {
  let recognizer: Recognizer;
  return {
    async open({ models, decoding, ...options }: MeasureRequest): Promise<OpenedSystem> {
      const idleBytes = peakMemoryBytes();
      recognizer = await Recognizer.load(models, { ...options, decoding: await openDecodingPlan(decoding) });
      return { ...factsOf(recognizer, options.jitter === true), idleBytes };
    },
    /** Transcripts as the model spells them. @throws UNKNOWN_SYMBOL when it can spell none */
    references: (utterances: readonly Utterance[]): TextOrFault[] => spelled(utterances, recognizer),
    async recognize(paths: readonly string[]): Promise<RecognizedTexts> {
      const start = now();
      const texts: TextOrFault[] = [];
      const seconds: number[] = [];
      let rejects = false;
      for await (const outcome of recognizer.transcribeAll(paths)) {
        texts.push("error" in outcome ? outcome.error.fault : outcome.transcription.text);
        seconds.push("error" in outcome ? 0 : outcome.transcription.seconds);
        rejects ||= "transcription" in outcome && outcome.transcription.confidence !== undefined;
      }
      return { texts, seconds, rejects, elapsedMs: now() - start };
    },
    timeClip: (path: string, times: number): Promise<number[]> => timesOfClip(recognizer, path, times, now),
    peakBytes: () => peakMemoryBytes(),
    close: () => recognizer?.close(),
  };
}

function factsOf({ models, model, warnings }: Recognizer, jitters: boolean): Omit<OpenedSystem, "idleBytes"> {
  const isStreaming = models.length === 1 && !jitters;
  const isCounted = models.every(({ parameters }) => parameters > 0);
  return {
    networks: models.map(({ network = "another network" }) => network),
    parameters: isCounted ? sum(models.map(({ parameters }) => parameters)) : 0,
    ...(isStreaming && { delayMs: model.delayMs }),
    warnings,
  };
}

function spelled(utterances: readonly Utterance[], { model }: Recognizer): TextOrFault[] {
  const { references, unspelled } = spellReferences(utterances, model);
  const texts = new Map<Utterance, TextOrFault>(references.map(({ utterance, text }) => [utterance, text]));
  for (const { utterance, error } of unspelled) texts.set(utterance, error.fault);
  return utterances.map((utterance) => texts.get(utterance)!);
}

/** How long the text of one recording takes from its samples on, so many times, after once for nothing. */
async function timesOfClip(
  recognizer: Recognizer,
  path: string,
  times: number,
  now: () => number,
): Promise<number[]> {
  const { samples } = await decodeAudio(await readWholeFile(path), path);
  const source = { samples, sampleRateHz: SAMPLE_RATE_HZ };
  await recognizer.transcribe(source);
  const elapsedMs: number[] = [];
  for (let time = 0; time < times; time++) {
    const start = now();
    await recognizer.transcribe(source);
    elapsedMs.push(now() - start);
  }
  return elapsedMs;
}

/** The fault for an error without a code. */
export function measuringFailed(error: unknown): Fault {
  if (isSystemError(error)) return systemFault(error).fault;
  const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "COMPARISON_FAILED", problem, remedy: "This is a bug in Earshot: please report it." };
}

/** What a recognizer takes, of plain data. */
export async function openDecodingPlan(
  decoding: DecodingPlan | "greedy" | undefined,
): Promise<DecodingOptions | "greedy" | undefined> {
  if (decoding === undefined || decoding === "greedy") return decoding;
  const { languageModel: path, grammar, ...others } = decoding;
  const rest = { ...others, grammar: grammar && (await Grammar.from(grammar.text, grammar)) };
  if (path === undefined) return rest;
  return { ...rest, scorer: await openLanguageModel(await readLanguageModel(path), path) };
}

async function readLanguageModel(path: string): Promise<Uint8Array> {
  try {
    return await readWholeFile(path);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    const { fault } = systemFault(cause);
    throw new EarshotError({ ...fault, where: path }, { cause });
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
