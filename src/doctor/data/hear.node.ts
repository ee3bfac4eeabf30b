// Hears recordings: reads, decodes and measures each, in as many threads as there are cores. What a recording does wrong is an answer, never an error.

import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { decodeAudio } from "../../audio/index.ts";
import { recordingFault, type Utterance } from "../../data/index.ts";
import { EarshotError, type Fault } from "../../errors.ts";
import { readWholeFile } from "../../platform/index.ts";
import type { MeasuredUtterance, UnreadableUtterance } from "./evidence.ts";
import { measureSound } from "./sound.ts";

type Measured = Omit<MeasuredUtterance, keyof Utterance>;
export type Hearing = { readonly measured: Measured } | { readonly fault: Fault };

export async function hear(path: string): Promise<Hearing> {
  try {
    const bytes = await readWholeFile(path);
    const { samples, sourceRateHz, channels, channelPowers, warnings } = await decodeAudio(bytes, path);
    const contentHash = createHash("sha256").update(bytes).digest("hex");
    return {
      measured: {
        sound: measureSound(samples),
        sourceRateHz,
        channels,
        channelPowers,
        warnings,
        contentHash,
      },
    };
  } catch (error) {
    const { code, where, problem, remedy } =
      error instanceof EarshotError ? error : recordingFault(path, error);
    return { fault: { code, where, problem, remedy } };
  }
}

export interface HearOptions {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Of each row, in order: how it sounds, or why it cannot be heard. */
export async function hearAll(
  utterances: readonly Utterance[],
  { onProgress, signal }: HearOptions = {},
): Promise<{ heard: MeasuredUtterance[]; unheard: UnreadableUtterance[] }> {
  const hearings: Hearing[] = [];
  const listeners = openListeners(Math.min(availableParallelism(), utterances.length));
  let [next, done] = [0, 0];
  const work = async (listener: Listener): Promise<void> => {
    while (next < utterances.length) {
      signal?.throwIfAborted();
      const index = next++;
      hearings[index] = await listener.hear(utterances[index].path);
      onProgress?.(++done, utterances.length);
    }
  };
  try {
    await Promise.all(listeners.map(work));
  } finally {
    await Promise.all(listeners.map((listener) => listener.close()));
  }
  const rows = utterances.map((utterance, i) => ({ utterance, hearing: hearings[i] }));
  return {
    heard: rows.flatMap(({ utterance, hearing }) =>
      "measured" in hearing ? [{ ...utterance, ...hearing.measured }] : [],
    ),
    unheard: rows.flatMap(({ utterance, hearing }) =>
      "fault" in hearing ? [{ ...utterance, fault: hearing.fault }] : [],
    ),
  };
}

interface Listener {
  hear(path: string): Promise<Hearing>;
  close(): Promise<unknown>;
}

/** Node 20 cannot start a TypeScript worker: run from the sources, this thread hears alone. */
function openListeners(most: number): Listener[] {
  if (import.meta.url.endsWith(".ts")) return [{ hear, close: async () => undefined }];
  const entry = new URL("./hear-worker.node.js", import.meta.url);
  return Array.from({ length: most }, () => inThread(entry));
}

function inThread(entry: URL): Listener {
  const worker = new Worker(entry, { execArgv: [] });
  return {
    hear: (path) =>
      new Promise((resolve) => {
        const fail = (error: Error): void => resolve({ fault: recordingFault(path, error) });
        worker.once("error", fail);
        worker.once("message", (hearing: Hearing) => {
          worker.off("error", fail);
          resolve(hearing);
        });
        worker.postMessage(path, []);
      }),
    close: () => worker.terminate(),
  };
}
