// A worker of a queue: takes recordings, tells the server that it still works on them, and reports what became of each. What
// was given out before, and not reported, is tried by itself, so that a recording that ends its worker harms no other; after
// some tries it is reported as it is.

import type { Consumer, JsMsg } from "@nats-io/jetstream";
import { EarshotError } from "../../../../errors.ts";
import { failedOutcome, type TranscriptOutcome } from "../outcome.ts";
import type { SharedJob } from "../shared-job.ts";
import { arriving, indexOf, weightOf, type JobStream, type Tries } from "./job-stream.ts";

export interface QueueJobOptions {
  /** After which a worker counts as lost. */
  readonly silenceMs: number;
  /** Of a recording, at most. */
  readonly tries: number;
  /** What errors call a recording. */
  readonly nameOf: (index: number) => string;
  readonly isSettled: (index: number) => boolean;
  /** Whether nothing is awaited any more. */
  readonly isComplete: () => boolean;
  readonly signal: AbortSignal;
}

interface Held {
  readonly message: JsMsg;
  /** Of a recording that is tried by itself. */
  readonly tries?: number;
}

const MOST_HELD = 16;
/** Of those that wait, a worker takes at once this part: others may come. */
const PART = 1 / 16;
/** About the sound of a batch: recordings of more are not held together. */
const PORTION_BYTES = 4e6;
const RETRY_MS = 500;
const SIGNS_OF_LIFE = 4;

export class QueueJob implements SharedJob {
  readonly #stream: JobStream;
  readonly #consumer: Consumer;
  readonly #options: QueueJobOptions;
  readonly #held = new Map<number, Held>();
  /** Held, and tried one by one. */
  #alone: number[] = [];
  #portion = 1;
  #stopFetch: (() => void) | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(stream: JobStream, consumer: Consumer, options: QueueJobOptions) {
    this.#stream = stream;
    this.#consumer = consumer;
    this.#options = options;
    const signOfLife = () => this.#tellHeld((message) => message.working());
    this.#timer = setInterval(signOfLife, options.silenceMs / SIGNS_OF_LIFE);
  }

  async take(): Promise<readonly number[] | undefined> {
    while (!this.#options.isComplete()) {
      this.#options.signal.throwIfAborted();
      const next = this.#alone.shift();
      if (next !== undefined) {
        if (await this.#isWorthATry(next)) return [next];
        continue;
      }
      const fresh = await this.#fetch();
      if (fresh.length > 0) return fresh;
    }
    return undefined;
  }

  /** Of a failure, only when it was tried often enough; else others may have better luck. */
  async give(outcome: TranscriptOutcome): Promise<void> {
    const { index, fault } = outcome;
    const { message, tries = 1 } = this.#held.get(index)!;
    if (fault && tries < this.#options.tries) {
      await this.#stream.setTries(index, { tries, fault });
      message.nak(RETRY_MS);
    } else await this.#report(outcome);
    this.#held.delete(index);
  }

  /** Waits for no more recordings: all is done. */
  finish(): void {
    this.#stopFetch?.();
  }

  /** Gives back what it holds. */
  close(): void {
    clearInterval(this.#timer);
    this.#tellHeld((message) => message.nak());
    this.#held.clear();
  }

  #tellHeld(tell: (message: JsMsg) => void): void {
    try {
      for (const { message } of this.#held.values()) tell(message);
    } catch {
      // the connection is closed, which whoever opened it is told
    }
  }

  /** @returns recordings that nobody has had yet; those that somebody had are put aside */
  async #fetch(): Promise<number[]> {
    const fresh: number[] = [];
    const onFetch = (stop: () => void) => (this.#stopFetch = stop);
    for await (const message of arriving(this.#consumer, this.#portion, onFetch)) {
      const index = indexOf(message);
      if (this.#options.isSettled(index)) {
        message.ack();
        continue;
      }
      this.#held.set(index, { message });
      if (message.info.deliveryCount > 1) this.#alone.push(index);
      else fresh.push(index);
      const mostOfWaiting = Math.floor(PART * message.info.pending);
      const mostOfWeight = Math.floor(PORTION_BYTES / (weightOf(message) + 1));
      this.#portion = Math.max(1, Math.min(MOST_HELD, mostOfWaiting, mostOfWeight));
    }
    return fresh;
  }

  async #isWorthATry(index: number): Promise<boolean> {
    const held = this.#held.get(index)!;
    const { tries, fault } = await this.#stream.triesOf(index);
    if (tries < this.#options.tries && !this.#options.isSettled(index)) {
      await this.#stream.setTries(index, { tries: tries + 1, fault });
      this.#held.set(index, { ...held, tries: tries + 1 });
      return true;
    }
    if (!this.#options.isSettled(index))
      await this.#report(failedOutcome(index, this.#faultOf(index, { tries, fault })));
    else held.message.ack();
    this.#held.delete(index);
    return false;
  }

  async #report(outcome: TranscriptOutcome): Promise<void> {
    await this.#stream.report(outcome);
    this.#held.get(outcome.index)!.message.ack();
  }

  #faultOf(index: number, { tries, fault }: Tries) {
    return fault ?? poison(this.#options.nameOf(index), tries).fault;
  }
}

const poison = (where: string, tries: number): EarshotError =>
  new EarshotError({
    code: "POISON_RECORDING",
    where,
    problem: `Each of ${tries} workers that tried it by itself ended before it was done.`,
    remedy:
      "Transcribe it by itself to see why; where workers were only ended from outside, run the command again.",
  });
