// A live stream under the limits of the server, as every dialect uses it: let in, leased a model, counted, and ended in every
// way that a client can leave. Knows nothing of any dialect.

import type { StreamEvent } from "../../../recognizer/index.ts";
import type { RecognizerStream, StreamOptions } from "../../../recognizer/index.ts";
import type { ModelLease } from "../models/models.ts";
import { Refusal } from "../refusal.ts";
import type { ServerClient, ServerContext } from "../server-context.ts";
import type { TranscriptionRequest } from "../transcription-request.ts";
import { usableRequest } from "../usable-request.ts";

/** The whole stream is one utterance, as a recording is. */
export const ONE_UTTERANCE = { detector: "none", longestUtteranceMs: 24 * 3_600_000 } as const;

export interface LiveOptions extends Pick<StreamOptions, "endpoints"> {
  /** For metrics and the log. */
  readonly dialect: string;
  readonly client: ServerClient;
  /** The first model when not given. */
  readonly model?: string;
  readonly sampleRateHz: number;
  readonly request: TranscriptionRequest;
}

/** When how much sound had come: from it follows how long a text was waited for. */
interface Arrival {
  readonly ms: number;
  readonly at: number;
}

/** Arrivals beyond these are forgotten, the oldest first. */
const MOST_ARRIVALS = 4_096;

export class LiveTranscription {
  readonly #context: ServerContext;
  readonly #options: LiveOptions;
  readonly #lease: ModelLease;
  readonly #leave: () => void;
  readonly #stream: RecognizerStream;
  readonly #startedAt = performance.now();
  #arrivals: Arrival[] = [];
  #samples = 0;
  #texts: string[] = [];
  #isClosed = false;

  private constructor(
    context: ServerContext,
    options: LiveOptions,
    lease: ModelLease,
    leave: () => void,
    stream: RecognizerStream,
  ) {
    this.#context = context;
    this.#options = options;
    this.#lease = lease;
    this.#leave = leave;
    this.#stream = stream;
    context.metrics.streams.add({ dialect: options.dialect });
  }

  /** @throws Refusal; what is wrong with rate, hot words or grammar */
  static async open(context: ServerContext, options: LiveOptions): Promise<LiveTranscription> {
    const leave = context.admission.admitStream(options.client.key);
    let lease: ModelLease | undefined;
    try {
      lease = context.models.lease(options.model);
      const { sampleRateHz, endpoints } = options;
      const request = usableRequest(context, lease.model, options.request, options);
      const stream = await lease.model.stream(request, { sampleRateHz, endpoints });
      return new LiveTranscription(context, options, lease, leave, stream);
    } catch (error) {
      lease?.release();
      leave();
      throw error;
    }
  }

  /** The name of the model. */
  get model(): string {
    return this.#lease.name;
  }

  /** Of all that was written. */
  get seconds(): number {
    return this.#samples / this.#options.sampleRateHz;
  }

  /** Between words. */
  get separator(): string {
    return this.#lease.model.separator;
  }

  /** Waits while too much is waiting. @throws Refusal too_large when the stream is too long; what `write` of streams throws */
  async write(samples: Float32Array): Promise<void> {
    const { streamSeconds } = this.#context.limits;
    this.#samples += samples.length;
    if (this.seconds > streamSeconds)
      throw new Refusal("too_large", `The stream is longer than ${streamSeconds} s.`);
    this.#arrivals.push({ ms: 1000 * this.seconds, at: performance.now() });
    if (this.#arrivals.length > MOST_ARRIVALS) this.#arrivals = this.#arrivals.slice(-MOST_ARRIVALS / 2);
    await this.#stream.write(samples);
  }

  /** No more sound comes: the events end behind the last final text. */
  async finish(): Promise<void> {
    await this.#stream.finish();
  }

  /** Once. Leaving the loop closes the stream. */
  async *events(): AsyncGenerator<StreamEvent, void> {
    for await (const event of this.#stream) {
      if (event.type === "final") this.#count(event.endMs, event.text);
      yield event;
    }
  }

  /** However it ended; more than once is once. */
  async close(failure?: unknown): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { metrics, log } = this.#context;
    await this.#stream.close();
    this.#lease.release();
    this.#leave();
    metrics.audioSeconds.add({ kind: "live", model: this.model }, this.seconds);
    log.info("stream", {
      request: this.#options.client.requestId,
      key: this.#options.client.key,
      dialect: this.#options.dialect,
      model: this.model,
      seconds: Number(this.seconds.toFixed(2)),
      ms: Math.round(performance.now() - this.#startedAt),
      ...(failure !== undefined && { failure: failureText(failure) }),
      ...log.said(this.#texts.join(" ")),
    });
  }

  #count(endMs: number, text: string): void {
    const arrival = this.#arrivals.find(({ ms }) => ms >= endMs) ?? this.#arrivals.at(-1);
    this.#arrivals = this.#arrivals.filter(({ ms }) => ms >= endMs);
    if (Object.keys(this.#context.log.said("")).length > 0 && this.#texts.length < 1_000)
      this.#texts.push(text);
    if (!arrival) return;
    const seconds = (performance.now() - arrival.at) / 1000;
    this.#context.metrics.finalSeconds.observe({ dialect: this.#options.dialect }, seconds);
  }
}

/** What may stand in a log: what was said is in no error, but a message may quote a client's own words. */
function failureText(failure: unknown): string {
  if (failure instanceof Refusal) return failure.code;
  return failure instanceof Error ? ((failure as { code?: string }).code ?? failure.name) : "unknown";
}
