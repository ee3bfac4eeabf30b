// The thread that transcribes a file. One that does not stop in time, or dies, is replaced by the next.

import { programClosed } from "../../../engine/index.ts";
import { EarshotError } from "../../../errors.ts";
import type { ModelSource } from "../../../model/index.ts";
import { startWorker, WorkerClient, type WorkerThread } from "../../../platform/index.ts";
import type { Transcription } from "../../../recognizer/index.ts";
import type { TranscriptionRequest } from "../transcription-request.ts";
import type { FileJob } from "./file-job.ts";
import type { FileModelOptions, FileWork } from "./file-work.ts";

const ENTRY = import.meta.url.endsWith(".ts") ? "./file-worker.ts" : "./file-worker.js";
/** A worker that ignores `cancel` for this long is terminated. */
const PATIENCE_MS = 2_000;

export type StartThread = () => WorkerThread;

const startFileWorker: StartThread = () => startWorker(new URL(ENTRY, import.meta.url));

export class FileThread {
  readonly #source: ModelSource;
  readonly #options: FileModelOptions;
  readonly #startThread: StartThread;
  #worker: Promise<WorkerClient<FileWork>> | undefined;
  #nextId = 0;
  #isClosed = false;

  constructor(source: ModelSource, options: FileModelOptions, startThread = startFileWorker) {
    this.#source = source;
    this.#options = options;
    this.#startThread = startThread;
  }

  /** Loads the model, where that has not been done. @throws what `Recognizer.load` throws */
  async warm(): Promise<void> {
    await this.#ready();
  }

  /** @throws what `decoderFor` throws */
  async tryDecoder(request: TranscriptionRequest): Promise<number> {
    return (await this.#ready()).call("tryDecoder", [request]);
  }

  /** One at a time. @throws what `Recognizer.transcribe` throws, the signal's reason, LONG_AUDIO, WORKER_DIED */
  async transcribe({ source, request, mostSeconds, signal }: FileJob): Promise<Transcription> {
    const worker = await this.#ready();
    signal.throwIfAborted();
    const id = this.#nextId++;
    let impatience: NodeJS.Timeout | undefined;
    const stop = (): void => {
      void worker.call("cancel", [id]).catch(() => undefined);
      impatience = setTimeout(
        () => void worker.close(fileWorkerDied(new Error("it did not stop"))),
        PATIENCE_MS,
      );
    };
    signal.addEventListener("abort", stop, { once: true });
    try {
      return await worker.call("transcribe", [id, source, request, mostSeconds]);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(impatience);
      signal.removeEventListener("abort", stop);
    }
  }

  /** What is under way fails with PROGRAM_CLOSED. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = await this.#worker?.catch(() => undefined);
    await worker?.close(programClosed());
  }

  async #ready(): Promise<WorkerClient<FileWork>> {
    const worker = await this.#worker?.catch(() => undefined);
    if (this.#isClosed) throw programClosed();
    if (!worker || worker.dead) this.#worker = this.#start();
    return this.#worker!;
  }

  async #start(): Promise<WorkerClient<FileWork>> {
    const worker = new WorkerClient<FileWork>(this.#startThread(), fileWorkerDied);
    try {
      await worker.call("load", [this.#source, this.#options]);
      return worker;
    } catch (error) {
      await worker.close(programClosed());
      throw error;
    }
  }
}

function fileWorkerDied(cause: Error): EarshotError {
  return new EarshotError(
    {
      code: "WORKER_DIED",
      where: "files",
      problem: `The worker of files ended (${cause.message}), probably for want of memory.`,
      remedy: "Send the file again; where it happens again, send shorter ones.",
    },
    { cause },
  );
}
