// The ranks of `mpirun -np N earshot transcribe … --out DIR`: rank 0 knows what is open, hands out portions, writes all
// outcomes and transcribes too; the others ask it, one portion ahead, and send it what became of each. All send heartbeats.

import type { RankMessage, Ranks } from "../../../platform/index.ts";
import { Heartbeats } from "./heartbeats.ts";
import type { TranscriptOutcome } from "./outcome.ts";
import type { Portions } from "./portions.ts";
import type { SharedJob } from "./shared-job.ts";

/** To rank 0: that more is wanted, a heartbeat, or an outcome. From it: a heartbeat, or a portion, empty when the job is done. */
type ToLeader = "more" | "alive" | TranscriptOutcome;
type FromLeader = "alive" | Portion;
type Portion = readonly number[];

const encode = (message: ToLeader | FromLeader): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(message));
const decode = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

export interface LeaderOptions {
  /** Of positions in `open`. */
  readonly portions: Portions;
  /** Indices of the recordings that are to be transcribed. */
  readonly open: readonly number[];
  readonly settle: (outcome: TranscriptOutcome) => Promise<void>;
  readonly signal: AbortSignal;
}

export class RankLeader implements SharedJob {
  readonly #ranks: Ranks;
  readonly #options: LeaderOptions;
  /** Ranks that asked when nothing was left: a rank that is told that all is done makes no further call. */
  readonly #waiting: number[] = [];
  readonly #complete = new AbortController();
  readonly #heartbeats: Heartbeats;
  #unsettled: number;

  constructor(ranks: Ranks, options: LeaderOptions) {
    this.#ranks = ranks;
    this.#options = options;
    this.#unsettled = options.open.length;
    this.#heartbeats = new Heartbeats(ranks, options.signal, () =>
      Promise.all(this.#others.map((rank) => ranks.send(rank, encode("alive")))),
    );
    for (const rank of this.#others) this.#heartbeats.expect(rank);
  }

  get #others(): number[] {
    return Array.from({ length: this.#ranks.size - 1 }, (_, i) => i + 1);
  }

  async take(): Promise<readonly number[] | undefined> {
    return this.#next();
  }

  async give(outcome: TranscriptOutcome): Promise<void> {
    await this.#options.settle(outcome);
    this.#unsettled--;
    this.#check();
  }

  /** Answers the other ranks until all is done and they know it. @throws the signal's reason; RANK_SILENT, RANK_LOST */
  async serve(): Promise<void> {
    const complete = this.#complete.signal;
    const signal = AbortSignal.any([this.#options.signal, this.#heartbeats.signal, complete]);
    this.#check();
    while (!complete.aborted) {
      const message = await this.#ranks.receive(signal).catch((error: unknown) => {
        if (!complete.aborted) throw error;
      });
      if (message) await this.#answer(message);
    }
    await this.#heartbeats.close();
    for (const rank of this.#waiting) await this.#ranks.send(rank, encode([]));
  }

  async #answer({ from, bytes }: RankMessage): Promise<void> {
    this.#heartbeats.expect(from);
    const message = decode(bytes) as ToLeader;
    if (message === "alive") return;
    if (message !== "more") return this.give(message);
    const portion = this.#next();
    if (portion) return this.#ranks.send(from, encode(portion));
    this.#waiting.push(from);
    this.#check();
  }

  /** Nobody has anything to send when all is settled and all wait. */
  #check(): void {
    if (this.#unsettled === 0 && this.#waiting.length === this.#ranks.size - 1) this.#complete.abort();
  }

  #next(): number[] | undefined {
    return this.#options.portions.next()?.map((position) => this.#options.open[position]);
  }
}

export class RankFollower implements SharedJob {
  readonly #ranks: Ranks;
  readonly #signal: AbortSignal;
  readonly #heartbeats: Heartbeats;
  #ahead: Promise<Portion> | undefined;
  #sent: Promise<void> = Promise.resolve();

  constructor(ranks: Ranks, signal: AbortSignal) {
    this.#ranks = ranks;
    this.#heartbeats = new Heartbeats(ranks, signal, () => this.#send("alive"));
    this.#signal = AbortSignal.any([signal, this.#heartbeats.signal]);
  }

  async take(): Promise<Portion | undefined> {
    const portion = await (this.#ahead ?? this.#ask());
    if (portion.length === 0) {
      await this.#heartbeats.close();
      return undefined;
    }
    this.#ahead = this.#ask();
    this.#ahead.catch(() => undefined); // whoever takes it learns of it
    return portion;
  }

  give(outcome: TranscriptOutcome): Promise<void> {
    return this.#send(outcome);
  }

  async #ask(): Promise<Portion> {
    await this.#send("more");
    let message: FromLeader;
    do {
      this.#heartbeats.expect(0);
      message = decode((await this.#ranks.receive(this.#signal)).bytes) as FromLeader;
    } while (message === "alive");
    this.#heartbeats.ignore(0); // nothing is received before the next question
    return message;
  }

  /** One after another. */
  #send(message: ToLeader): Promise<void> {
    this.#sent = this.#sent.then(() => this.#ranks.send(0, encode(message)));
    return this.#sent;
  }
}
