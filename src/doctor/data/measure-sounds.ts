// Measures the recordings of a corpus, of a large one in as many threads as there are cores. A recording that kills its thread is
// unreadable like any other that cannot be decoded; the rest goes on in a new thread.

import { recordingFault, type Utterance } from "../../data/index.ts";
import { EarshotError } from "../../errors.ts";
import {
  checkWorker,
  coreCount,
  startWorker,
  WorkerPool,
  type PoolFaults,
  type WorkerThread,
} from "../../platform/index.ts";
import type { MeasuredUtterance, UnreadableUtterance } from "./evidence.ts";
import type { measureWork, SoundMeasurement } from "./measure-sound.ts";

export interface MeasureSoundsOptions {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** How a thread is started; a worker of the platform by default. */
  readonly startWorker?: () => WorkerThread;
}

const ENTRY = new URL(
  import.meta.url.endsWith(".ts") ? "./measure-worker.ts" : "./measure-worker.js",
  import.meta.url,
);

/** Recordings that a thread measures in the time in which another starts. */
const WORTH_A_THREAD = 32;

/**
 * Of each row, in order: what was measured, or why its recording cannot be read.
 * @throws EarshotError FEATURE_WORKER_MISSING; or the signal's reason
 */
export async function measureSounds(
  utterances: readonly Utterance[],
  { onProgress, signal, startWorker: given }: MeasureSoundsOptions = {},
): Promise<{ measured: MeasuredUtterance[]; unreadable: UnreadableUtterance[] }> {
  if (given === undefined) checkWorker(ENTRY);
  const start = given ?? (() => startWorker(ENTRY));
  const size = Math.min(coreCount(), Math.ceil(utterances.length / WORTH_A_THREAD));
  const pool = new WorkerPool<typeof measureWork>({ start, size, faults: FAULTS });
  let done = 0;
  const measure = async ({ path }: Utterance): Promise<SoundMeasurement> => {
    const outcome = await pool.call("measure", [path], { subject: path, signal }).catch((error: unknown) => {
      if (error instanceof EarshotError) return { fault: error.fault };
      throw error;
    });
    onProgress?.(++done, utterances.length);
    return outcome;
  };
  try {
    return sortOut(utterances, await Promise.all(utterances.map(measure)));
  } finally {
    await pool.close();
  }
}

function sortOut(utterances: readonly Utterance[], outcomes: readonly SoundMeasurement[]) {
  const measured: MeasuredUtterance[] = [];
  const unreadable: UnreadableUtterance[] = [];
  for (const [i, outcome] of outcomes.entries()) {
    if ("measured" in outcome) measured.push({ ...utterances[i], ...outcome.measured });
    else unreadable.push({ ...utterances[i], fault: outcome.fault });
  }
  return { measured, unreadable };
}

const FAULTS: PoolFaults = {
  died: (path, cause) => new EarshotError(recordingFault(path, cause), { cause }),
  closed: (path) => new EarshotError(recordingFault(path, new Error("the threads that measure are closed"))),
};
