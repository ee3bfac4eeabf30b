// One system of a comparison measured: opened in a process of its own, given all utterances, timed on one short clip, asked
// for its memory, and ended. It knows nothing of other systems.

import type { Utterance } from "../../data/index.ts";
import { EarshotError, type Fault, type Warning } from "../../errors.ts";
import { median } from "../../quantiles.ts";
import {
  sameThreadWorker,
  startProcess,
  ThreadExit,
  WorkerClient,
  type WorkerThread,
} from "../../platform/index.ts";
import type { Failure } from "../references.ts";
import { nothingToTest } from "../utterance-rows.ts";
import {
  measuringFailed,
  systemWork,
  type MeasureRequest,
  type SystemWork,
  type OpenedSystem,
  type TextOrFault,
} from "./measure-work.ts";

export interface SystemMeasures extends OpenedSystem {
  /** Of each utterance, as the system spells it. */
  readonly references: readonly TextOrFault[];
  readonly hypotheses: readonly TextOrFault[];
  /** Whether it rejects texts that it is not sure of. */
  readonly rejects: boolean;
  /** Time from the files to the texts, by the length of the recordings: below 1 it is faster than speech. */
  readonly realTimeFactor: number;
  /** Median time from the samples of the clip to its text. */
  readonly clipMs: number;
  readonly clip: TimedClip;
  /** Memory of its process at its most; absent where it is not known. */
  readonly peakBytes?: number;
}

/** The recording on which the time to a text is measured. */
export interface TimedClip {
  readonly path: string;
  readonly seconds: number;
}

export interface SystemMeasureOptions {
  /** Whether each system has a process of its own; without, memory is not measured. True by default. */
  readonly ownProcess?: boolean;
  readonly signal?: AbortSignal;
  /** Of the utterances the one of about 3 seconds by default. */
  readonly clip?: TimedClip;
  /** Utterances recognized. */
  readonly onProgress?: (done: number) => void;
}

/** So many go to the process at once: progress is reported, and Ctrl-C obeyed, between them. */
const UTTERANCES_AT_ONCE = 64;
const [CLIP_SECONDS, CLIP_TIMES] = [3, 5];

const ENTRY = new URL(
  import.meta.url.endsWith(".ts") ? "./measure-process.ts" : "./measure-process.js",
  import.meta.url,
);

/**
 * @throws what `Recognizer.load` throws; NOTHING_TO_TEST; COMPARISON_FAILED when the process dies; the signal's reason
 */
export async function measureSystem(
  request: MeasureRequest,
  utterances: readonly Utterance[],
  { ownProcess = true, signal, ...options }: SystemMeasureOptions,
): Promise<SystemMeasures> {
  signal?.throwIfAborted();
  const worker = ownProcess ? startProcess(ENTRY) : sameThreadWorker(systemWork(), measuringFailed);
  const client = openClient(worker, request);
  const stop = (): void => void client.close(stopped());
  signal?.addEventListener("abort", stop);
  try {
    return await measured(client, request, utterances, { ownProcess, signal, ...options });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
    if (client.dead === undefined) await client.call("close", []).catch(() => undefined);
    await client.close(stopped());
  }
}

type Client = WorkerClient<SystemWork>;

async function measured(
  client: Client,
  request: MeasureRequest,
  utterances: readonly Utterance[],
  { ownProcess, signal, onProgress, clip: given }: SystemMeasureOptions,
): Promise<SystemMeasures> {
  const opened = await client.call("open", [request]);
  const references = await client.call("references", [utterances]);
  const hypotheses: TextOrFault[] = [];
  const seconds: number[] = [];
  let [elapsedMs, rejects] = [0, false];
  for (let from = 0; from < utterances.length; from += UTTERANCES_AT_ONCE) {
    signal?.throwIfAborted();
    const paths = utterances.slice(from, from + UTTERANCES_AT_ONCE).map(({ path }) => path);
    const recognized = await client.call("recognize", [paths]);
    hypotheses.push(...recognized.texts);
    seconds.push(...recognized.seconds);
    elapsedMs += recognized.elapsedMs;
    rejects ||= recognized.rejects;
    onProgress?.(hypotheses.length);
  }
  const clip = given ?? shortClip(utterances, seconds);
  if (clip === undefined) throw nothingToTest(failuresOf(utterances, [hypotheses]));
  const clipTimes = await client.call("timeClip", [clip.path, CLIP_TIMES]);
  const peakBytes = ownProcess ? await client.call("peakBytes", []) : undefined;
  return {
    ...opened,
    references,
    hypotheses,
    rejects,
    realTimeFactor: elapsedMs / 1000 / seconds.reduce((sum, each) => sum + each, 0),
    clip,
    clipMs: median(clipTimes),
    peakBytes,
    idleBytes: ownProcess ? opened.idleBytes : undefined,
  };
}

const openClient = (worker: WorkerThread, { models }: MeasureRequest): Client =>
  new WorkerClient<SystemWork>(worker, (cause) => processDied(models.join(" + "), cause));

function processDied(models: string, cause: Error): EarshotError {
  const reason = cause instanceof ThreadExit ? `it ended with ${cause.message}` : cause.message;
  return new EarshotError(
    {
      code: "COMPARISON_FAILED",
      where: models,
      problem: `The process that recognized with it died: ${reason}.`,
      remedy: "If memory was short, make room, or compare on fewer utterances.",
    },
    { cause },
  );
}

const stopped = (): EarshotError =>
  new EarshotError({
    code: "COMPARISON_FAILED",
    problem: "The comparison was stopped.",
    remedy: "Run it again.",
  });

/** The utterance that was read and is nearest to a short command. */
function shortClip(utterances: readonly Utterance[], seconds: readonly number[]): TimedClip | undefined {
  const clips = utterances.map(({ path }, i) => ({ path, seconds: seconds[i] }));
  const distance = (clip: TimedClip): number => Math.abs(clip.seconds - CLIP_SECONDS);
  return clips.filter((clip) => clip.seconds > 0).toSorted((a, b) => distance(a) - distance(b))[0];
}

/** Utterances of which some system has no text, each once. @param texts of each system, one an utterance */
export function failuresOf(
  utterances: readonly Utterance[],
  texts: readonly (readonly TextOrFault[])[],
): Failure[] {
  return utterances.flatMap((utterance, i) => {
    const fault = texts.map((ofSystem) => ofSystem[i]).find((text) => !isText(text));
    return fault === undefined ? [] : [{ utterance, error: new EarshotError(fault as Fault) }];
  });
}

export const isText = (text: TextOrFault): text is string => typeof text === "string";

/** Warnings that several systems share, each once. */
export function distinctWarnings(systems: readonly { readonly warnings: readonly Warning[] }[]): Warning[] {
  const warnings = systems.flatMap((system) => system.warnings);
  return [...new Map(warnings.map((warning) => [`${warning.code} ${warning.message}`, warning])).values()];
}
