// A file that waits for its turn and then for its text, for as long as it may wait for each.

import type { Source, Transcription } from "../../../recognizer/index.ts";
import { Refusal, tooMany } from "../refusal.ts";
import type { ServerLimits } from "../settings.ts";
import type { TranscriptionRequest } from "../transcription-request.ts";

export type FileLimits = Pick<ServerLimits, "fileWaitSeconds" | "fileSeconds" | "recordingSeconds">;

export interface FileWorkDone {
  readonly transcription: Transcription;
  /** That it took, from its turn on. */
  readonly seconds: number;
}

export class FileJob {
  readonly source: Source;
  readonly request: TranscriptionRequest;
  /** Sound that it may hold at most. */
  readonly mostSeconds: number;
  /** Aborted when nobody waits for it any more, and when it has waited, or taken, too long. */
  readonly signal: AbortSignal;
  /** Rejected with the signal's reason as soon as there is one. */
  readonly done: Promise<FileWorkDone>;
  readonly #late = new AbortController();
  readonly #fileSeconds: number;
  #timer: NodeJS.Timeout | undefined;
  #resolve!: (done: FileWorkDone) => void;
  #reject!: (reason: unknown) => void;
  #isSettled = false;

  constructor(source: Source, request: TranscriptionRequest, gone: AbortSignal, limits: FileLimits) {
    const { fileWaitSeconds, fileSeconds, recordingSeconds } = limits;
    this.source = source;
    this.request = request;
    this.mostSeconds = recordingSeconds;
    this.#fileSeconds = fileSeconds;
    this.signal = AbortSignal.any([gone, this.#late.signal]);
    this.done = new Promise((resolve, reject) => ([this.#resolve, this.#reject] = [resolve, reject]));
    this.#lateAfter(fileWaitSeconds, waitedTooLong);
    this.signal.addEventListener("abort", () => this.reject(this.signal.reason), { once: true });
    if (gone.aborted) this.reject(gone.reason);
  }

  /** Whether nobody waits for it any more. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Its turn has come. */
  begin(): void {
    this.#lateAfter(this.#fileSeconds, tookTooLong);
  }

  resolve(done: FileWorkDone): void {
    this.#settle();
    this.#resolve(done);
  }

  reject(reason: unknown): void {
    this.#settle();
    this.#reject(reason);
  }

  #settle(): void {
    this.#isSettled = true;
    clearTimeout(this.#timer);
  }

  #lateAfter(seconds: number, refusal: (seconds: number) => Refusal): void {
    clearTimeout(this.#timer);
    if (this.#isSettled) return;
    this.#timer = setTimeout(() => this.#late.abort(refusal(seconds)), 1000 * seconds);
  }
}

const waitedTooLong = (seconds: number): Refusal =>
  tooMany(`The file has waited ${seconds} s for those before it`, 503);

const tookTooLong = (seconds: number): Refusal =>
  new Refusal("too_slow", `The file took longer than ${seconds} s.`);
