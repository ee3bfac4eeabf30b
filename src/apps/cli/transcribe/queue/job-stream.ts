// A job as messages of one stream: a recording that is to be transcribed, its outcome, and how often it was tried, each under
// a subject of its own. What is published once cannot be published again, so that each recording has one outcome whoever
// works on it. The server forgets a job after a month.

import type { Consumer, JsMsg } from "@nats-io/jetstream";
import { gunzipSync, gzipSync } from "node:zlib";
import { EarshotError, type Fault } from "../../../../errors.ts";
import { failedOutcome, type TranscriptOutcome } from "../outcome.ts";
import type { QueueConnection } from "./connect.ts";

const STREAM = "EARSHOT";
const SUBJECTS = "earshot.>";
const KEPT_MS = 30 * 24 * 3_600_000;
const IDLE_MS = 24 * 3_600_000;
const PAUSE_MS = 300;
const FETCH_MS = 1_000;
const OUTCOMES_AT_ONCE = 500;
/** JetStream's answer to what was published before. */
const WRONG_LAST_SEQUENCE = 10071;

/** How often a recording was tried by itself, and what came of it the last time; no fault where it ended its worker. */
export interface Tries {
  readonly tries: number;
  readonly fault?: Fault;
}

type Kind = "recording" | "outcome" | "tries";

export class JobStream {
  readonly #queue: QueueConnection;
  readonly #job: string;

  private constructor(queue: QueueConnection, job: string) {
    this.#queue = queue;
    this.#job = job;
  }

  /** @param job its name: letters and digits */
  static async open(queue: QueueConnection, job: string): Promise<JobStream> {
    const { manager } = queue;
    const limits = { max_age: nanoseconds(KEPT_MS), max_msgs_per_subject: 1 };
    try {
      await manager.streams.add({ name: STREAM, subjects: [SUBJECTS], ...limits });
    } catch (error) {
      await manager.streams.info(STREAM).catch(() => {
        throw error; // it is not that it is there with other limits
      });
    }
    return new JobStream(queue, job);
  }

  /** Lets workers have a recording. @param weight how much work it is */
  async offer(index: number, weight: number): Promise<void> {
    await this.#publish("recording", index, encode({ weight }), true);
  }

  /** Of a recording that has an outcome already, nothing changes. */
  async report(outcome: TranscriptOutcome): Promise<void> {
    const packed = gzipSync(encode(outcome));
    const fits = packed.length < (this.#queue.connection.info?.max_payload ?? Infinity) - 1_000;
    const sent = fits ? packed : gzipSync(encode(failedOutcome(outcome.index, tooLong(outcome.index))));
    await this.#publish("outcome", outcome.index, sent, true);
  }

  async setTries(index: number, tries: Tries): Promise<void> {
    await this.#publish("tries", index, encode(tries), false);
  }

  async triesOf(index: number): Promise<Tries> {
    const subject = this.#subject("tries", index);
    const message = await this.#untilAnswered(() =>
      this.#queue.manager.streams.getMessage(STREAM, { last_by_subj: subject }),
    );
    return message ? (JSON.parse(message.string()) as Tries) : { tries: 0 };
  }

  /** As if it had never been offered. @param index all of them by default */
  async forget(index?: number): Promise<void> {
    const { streams } = this.#queue.manager;
    if (index === undefined) return void (await streams.purge(STREAM, { filter: this.#subject() }));
    for (const kind of ["outcome", "tries", "recording"] as const)
      await streams.purge(STREAM, { filter: this.#subject(kind, index) });
  }

  /** Outcomes from the first on, without end; how many are there already. */
  async outcomes(): Promise<{ readonly known: number; readonly all: AsyncIterator<TranscriptOutcome> }> {
    const { consumers } = this.#queue.jetstream;
    const reader = await consumers.get(STREAM, { filter_subjects: this.#subject("outcome") });
    const { num_pending: known } = await reader.info();
    const connection = this.#queue.connection;
    const all = (async function* () {
      while (!connection.isClosed())
        for await (const message of arriving(reader, OUTCOMES_AT_ONCE)) yield decodeOutcome(message);
    })();
    return { known, all };
  }

  /** What workers take recordings from. @param silenceMs after which one is given to another */
  async workers(silenceMs: number): Promise<Consumer> {
    const { manager, jetstream } = this.#queue;
    const name = `recordings-${this.#job}`;
    await manager.consumers.add(STREAM, {
      durable_name: name,
      filter_subject: this.#subject("recording"),
      ack_policy: "explicit",
      ack_wait: nanoseconds(silenceMs),
      max_deliver: -1,
      max_ack_pending: 100_000,
      inactive_threshold: nanoseconds(IDLE_MS),
    });
    return jetstream.consumers.get(STREAM, name);
  }

  #subject(kind?: Kind, index?: number): string {
    return `earshot.${this.#job}.${kind === undefined ? ">" : `${kind}.${index ?? "*"}`}`;
  }

  /** @param once nothing where there is one already */
  async #publish(kind: Kind, index: number, data: Uint8Array, once: boolean): Promise<void> {
    const options = once ? { expect: { lastSubjectSequence: 0 } } : {};
    try {
      await this.#untilAnswered(() =>
        this.#queue.jetstream.publish(this.#subject(kind, index), data, options),
      );
    } catch (error) {
      if (!once || (error as { code?: unknown }).code !== WRONG_LAST_SEQUENCE) throw error;
    }
  }

  /** Waits where the server is away; it is for the connection to give up. */
  async #untilAnswered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    for (;;)
      try {
        return await ask();
      } catch (error) {
        if (this.#queue.connection.isClosed() || isAnswer(error)) throw error;
        await pause();
      }
  }
}

/**
 * Messages as they come, until there are so many, or a second has passed. None where the server is away.
 * @param onFetch is given what stops it
 */
export async function* arriving(
  consumer: Consumer,
  most: number,
  onFetch?: (stop: () => void) => void,
): AsyncGenerator<JsMsg, void> {
  try {
    const fetched = await consumer.fetch({ max_messages: most, expires: FETCH_MS });
    onFetch?.(() => fetched.stop());
    yield* fetched;
  } catch {
    await pause();
  }
}

export const indexOf = ({ subject }: Pick<JsMsg, "subject">): number =>
  Number(subject.slice(subject.lastIndexOf(".") + 1));

export const weightOf = (message: JsMsg): number => message.json<{ weight: number }>().weight;

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const decodeOutcome = ({ data }: JsMsg): TranscriptOutcome =>
  JSON.parse(gunzipSync(data).toString()) as TranscriptOutcome;

const nanoseconds = (ms: number): number => 1e6 * ms;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

/** Whether the server itself refused, which it would do again. */
const isAnswer = (error: unknown): boolean => (error as Error).name === "JetStreamApiError";

const tooLong = (index: number): Fault =>
  new EarshotError({
    code: "TRANSCRIPT_TOO_LONG",
    where: `recording ${index + 1}`,
    problem: "Its transcript is larger than a message of the NATS server may be.",
    remedy: "Let the server take larger ones (max_payload), or transcribe it without --queue.",
  }).fault;
