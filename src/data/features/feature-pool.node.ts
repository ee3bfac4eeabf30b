// Worker threads that compute features, so that the train step never waits for a decoder. Workers start when there is
// work, hold the process alive only while they work, and are replaced when they die.
// It does not know of caches or batches.

import { setMaxListeners } from "node:events";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { EarshotError } from "../../errors.ts";
import type { ComputedFeatures, FeatureJob, FeatureReply } from "./feature-job.ts";

export interface FeaturePoolOptions {
  /** Threads at most; as many as there are cores by default. */
  readonly workers?: number;
  /** Another worker body, for tests. */
  readonly entry?: URL;
}

interface Task {
  readonly job: FeatureJob;
  resolve(features: ComputedFeatures): void;
  reject(reason: unknown): void;
}

/** Node 20 cannot start a TypeScript worker: run from the sources, the worker is taken from the build. */
function builtEntry(): URL {
  const fromSources = import.meta.url.endsWith(".ts");
  const path = fromSources
    ? "../../../dist/data/features/feature-worker.node.js"
    : "./feature-worker.node.js";
  return new URL(path, import.meta.url);
}

export class FeaturePool {
  readonly #entry: URL;
  readonly #size: number;
  readonly #crew = new Set<Worker>();
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Task>();
  #queue: Task[] = [];
  #closed = false;

  /** @throws EarshotError `FEATURE_WORKER_MISSING` when the checkout is not built. */
  constructor({ workers, entry = builtEntry() }: FeaturePoolOptions = {}) {
    this.#entry = entry;
    this.#size = workers ?? availableParallelism();
    if (!existsSync(entry)) throw workerMissing(entry);
  }

  get workers(): number {
    return this.#size;
  }

  /**
   * Computes the features of one recording; jobs start in the order of the calls.
   * @throws EarshotError of the recording; `FEATURE_WORKER_DIED`; `FEATURE_POOL_CLOSED`; or the signal's reason.
   */
  compute(job: FeatureJob, signal?: AbortSignal): Promise<ComputedFeatures> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(poolClosed(job));
      if (signal?.aborted) return reject(signal.reason as Error);
      const abort = (): void => {
        this.#queue = this.#queue.filter((waiting) => waiting !== task);
        reject(signal?.reason as Error);
      };
      const settle = (): void => signal?.removeEventListener("abort", abort);
      const task: Task = {
        job,
        resolve: (features) => (settle(), resolve(features)),
        reject: (reason) => (settle(), reject(reason as Error)),
      };
      if (signal) setMaxListeners(0, signal); // one listener for each job under way is no leak
      signal?.addEventListener("abort", abort, { once: true });
      this.#queue.push(task);
      this.#dispatch();
    });
  }

  /** Ends the threads; jobs under way are rejected with `FEATURE_POOL_CLOSED`. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const task of this.#queue) task.reject(poolClosed(task.job));
    this.#queue = [];
    await Promise.all([...this.#crew].map((worker) => worker.terminate()));
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const worker = this.#idle.pop() ?? (this.#crew.size < this.#size ? this.#hire() : undefined);
      if (worker === undefined) return;
      const task = this.#queue.shift() as Task;
      this.#busy.set(worker, task);
      worker.ref();
      const { samples } = task.job;
      worker.postMessage(task.job, samples ? [samples.buffer as ArrayBuffer] : []);
    }
  }

  #hire(): Worker {
    const worker = new Worker(this.#entry, { execArgv: [] }); // flags such as --input-type are not for workers
    let cause: unknown;
    worker.on("message", (reply: FeatureReply) => this.#receive(worker, reply));
    worker.on("error", (error) => (cause = error));
    worker.on("exit", () => this.#bury(worker, cause));
    this.#crew.add(worker);
    return worker;
  }

  #receive(worker: Worker, reply: FeatureReply): void {
    const task = this.#busy.get(worker);
    this.#busy.delete(worker);
    worker.unref();
    this.#idle.push(worker);
    if ("features" in reply) task?.resolve(reply.features);
    else task?.reject(new EarshotError(reply.fault));
    this.#dispatch();
  }

  #bury(worker: Worker, cause: unknown): void {
    const task = this.#busy.get(worker);
    this.#busy.delete(worker);
    this.#crew.delete(worker);
    const place = this.#idle.indexOf(worker);
    if (place >= 0) this.#idle.splice(place, 1);
    task?.reject(this.#closed ? poolClosed(task.job) : workerDied(task.job, cause));
    this.#dispatch();
  }
}

function workerMissing(entry: URL): EarshotError {
  return new EarshotError({
    code: "FEATURE_WORKER_MISSING",
    where: fileURLToPath(entry),
    problem: "The built worker that computes features is missing.",
    remedy: "Run npm run build.",
  });
}

function workerDied(job: FeatureJob, cause: unknown): EarshotError {
  const reason = cause instanceof Error ? cause.message : "it ended without a message";
  return new EarshotError(
    {
      code: "FEATURE_WORKER_DIED",
      where: job.path,
      problem: `The thread that computed its features died: ${reason}.`,
      remedy: "Check the recording; when every recording fails alike, run npm run build and try again.",
    },
    { cause },
  );
}

function poolClosed(job: FeatureJob): EarshotError {
  return new EarshotError({
    code: "FEATURE_POOL_CLOSED",
    where: job.path,
    problem: "The threads that compute features are closed.",
    remedy: "Close them only after the last batch.",
  });
}
