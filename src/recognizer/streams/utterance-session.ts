// The streams of a recognizer in workers of their own, each of which is started with its first stream; a stream goes to the one
// that has the fewest. Where none can be started, or the models cannot leave their thread, the work is done in this one, and a
// warning says so.

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

type Client = WorkerClient<UtteranceWork>;

/** A worker, once it was asked for. */
interface Place {
  /** Loaded; undefined where there is none. */
  worker?: Promise<Client | undefined>;
  streams: number;
}

export class UtteranceSession {
  readonly #models: readonly AcousticModel[];
  readonly #options: EnsembleOptions;
  readonly #openHere: OpenUtterances;
  readonly #startThread: () => WorkerThread;
  /** None where streams are worked on in this thread. */
  readonly #places: readonly Place[];
  #warnings: readonly Warning[] = [];
  #nextId = 0;
  #isClosed = false;

  /** @param models those of the ensemble @param workers at most; 0: none of their own */
  constructor(
    ensemble: Ensemble,
    models: readonly AcousticModel[],
    options: EnsembleOptions,
    workers = 1,
    startThread = startStreamWorker,
  ) {
    this.#models = models;
    this.#options = options;
    this.#openHere = utterancesOf(ensemble);
    this.#startThread = startThread;
    const canLeave = models.every(({ copy }) => copy);
    this.#places = Array.from({ length: canLeave ? workers : 0 }, () => ({ streams: 0 }));
  }

  async open(settings: StreamSettings): Promise<UtteranceStream> {
    if (this.#isClosed) throw programClosed();
    if (this.#places.length === 0) return this.#openHere(settings);
    const place = this.#places.reduce((least, other) => (other.streams < least.streams ? other : least));
    place.streams++;
    try {
      return await this.#openIn(place, settings);
    } catch (error) {
      place.streams--;
      throw error;
    }
  }

  /** Streams under way fail with PROGRAM_CLOSED. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#places.map(async ({ worker }) => (await worker)?.close(programClosed())));
  }

  async #openIn(place: Place, settings: StreamSettings): Promise<UtteranceStream> {
    if ((await place.worker)?.dead) place.worker = undefined;
    if (this.#isClosed) throw programClosed();
    place.worker ??= this.#start();
    const worker = await place.worker;
    if (!worker) return Object.assign(await this.#openHere(settings), { warnings: this.#warnings });
    const id = this.#nextId++;
    await worker.call("open", [id, settings]);
    let isCounted = true;
    const leave = (): void => {
      if (isCounted) place.streams--;
      isCounted = false;
    };
    return {
      push: (samples) => worker.call("push", [id, samples], [samples.buffer as ArrayBuffer]),
      finish: () => worker.call("finish", [id]).finally(leave),
      close: () => {
        leave();
        return worker.call("close", [id]).catch(() => undefined); // a dead worker holds nothing
      },
    };
  }

  async #start(): Promise<Client | undefined> {
    let worker: Client | undefined;
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
