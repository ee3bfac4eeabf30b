// Vosk's WebSocket: every binary frame of sound gets exactly one answer, since clients wait for it, and nothing else does. So
// utterances that ended since the last answer are told as one. Clients that send a WAV file get its own rate.

import { z } from "zod";
import { isRecord } from "../../../settings.ts";
import type { FinalEvent, Word } from "../../../recognizer/index.ts";
import type { ClientMessage, ClientSocket } from "../live/client-socket.ts";
import { LiveTranscription } from "../live/live-transcription.ts";
import { PcmReader, wavHeader } from "../live/pcm.ts";
import { brokenOff, CLOSE, closeCodeOf } from "../live/socket-endings.ts";
import type { SocketDialect } from "../live/upgrade.ts";
import { keyOfHeader } from "../operation/keys.ts";
import { badRequest } from "../refusal.ts";
import type { ServerClient, ServerContext } from "../server-context.ts";
import { transcriptionRequest } from "../transcription-request.ts";

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
  #config: VoskConfig = voskConfig.parse({});
  #live: LiveTranscription | undefined;
  #pcm = new PcmReader({ encoding: "s16", channels: 1 });
  #events: Promise<void> | undefined;
  /** Told with the next answer. */
  #finals: FinalEvent[] = [];
  #partial = "";
  #separator = " ";

  constructor(socket: ClientSocket, client: ServerClient, context: ServerContext) {
    this.#socket = socket;
    this.#client = client;
    this.#context = context;
  }

  /** Whether the client goes on. @throws Refusal */
  async take(message: ClientMessage): Promise<boolean> {
    if ("bytes" in message) {
      await this.#writeAudio(message.bytes);
      this.#socket.send(this.#answer());
      return true;
    }
    const { config, eof, reset } = readMessage(message.text);
    if (config !== undefined) this.#configure(config);
    if (!eof && !reset) return true;
    await this.#finish();
    this.#socket.send(this.#result(this.#finals.splice(0)));
    return !eof;
  }

  async close(failure?: unknown): Promise<void> {
    await this.#live?.close(failure);
    this.#live = undefined;
    await this.#events?.catch(() => undefined);
  }

  #configure(config: unknown): void {
    const result = voskConfig.safeParse(config);
    if (result.success) this.#config = result.data;
    else
      throw badRequest(`config.${result.error.issues[0].path.join(".")}: ${result.error.issues[0].message}`);
  }

  async #writeAudio(bytes: Buffer): Promise<void> {
    const header = this.#live ? undefined : wavHeader(bytes);
    if (!this.#live) await this.#open(header?.rateHz ?? this.#config.sample_rate);
    if (header) this.#pcm = new PcmReader(header);
    await this.#live!.write(this.#pcm.readMono(header ? bytes.subarray(header.dataAt) : bytes));
  }

  async #open(sampleRateHz: number): Promise<void> {
    const { phrase_list: phrases, grammar, max_alternatives: most, model } = this.#config;
    const nBest = most > 0 ? Math.min(most, this.#context.limits.nBest) : undefined;
    const known = phrases.filter((phrase) => phrase !== "[unk]");
    this.#pcm = new PcmReader({ encoding: "s16", channels: 1 });
    this.#live = await LiveTranscription.open(this.#context, {
      dialect: "vosk",
      client: this.#client,
      model,
      sampleRateHz,
      request: transcriptionRequest({ phrases: known, grammar, nBest }, this.#context.limits),
    });
    this.#separator = this.#live.separator;
    this.#events = this.#read(this.#live);
    this.#events.catch(() => undefined); // whoever writes has the error
  }

  async #read(live: LiveTranscription): Promise<void> {
    for await (const event of live.events()) {
      if (event.type === "partial") this.#partial = event.text;
      if (event.type !== "final") continue;
      this.#partial = "";
      this.#finals.push(event);
    }
  }

  async #finish(): Promise<void> {
    await this.#live?.finish();
    await this.#events;
    await this.close();
  }

  /** To a frame of sound. */
  #answer(): object {
    const finals = this.#finals.splice(0);
    return finals.length > 0 ? this.#result(finals) : { partial: this.#partial };
  }

  #result(finals: readonly FinalEvent[]): object {
    const separator = this.#separator;
    const text = finals
      .map((final) => final.text)
      .filter((part) => part !== "")
      .join(separator);
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

function readMessage(text: string): {
  readonly config?: unknown;
  readonly eof?: unknown;
  readonly reset?: unknown;
} {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // told below
  }
  throw badRequest("A text message is to be an object of JSON.");
}
