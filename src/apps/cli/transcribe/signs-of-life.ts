// That ranks live, told to each other now and then: one that is awaited and says nothing for the time given counts as lost.

import { rankSilent, type Ranks } from "../../../platform/index.ts";

/** In the time that a rank is waited for. */
const SIGNS = 6;

export class SignsOfLife {
  readonly #ranks: Ranks;
  readonly #say: () => Promise<unknown>;
  /**
   * Of each that is awaited, how many of its signs did not come: counted in turns of this rank's own, so that one that had
   * no time to listen blames no other.
   */
  readonly #missed = new Map<number, number>();
  readonly #lost = new AbortController();
  readonly #closed = new AbortController();
  #timer: ReturnType<typeof setInterval> | undefined;
  #said: Promise<unknown> = Promise.resolve();
  #isSaying = false;

  /** Until the signal is aborted, or it is closed. @param say tells the others that this one lives */
  constructor(ranks: Ranks, signal: AbortSignal, say: () => Promise<unknown>) {
    this.#ranks = ranks;
    this.#say = say;
    if (signal.aborted) return;
    signal.addEventListener("abort", () => clearInterval(this.#timer), { signal: this.#closed.signal });
    this.#timer = setInterval(() => this.#turn(), (1000 * ranks.timeoutSeconds) / SIGNS);
  }

  /** Aborted when one that is awaited is lost: RANK_SILENT, RANK_LOST. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** It has just said something, or is awaited from now on. */
  heard(rank: number): void {
    this.#missed.set(rank, 0);
  }

  /** Nothing is awaited from it. */
  excuse(rank: number): void {
    this.#missed.delete(rank);
  }

  /** When what was said is on its way. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#closed.abort();
    await this.#said;
  }

  #turn(): void {
    for (const [rank, missed] of this.#missed) {
      this.#missed.set(rank, missed + 1);
      if (missed + 1 >= SIGNS)
        this.#lost.abort(
          rankSilent(`a sign of life of rank ${rank}`, this.#ranks, this.#ranks.timeoutSeconds),
        );
    }
    if (this.#isSaying) return;
    this.#isSaying = true;
    this.#said = this.#say().then(
      () => (this.#isSaying = false),
      (error: unknown) => this.#lost.abort(error),
    );
  }
}
