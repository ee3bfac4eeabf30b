// One channel of a live stream in Deepgram's dialect: sound in, Results out. Finalize ends what was begun, and the time goes on.

import type { FinalEvent, StreamEvent } from "../../../recognizer/index.ts";
import type { ClientSocket } from "../live/client-socket.ts";
import { LiveTranscription } from "../live/live-transcription.ts";
import type { ServerClient, ServerContext } from "../server-context.ts";
import { deepgramAlternative, deepgramModelInfo } from "./deepgram-answers.ts";
import type { DeepgramFields } from "./deepgram-fields.ts";

export interface DeepgramChannelInfo {
  readonly index: number;
  /** Of channels. */
  readonly count: number;
  readonly rateHz: number;
}

const LEAST_SILENCE_MS = 50;

export class DeepgramChannel {
  readonly #socket: ClientSocket;
  readonly #fields: DeepgramFields;
  readonly #place: DeepgramChannelInfo;
  readonly #client: ServerClient;
  readonly #context: ServerContext;
  #live: LiveTranscription | undefined;
  #events: Promise<void> | undefined;
  /** Of the streams before the present one. */
  #offsetMs = 0;
  #startMs = 0;
  #isFinalizing = false;

  constructor(
    socket: ClientSocket,
    fields: DeepgramFields,
    place: DeepgramChannelInfo,
    client: ServerClient,
    context: ServerContext,
  ) {
    this.#socket = socket;
    this.#fields = fields;
    this.#place = place;
    this.#client = client;
    this.#context = context;
  }

  /** Of sound so far. */
  get seconds(): number {
    return this.#offsetMs / 1000 + (this.#live?.seconds ?? 0);
  }

  async write(samples: Float32Array): Promise<void> {
    this.#live ??= await this.#open();
    await this.#live.write(samples);
  }

  /** All that was said is told. @param isAsked by Finalize */
  async finish(isAsked: boolean): Promise<void> {
    this.#isFinalizing = isAsked;
    await this.#live?.finish();
    await this.#events;
    this.#offsetMs = 1000 * this.seconds;
    await this.close();
    this.#isFinalizing = false;
  }

  async close(failure?: unknown): Promise<void> {
    const live = this.#live;
    this.#live = undefined;
    await live?.close(failure);
    await this.#events?.catch(() => undefined);
  }

  async #open(): Promise<LiveTranscription> {
    const { endpointing, model, request } = this.#fields;
    const trailingSilenceMs = endpointing === undefined ? undefined : Math.max(LEAST_SILENCE_MS, endpointing);
    const live = await LiveTranscription.open(this.#context, {
      dialect: "deepgram",
      client: this.#client,
      model,
      request,
      sampleRateHz: this.#place.rateHz,
      endpoints: { trailingSilenceMs },
    });
    this.#events = this.#sendEvents(live);
    this.#events.catch(() => undefined); // whoever writes has the error
    return live;
  }

  async #sendEvents(live: LiveTranscription): Promise<void> {
    for await (const event of live.events()) this.#sendEvent(event, live);
  }

  #sendEvent(event: StreamEvent, live: LiveTranscription): void {
    const { vad_events: hasStarts, interim_results: hasInterim, utterance_end_ms: hasEnds } = this.#fields;
    const channel = [this.#place.index, this.#place.count];
    if (event.type === "speech-start") {
      this.#startMs = event.timeMs;
      const timestamp = (this.#offsetMs + event.timeMs) / 1000;
      if (hasStarts) this.#socket.send({ type: "SpeechStarted", channel, timestamp });
    }
    if (event.type === "partial" && hasInterim) {
      const text = { text: event.text, words: [] };
      this.#socket.send(
        this.#results(
          [text],
          this.#startMs,
          1000 * live.seconds,
          { is_final: false, speech_final: false },
          live,
        ),
      );
    }
    if (event.type !== "final") return;
    this.#sendFinal(event, live);
    const last = event.words.at(-1)?.endMs ?? event.endMs;
    if (hasEnds !== undefined && event.endedBy !== "finish")
      this.#socket.send({ type: "UtteranceEnd", channel, last_word_end: (this.#offsetMs + last) / 1000 });
  }

  #sendFinal(event: FinalEvent, live: LiveTranscription): void {
    const isFinalizing = this.#isFinalizing && event.endedBy === "finish";
    const state = { is_final: true, speech_final: event.endedBy !== "longest", from_finalize: isFinalizing };
    this.#socket.send(this.#results(event.alternatives, event.startMs, event.endMs, state, live));
  }

  #results(
    alternatives: FinalEvent["alternatives"] | readonly { text: string; words: readonly never[] }[],
    startMs: number,
    endMs: number,
    state: object,
    { model }: LiveTranscription,
  ): object {
    return {
      type: "Results",
      channel_index: [this.#place.index, this.#place.count],
      start: (this.#offsetMs + startMs) / 1000,
      duration: Math.max(0, endMs - startMs) / 1000,
      ...state,
      channel: { alternatives: alternatives.map((each) => deepgramAlternative(each, this.#offsetMs)) },
      metadata: {
        request_id: this.#client.requestId,
        model_info: deepgramModelInfo(model, this.#context.version),
        model_uuid: model,
      },
    };
  }
}
