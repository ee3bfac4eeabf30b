// The times of a run. Nothing here influences what is learned.

export interface BatchTiming {
  readonly framesPerSecond: number;
  readonly etaSeconds?: number;
}

export class RunClock {
  readonly #checkpointMs: number;
  readonly #earlierSeconds: number;
  readonly #start = performance.now();
  #epochStart = this.#start;
  #checkpoint = this.#start;
  #waitedMs = 0;
  #frames = 0;
  /** When this session's first batch was done, and the share of the training that was done then. */
  #first: { readonly ms: number; readonly share: number } | undefined;

  /** @param earlierSeconds what earlier sessions of the run took */
  constructor(checkpointSeconds: number, earlierSeconds: number) {
    this.#checkpointMs = 1000 * checkpointSeconds;
    this.#earlierSeconds = earlierSeconds;
  }

  trainedSeconds(): number {
    return this.#earlierSeconds + (performance.now() - this.#start) / 1000;
  }

  startEpoch(): void {
    this.#epochStart = performance.now();
    this.#waitedMs = 0;
    this.#frames = 0;
  }

  /** @param share of the whole training that is done, from 0 to 1 */
  batchDone({ frames, waitedMs, share }: { frames: number; waitedMs: number; share: number }): BatchTiming {
    const now = performance.now();
    this.#frames += frames;
    this.#waitedMs += waitedMs;
    const framesPerSecond = this.#frames / ((now - this.#epochStart) / 1000);
    if (!this.#first) {
      this.#first = { ms: now, share }; // what came before, such as computing features, is no measure of speed
      return { framesPerSecond };
    }
    const msPerShare = (now - this.#first.ms) / (share - this.#first.share);
    return { framesPerSecond, etaSeconds: (msPerShare * (1 - share)) / 1000 };
  }

  epochDone(): { seconds: number; waiting: number } {
    const ms = performance.now() - this.#epochStart;
    return { seconds: ms / 1000, waiting: this.#waitedMs / ms };
  }

  checkpointDue(): boolean {
    return performance.now() - this.#checkpoint >= this.#checkpointMs;
  }

  checkpointSaved(): void {
    this.#checkpoint = performance.now();
  }
}
