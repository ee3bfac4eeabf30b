// The streams of a recognizer in a worker of their own, which is started with the first of them. Where none can be started, or
// the models cannot leave their thread, the work is done in this one, and a warning says so.

import { programClosed } from "../../engine/index.ts";
import { EarshotError, type Warning } from "../../errors.ts";
import type { AcousticModel, EnsembleOptions, Ensemble } from "../../model/index.ts";
import { startWorker, WorkerClient, type WorkerThread } from "../../platform/index.ts";
import type { StreamSettings } from "./stream-settings.ts";
import type { UtteranceStream } from "./utterance-updates.ts";
import { utterancesOf, type OpenUtterances, type UtteranceWork } from "./utterance-work.ts";

const ENTRY = import.meta.url.endsWith(".ts") ? "./utterance-worker.ts" : "./utterance-worker.js";

/** The thread that live streams run in. */
const startStreamWorker = (): WorkerThread => startWorker(new URL(ENTRY, import.meta.url));

export class UtteranceSession {
  readonly #models: readonly AcousticModel[];
  readonly #options: EnsembleOptions;
  readonly #openHere: OpenUtterances;
  readonly #startThread: (() => WorkerThread) | undefined;
  /** The worker, loaded; undefined where there is none. */
  #worker: Promise<WorkerClient<UtteranceWork> | undefined> | undefined;
  #warnings: readonly Warning[] = [];
  #nextId = 0;
  #isClosed = false;

  /**
   * @param models those of the ensemble
   * @param thread "this": none of its own
   */
  constructor(
    ensemble: Ensemble,
    models: readonly AcousticModel[],
    options: EnsembleOptions,
    thread: "this" | (() => WorkerThread) = startStreamWorker,
  ) {
    this.#models = models;
    this.#options = options;
    this.#openHere = utterancesOf(ensemble);
    const canLeave = thread !== "this" && models.every(({ copy }) => copy);
    this.#startThread = canLeave ? thread : undefined;
  }

  async open(settings: StreamSettings): Promise<UtteranceStream> {
    if ((await this.#worker)?.dead) this.#worker = undefined;
    if (this.#isClosed) throw programClosed();
    this.#worker ??= this.#start();
    const worker = await this.#worker;
    if (!worker) return Object.assign(await this.#openHere(settings), { warnings: this.#warnings });
    const id = this.#nextId++;
    await worker.call("open", [id, settings]);
    return {
      push: (samples) => worker.call("push", [id, samples], [samples.buffer as ArrayBuffer]),
      finish: () => worker.call("finish", [id]),
      close: () => worker.call("close", [id]).catch(() => undefined), // a dead worker holds nothing
    };
  }

  /** Streams under way fail with PROGRAM_CLOSED. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = await this.#worker;
    await worker?.close(programClosed());
  }

  async #start(): Promise<WorkerClient<UtteranceWork> | undefined> {
    if (!this.#startThread) return undefined;
    let worker: WorkerClient<UtteranceWork> | undefined;
    try {
      worker = new WorkerClient<UtteranceWork>(this.#startThread(), died);
      await worker.call("load", [this.#models.map((model) => model.copy!()), this.#options]);
      return worker;
    } catch (error) {
      await worker?.close(programClosed());
      this.#warnings = [inThisThread(error as Error)];
      return undefined;
    }
  }
}

function inThisThread({ message: why }: Error): Warning {
  const message = `Live streams run in the thread of the program, which waits for the network: their worker did not start. ${why}`;
  return { code: "NO_STREAM_WORKER", message };
}

function died(cause: Error): EarshotError {
  return new EarshotError(
    {
      code: "WORKER_DIED",
      where: "stream",
      problem: `The worker of live streams ended (${cause.message}), probably for want of memory.`,
      remedy: "Open the streams again; where it happens again, serve fewer at once.",
    },
    { cause },
  );
}
