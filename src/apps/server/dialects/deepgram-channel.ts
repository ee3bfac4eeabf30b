// One channel of a live stream in Deepgram's dialect: sound in, Results out. Finalize ends what was begun, and the time goes on.

import type { FinalEvent, StreamEvent } from "../../../recognizer/index.ts";
import type { ClientSocket } from "../live/client-socket.ts";
import { LiveSpeech } from "../live/live-speech.ts";
import type { LiveOptions, LiveTranscription } from "../live/live-transcription.ts";
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
  readonly #channel: DeepgramChannelInfo;
  readonly #client: ServerClient;
  readonly #context: ServerContext;
  readonly #speech: LiveSpeech;
  /** Of the utterance, in its stream. */
  #startMs = 0;
  #isFinalizing = false;

  constructor(
    socket: ClientSocket,
    fields: DeepgramFields,
    channel: DeepgramChannelInfo,
    client: ServerClient,
    context: ServerContext,
  ) {
    this.#socket = socket;
    this.#fields = fields;
    this.#channel = channel;
    this.#client = client;
    this.#context = context;
    this.#speech = new LiveSpeech(
      context,
      () => this.#options(),
      (event, live) => this.#sendEvent(event, live),
    );
  }

  /** Of sound so far. */
  get seconds(): number {
    return this.#speech.seconds;
  }

  write(samples: Float32Array): Promise<void> {
    return this.#speech.write(samples);
  }

  /** All that was said is sent. @param isAsked by Finalize */
  async finish(isAsked: boolean): Promise<void> {
    this.#isFinalizing = isAsked;
    await this.#speech.finish();
    this.#isFinalizing = false;
  }

  close(failure?: unknown): Promise<void> {
    return this.#speech.close(failure);
  }

  #options(): LiveOptions {
    const { endpointing, model, request } = this.#fields;
    const trailingSilenceMs = endpointing === undefined ? undefined : Math.max(LEAST_SILENCE_MS, endpointing);
    return {
      dialect: "deepgram",
      client: this.#client,
      model,
      request,
      sampleRateHz: this.#channel.rateHz,
      endpoints: { trailingSilenceMs },
    };
  }

  #sendEvent(event: StreamEvent, live: LiveTranscription): void {
    const { vad_events: hasStarts, interim_results: hasInterim, utterance_end_ms: hasEnds } = this.#fields;
    const channel = [this.#channel.index, this.#channel.count];
    if (event.type === "speech-start") {
      this.#startMs = event.startMs;
      const timestamp = (this.#speech.earlierMs + event.timeMs) / 1000;
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
      this.#socket.send({
        type: "UtteranceEnd",
        channel,
        last_word_end: (this.#speech.earlierMs + last) / 1000,
      });
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
      channel_index: [this.#channel.index, this.#channel.count],
      start: (this.#speech.earlierMs + startMs) / 1000,
      duration: Math.max(0, endMs - startMs) / 1000,
      ...state,
      channel: {
        alternatives: alternatives.map((each) => deepgramAlternative(each, this.#speech.earlierMs)),
      },
      metadata: {
        request_id: this.#client.requestId,
        model_info: deepgramModelInfo(model, this.#context.version),
        model_uuid: model,
      },
    };
  }
}
