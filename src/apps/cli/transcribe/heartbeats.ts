// Ranks tell each other at equal intervals that they live: one that is awaited and says nothing for the time given counts as lost.

import { rankSilent, type Ranks } from "../../../platform/index.ts";

/** Of a rank, in the time that the others wait for it. */
const BEATS = 6;

export class Heartbeats {
  readonly #ranks: Ranks;
  readonly #beat: () => Promise<unknown>;
  /**
   * How many heartbeats of each awaited rank did not come: counted at this rank's own, so that one that had no time to receive
   * blames no other.
   */
  readonly #missed = new Map<number, number>();
  readonly #lost = new AbortController();
  readonly #closed = new AbortController();
  #timer: ReturnType<typeof setInterval> | undefined;
  #sent: Promise<unknown> = Promise.resolve();
  #isSending = false;

  /** Until the signal is aborted, or it is closed. @param beat tells the others that this one lives */
  constructor(ranks: Ranks, signal: AbortSignal, beat: () => Promise<unknown>) {
    this.#ranks = ranks;
    this.#beat = beat;
    if (signal.aborted) return;
    signal.addEventListener("abort", () => clearInterval(this.#timer), { signal: this.#closed.signal });
    this.#timer = setInterval(() => this.#turn(), (1000 * ranks.timeoutSeconds) / BEATS);
  }

  /** Aborted when one that is awaited is lost: RANK_SILENT, RANK_LOST. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Its next heartbeat is awaited from now on: it has just sent something, or its answer is wanted. */
  expect(rank: number): void {
    this.#missed.set(rank, 0);
  }

  /** Nothing is awaited from it. */
  ignore(rank: number): void {
    this.#missed.delete(rank);
  }

  /** Once the last one is on its way. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#closed.abort();
    await this.#sent;
  }

  #turn(): void {
    for (const [rank, missed] of this.#missed) {
      this.#missed.set(rank, missed + 1);
      if (missed + 1 >= BEATS)
        this.#lost.abort(
          rankSilent(`a sign of life of rank ${rank}`, this.#ranks, this.#ranks.timeoutSeconds),
        );
    }
    if (this.#isSending) return;
    this.#isSending = true;
    this.#sent = this.#beat().then(
      () => (this.#isSending = false),
      (error: unknown) => this.#lost.abort(error),
    );
  }
}
