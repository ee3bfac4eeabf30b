// Threads that compute features, so that the train step never waits for a decoder. It does not know of caches or batches.

import { EarshotError } from "../../errors.ts";
import {
  checkWorker,
  coreCount,
  sameThreadWorker,
  startWorker,
  ThreadExit,
  WorkerPool,
  type PoolFaults,
  type WorkerThread,
} from "../../platform/index.ts";
import type { ComputedFeatures, FeatureJob } from "./feature-job.ts";
import { featureWork, unreadable, type FeatureWork } from "./feature-work.ts";

export interface FeaturePoolOptions {
  /** Threads at most; as many as there are cores by default. */
  readonly workers?: number;
  /** How a thread is started; a worker of the platform by default. */
  readonly startWorker?: () => WorkerThread;
  /** The module of that worker, when it is not ours. */
  readonly entry?: URL;
}

const ENTRY = new URL(
  import.meta.url.endsWith(".ts") ? "./feature-worker.ts" : "./feature-worker.js",
  import.meta.url,
);

/** The same work in the thread of its caller, for tests and for where a thread costs more than it gives. */
export const featuresInThisThread = (): WorkerThread => sameThreadWorker(featureWork, unreadable);

export class FeaturePool {
  readonly #pool: WorkerPool<FeatureWork>;

  /** @throws EarshotError `FEATURE_WORKER_MISSING` when the checkout is not built. */
  constructor({ workers = coreCount(), startWorker: start, entry = ENTRY }: FeaturePoolOptions = {}) {
    if (start === undefined) requireWorker(entry);
    this.#pool = new WorkerPool({
      start: start ?? (() => startWorker(entry)),
      size: workers,
      faults: FAULTS,
    });
  }

  get workers(): number {
    return this.#pool.size;
  }

  /**
   * Computes the features of one recording; jobs start in the order of the calls.
   * @throws EarshotError of the recording; `FEATURE_WORKER_DIED`; `FEATURE_POOL_CLOSED`; or the signal's reason.
   */
  compute(job: FeatureJob, signal?: AbortSignal): Promise<ComputedFeatures> {
    const transfer = job.samples ? [job.samples.buffer as ArrayBuffer] : [];
    return this.#pool.call("compute", [job], { subject: job.path, transfer, signal });
  }

  /** Ends the threads; jobs under way are rejected with `FEATURE_POOL_CLOSED`. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}

/** Checked when the pool is made: at the first recording it would look like a fault of that recording. */
function requireWorker(entry: URL): void {
  try {
    checkWorker(entry);
  } catch (error) {
    const problem = "The built worker that computes features is missing.";
    throw error instanceof EarshotError ? error.with({ problem }) : error;
  }
}

const FAULTS: PoolFaults = {
  died(path, cause) {
    const reason = cause instanceof ThreadExit ? "it ended without a message" : cause.message;
    return new EarshotError(
      {
        code: "FEATURE_WORKER_DIED",
        where: path,
        problem: `The thread that computed its features died: ${reason}.`,
        remedy: "Check the recording; when every recording fails alike, run npm run build and try again.",
      },
      { cause },
    );
  },
  closed: (path) =>
    new EarshotError({
      code: "FEATURE_POOL_CLOSED",
      where: path,
      problem: "The threads that compute features are closed.",
      remedy: "Close them only after the last batch.",
    }),
};
