// Whole files, in the order in which they came, through threads of their own, one file at a time in each. A file whose thread dies
// is tried once more.

import { EarshotError } from "../../../errors.ts";
import type { ModelSource } from "../../../model/index.ts";
import type { Source } from "../../../recognizer/index.ts";
import type { TranscriptionRequest } from "../transcription-request.ts";
import { FileJob, type FileLimits, type FileWorkDone } from "./file-job.ts";
import { FileThread, type StartThread } from "./file-thread.ts";
import type { FileModelOptions } from "./file-work.ts";

export interface FileTranscriberOptions extends FileModelOptions {
  /** Files at once, each in a thread of its own. */
  readonly fileWorkers?: number;
}

export class FileTranscriber {
  readonly #threads: readonly FileThread[];
  readonly #idle: FileThread[];
  readonly #waiting: FileJob[] = [];

  constructor(
    source: ModelSource,
    { fileWorkers = 1, ...options }: FileTranscriberOptions,
    startThread?: StartThread,
  ) {
    this.#threads = Array.from({ length: fileWorkers }, () => new FileThread(source, options, startThread));
    this.#idle = [...this.#threads];
  }

  /** Loads the model, where that has not been done. @throws what `Recognizer.load` throws */
  async warm(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.warm()));
  }

  /** How much of the processor a decoder for this takes, in ms: found out where no stream waits for it. @throws what `decoderFor` throws */
  tryDecoder(request: TranscriptionRequest): Promise<number> {
    return this.#threads[0].tryDecoder(request);
  }

  /** @throws what `Recognizer.transcribe` throws, the signal's reason, LONG_AUDIO, WORKER_DIED; Refusal too_many, too_slow */
  transcribe(
    source: Source,
    request: TranscriptionRequest,
    signal: AbortSignal,
    limits: FileLimits,
  ): Promise<FileWorkDone> {
    const job = new FileJob(source, request, signal, limits);
    this.#waiting.push(job);
    const thread = this.#idle.pop();
    if (thread) void this.#serve(thread);
    return job.done;
  }

  /** What is under way fails with PROGRAM_CLOSED. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  /** Until nobody waits. */
  async #serve(thread: FileThread): Promise<void> {
    for (let job = this.#waiting.shift(); job; job = this.#waiting.shift())
      if (!job.isSettled) await run(job, thread);
    this.#idle.push(thread);
  }
}

/** Never rejects: the job is told what came of it. */
async function run(job: FileJob, thread: FileThread): Promise<void> {
  job.begin();
  const start = performance.now();
  try {
    const transcription = await thread
      .transcribe(job)
      .catch((error: unknown) => (isDeath(error) ? thread.transcribe(job) : Promise.reject(error as Error)));
    job.resolve({ transcription, seconds: (performance.now() - start) / 1000 });
  } catch (error) {
    job.reject(error);
  }
}

const isDeath = (error: unknown): boolean => error instanceof EarshotError && error.code === "WORKER_DIED";
