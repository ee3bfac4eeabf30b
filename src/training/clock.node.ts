// The times and the memory of a run. Nothing here influences what is learned.

export interface BatchTiming {
  readonly framesPerSecond: number;
  readonly etaSeconds: number;
}

export class RunClock {
  readonly #checkpointMs: number;
  readonly #earlierSeconds: number;
  readonly #start = performance.now();
  #epochStart = this.#start;
  #checkpoint = this.#start;
  #waitedMs = 0;
  #frames = 0;
  #firstShare: number | undefined;
  #memoryReported = false;

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
    this.#firstShare ??= share;
    const pace = (now - this.#start) / Math.max(share - this.#firstShare, 1e-9); // ms for all that this session does
    const etaSeconds = share > this.#firstShare ? (pace * (1 - share)) / 1000 : Number.NaN;
    return { framesPerSecond: this.#frames / ((now - this.#epochStart) / 1000), etaSeconds };
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

  /** The process's peak memory in bytes, the first time it is asked for. */
  takePeakMemory(): number | undefined {
    if (this.#memoryReported) return undefined;
    this.#memoryReported = true;
    return process.resourceUsage().maxRSS * 1024;
  }
}
