// Vosk's WebSocket: every binary frame of sound gets exactly one answer, since clients wait for it, and nothing else does. So
// utterances that ended since the last answer are sent as one. Clients that send a WAV file get its own rate.

import { z } from "zod";
import type { FinalEvent, StreamEvent, Word } from "../../../recognizer/index.ts";
import { readFields, readObject } from "../client-input.ts";
import type { ClientMessage, ClientSocket } from "../live/client-socket.ts";
import { joinTexts, LiveSpeech } from "../live/live-speech.ts";
import type { LiveOptions, LiveTranscription } from "../live/live-transcription.ts";
import { PcmReader, wavHeader } from "../live/pcm.ts";
import { brokenOff, CLOSE, closeCodeOf } from "../live/socket-endings.ts";
import type { SocketDialect } from "../live/upgrade.ts";
import { keyOfHeader } from "../operation/keys.ts";
import type { ServerClient, ServerContext } from "../server-context.ts";
import { transcriptionRequest } from "../transcription-request.ts";

/** Of sound without a header. */
const PCM = { encoding: "s16", channels: 1 } as const;

const flag = z.union([z.boolean(), z.number()]).transform(Boolean).default(false);
const voskConfig = z.object({
  sample_rate: z.coerce.number().int().min(1_000).max(768_000).default(8_000),
  words: flag,
  max_alternatives: z.int().min(0).max(1_000).default(0),
  phrase_list: z.union([z.array(z.string()), z.string().transform((text) => [text])]).default([]),
  grammar: z.string().optional(),
  model: z.string().optional(),
});
type VoskConfig = z.output<typeof voskConfig>;

export const vosk: SocketDialect = {
  name: "vosk",
  path: "/",
  keyOf: ({ headers }) => keyOfHeader(headers.authorization),
  async converse(socket, _, client, context) {
    const conversation = new VoskConversation(socket, client, context);
    let failure: unknown;
    try {
      for await (const message of socket.messages()) if (!(await conversation.take(message))) break;
      socket.close(CLOSE.normal);
    } catch (error) {
      failure = error;
      const refusal = brokenOff(error, client, context);
      socket.send({ error: refusal.message });
      socket.close(closeCodeOf(refusal), refusal.code);
    } finally {
      await conversation.close(failure);
    }
  },
};

class VoskConversation {
  readonly #socket: ClientSocket;
  readonly #client: ServerClient;
  readonly #context: ServerContext;
  readonly #speech: LiveSpeech;
  #config: VoskConfig = voskConfig.parse({});
  #pcm = new PcmReader(PCM);
  /** Of the stream: a WAV file has its own. */
  #rateHz = 0;
  /** Sent with the next answer. */
  #finals: FinalEvent[] = [];
  #partial = "";
  #separator = " ";

  constructor(socket: ClientSocket, client: ServerClient, context: ServerContext) {
    this.#socket = socket;
    this.#client = client;
    this.#context = context;
    this.#speech = new LiveSpeech(
      context,
      () => this.#options(),
      (event, live) => this.#take(event, live),
    );
  }

  /** Whether the client goes on. @throws Refusal */
  async take(message: ClientMessage): Promise<boolean> {
    if ("bytes" in message) {
      await this.#writeAudio(message.bytes);
      this.#socket.send(this.#answer());
      return true;
    }
    const { config, eof, reset } = readObject(message.text);
    if (config !== undefined) this.#config = readFields(voskConfig, config, "config");
    if (!eof && !reset) return true;
    await this.#speech.finish();
    this.#socket.send(this.#result(this.#finals.splice(0)));
    return !eof;
  }

  close(failure?: unknown): Promise<void> {
    return this.#speech.close(failure);
  }

  async #writeAudio(bytes: Buffer): Promise<void> {
    const header = this.#speech.isOpen ? undefined : wavHeader(bytes);
    if (!this.#speech.isOpen) {
      this.#pcm = new PcmReader(header ?? PCM);
      this.#rateHz = header?.rateHz ?? this.#config.sample_rate;
    }
    await this.#speech.write(this.#pcm.readMono(header ? bytes.subarray(header.dataAt) : bytes));
  }

  #options(): LiveOptions {
    const { phrase_list: phrases, grammar, max_alternatives: most, model } = this.#config;
    const nBest = most > 0 ? Math.min(most, this.#context.limits.nBest) : undefined;
    const known = phrases.filter((phrase) => phrase !== "[unk]");
    return {
      dialect: "vosk",
      client: this.#client,
      model,
      sampleRateHz: this.#rateHz,
      request: transcriptionRequest(
        { phrases: known, grammar, nBest, leavesOut: true },
        this.#context.limits,
      ),
    };
  }

  #take(event: StreamEvent, { separator }: LiveTranscription): void {
    this.#separator = separator;
    if (event.type === "partial") this.#partial = event.text;
    if (event.type !== "final") return;
    this.#partial = "";
    this.#finals.push(event);
  }

  /** To a frame of sound. */
  #answer(): object {
    const finals = this.#finals.splice(0);
    return finals.length > 0 ? this.#result(finals) : { partial: this.#partial };
  }

  #result(finals: readonly FinalEvent[]): object {
    const text = joinTexts(
      finals.map((final) => final.text),
      this.#separator,
    );
    const words = finals.flatMap((final) => final.words);
    const result = this.#config.words && words.length > 0 ? { result: words.map(wordOf) } : {};
    if (this.#config.max_alternatives === 0) return { ...result, text };
    if (finals.length !== 1) return { alternatives: [{ ...result, text, confidence: 0 }] };
    return {
      alternatives: finals[0].alternatives.map((alternative) => ({
        text: alternative.text,
        confidence: alternative.score,
        ...(this.#config.words && { result: alternative.words.map(wordOf) }),
      })),
    };
  }
}

const wordOf = ({ text, startMs, endMs, confidence }: Word) => {
  return { conf: confidence, end: endMs / 1000, start: startMs / 1000, word: text };
};
