// Whole files through a worker of their own, one after another. A worker that does not stop in time, or dies, is replaced by
// the next; a file that was under way in it is tried once more.

import { programClosed } from "../../../engine/index.ts";
import { EarshotError } from "../../../errors.ts";
import type { ModelSource } from "../../../model/index.ts";
import { startWorker, WorkerClient, type WorkerThread } from "../../../platform/index.ts";
import type { Source, Transcription } from "../../../recognizer/index.ts";
import { Refusal, tooMany } from "../refusal.ts";
import type { ServerLimits } from "../settings.ts";
import type { TranscriptionRequest } from "../transcription-request.ts";
import type { FileModelOptions, FileWork } from "./file-work.ts";

const ENTRY = import.meta.url.endsWith(".ts") ? "./file-worker.ts" : "./file-worker.js";
/** A worker that ignores `cancel` for this long is terminated. */
const PATIENCE_MS = 2_000;

const startFileWorker = (): WorkerThread => startWorker(new URL(ENTRY, import.meta.url));

export type FileLimits = Pick<ServerLimits, "fileWaitSeconds" | "fileSeconds" | "recordingSeconds">;

export interface FileWorkDone {
  readonly transcription: Transcription;
  /** That it took, from its turn on. */
  readonly seconds: number;
}

export class FileTranscriber {
  readonly #source: ModelSource;
  readonly #options: FileModelOptions;
  readonly #startThread: () => WorkerThread;
  #worker: Promise<WorkerClient<FileWork>> | undefined;
  /** The file before. */
  #last: Promise<unknown> = Promise.resolve();
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

  /** How much of the processor a decoder for this takes, in ms: found out where no stream waits for it. @throws what `decoderFor` throws */
  async tryDecoder(request: TranscriptionRequest): Promise<number> {
    return (await this.#ready()).call("tryDecoder", [request]);
  }

  /** @throws what `Recognizer.transcribe` throws, the signal's reason, LONG_AUDIO, WORKER_DIED; Refusal too_many, too_slow */
  async transcribe(
    source: Source,
    request: TranscriptionRequest,
    signal: AbortSignal,
    { fileWaitSeconds, fileSeconds, recordingSeconds }: FileLimits,
  ): Promise<FileWorkDone> {
    const late = new AbortController();
    const end = AbortSignal.any([signal, late.signal]);
    end.throwIfAborted();
    let timer = setTimeout(() => late.abort(waitedTooLong(fileWaitSeconds)), 1000 * fileWaitSeconds);
    const turn = this.#last.then(async () => {
      clearTimeout(timer);
      end.throwIfAborted();
      timer = setTimeout(() => late.abort(tookTooLong(fileSeconds)), 1000 * fileSeconds);
      const start = performance.now();
      const transcription = await triedTwice(() => this.#run(source, request, end, recordingSeconds), end);
      return { transcription, seconds: (performance.now() - start) / 1000 };
    });
    this.#last = turn.catch(() => undefined);
    try {
      return await Promise.race([turn, abortOf(end)]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What is under way fails with PROGRAM_CLOSED. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = await this.#worker?.catch(() => undefined);
    await worker?.close(programClosed());
  }

  async #run(
    source: Source,
    request: TranscriptionRequest,
    signal: AbortSignal,
    mostSeconds: number,
  ): Promise<Transcription> {
    signal.throwIfAborted();
    const worker = await this.#ready();
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

/** Rejects with the signal's reason. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
  );
}

const waitedTooLong = (seconds: number): Refusal =>
  tooMany(`The file has waited ${seconds} s for those before it`, 503);

const tookTooLong = (seconds: number): Refusal =>
  new Refusal("too_slow", `The file took longer than ${seconds} s.`);

async function triedTwice<Result>(run: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof EarshotError) || error.code !== "WORKER_DIED" || signal.aborted) throw error;
    return run();
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
