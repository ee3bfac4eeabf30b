// Wyoming, the protocol of Home Assistant's voice assistants, over TCP: each utterance is what comes between audio-start and
// audio-stop. Final words go out while somebody speaks, the whole text at the end. There are no keys in it.

import type { Socket } from "node:net";
import { z } from "zod";
import { isRecord } from "../../../settings.ts";
import { LiveTranscription, ONE_UTTERANCE } from "../live/live-transcription.ts";
import { PcmReader, type PcmEncoding } from "../live/pcm.ts";
import { brokenOff } from "../live/socket-endings.ts";
import { badRequest, Refusal } from "../refusal.ts";
import type { ServerClient, ServerContext } from "../server-context.ts";
import { transcriptionRequest } from "../transcription-request.ts";
import { WyomingReader, wyomingFrame, type WyomingEvent } from "./wyoming-frames.ts";

const KILOBYTE = 1_024;

const texts = z.array(z.string()).nullish();
/** What a client asks for before it speaks. */
const transcribeData = z.object({
  name: z.string().nullish(),
  language: z.string().nullish(),
  transcript_names: texts,
  transcript_terms: texts,
  grammar: z.string().nullish(),
});
const audioFormat = z.object({
  rate: z.int().min(1_000).max(768_000),
  width: z.literal([1, 2, 4]),
  channels: z.int().min(1).max(8),
});
const ENCODINGS: Readonly<Record<number, PcmEncoding>> = { 1: "s8", 2: "s16", 4: "s32" };

/** A connection, to its end. */
export async function converseWyoming(
  socket: Socket,
  client: ServerClient,
  context: ServerContext,
): Promise<void> {
  const { limits } = context;
  const reader = new WyomingReader(limits.messageKilobytes * KILOBYTE);
  const conversation = new WyomingConversation(socket, client, context);
  let idle: Refusal | undefined;
  const breakOff = (refusal: Refusal): void => {
    idle ??= refusal;
    conversation.sendRefusal(refusal);
    socket.destroySoon();
  };
  socket.setTimeout(1000 * limits.idleSeconds, () => breakOff(nothingCame(limits.idleSeconds)));
  let leave = (): void => undefined;
  let beganAt = performance.now();
  let failure: unknown;
  try {
    leave = context.admission.admitConversation(() => breakOff(stopped()));
    for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (!reader.isWithin) beganAt = performance.now();
      else if (performance.now() - beganAt > 1000 * limits.idleSeconds) throw tooSlow(limits.idleSeconds);
      for (const event of reader.push(chunk)) await conversation.take(event);
    }
    if (idle) throw idle;
  } catch (error) {
    failure = idle ?? error;
    if (!isGone(failure)) conversation.sendRefusal(brokenOff(failure, client, context));
  } finally {
    leave();
    await conversation.close(failure);
    socket.end();
    socket.setTimeout(2_000, () => socket.destroy());
  }
}

const isGone = (error: unknown): boolean =>
  isRecord(error) && ("errno" in error || error.code === "ERR_STREAM_PREMATURE_CLOSE");

const nothingCame = (seconds: number): Refusal =>
  new Refusal("too_slow", `Nothing came for ${seconds} s.`, { code: "idle_timeout" });

const stopped = (): Refusal => new Refusal("draining", "The server stops.");

const tooSlow = (seconds: number): Refusal =>
  new Refusal("too_slow", `A frame took longer than ${seconds} s.`);

class WyomingConversation {
  readonly #socket: Socket;
  readonly #client: ServerClient;
  readonly #context: ServerContext;
  #asked: z.output<typeof transcribeData> = {};
  #live: LiveTranscription | undefined;
  #pcm: PcmReader | undefined;
  /** The text of the utterance, when it is known. */
  #text: Promise<string> | undefined;
  /** Of the utterance, that which was told as it was spoken. */
  #sentText = "";

  constructor(socket: Socket, client: ServerClient, context: ServerContext) {
    this.#socket = socket;
    this.#client = client;
    this.#context = context;
  }

  /** Unknown events are left alone. @throws Refusal */
  async take({ type, data, payload }: WyomingEvent): Promise<void> {
    if (type === "describe") this.send("info", infoOf(this.#context));
    else if (type === "ping") this.send("pong", typeof data.text === "string" ? { text: data.text } : {});
    else if (type === "transcribe") this.#asked = readData(transcribeData, data);
    else if (type === "audio-start") await this.#begin(data);
    else if (type === "audio-chunk") await this.#writeAudio(data, payload);
    else if (type === "audio-stop") await this.#finish();
  }

  sendRefusal({ message: text, code }: Refusal): void {
    this.send("error", { text, code });
  }

  /** A client that does not read is let go. */
  send(type: string, data: object): void {
    if (this.#socket.destroyed || !this.#socket.writable) return;
    if (this.#socket.writableLength > this.#context.limits.unreadKilobytes * KILOBYTE) {
      this.#context.metrics.refusals.add({ reason: "slow_reader" });
      this.#socket.destroy();
      return;
    }
    this.#socket.write(wyomingFrame(type, data, this.#context.version));
  }

  async close(failure?: unknown): Promise<void> {
    await this.#live?.close(failure);
    this.#live = undefined;
    await this.#text?.catch(() => undefined);
  }

  async #begin(data: object): Promise<void> {
    await this.close(); // an utterance that was not ended
    const { rate, width, channels } = readData(audioFormat, data);
    const { name, transcript_names: names, transcript_terms: terms, grammar } = this.#asked;
    const phrases = [...(names ?? []), ...(terms ?? [])];
    this.#pcm = new PcmReader({ encoding: ENCODINGS[width], channels });
    this.#live = await LiveTranscription.open(this.#context, {
      dialect: "wyoming",
      client: this.#client,
      model: name ?? undefined,
      sampleRateHz: rate,
      endpoints: ONE_UTTERANCE,
      request: transcriptionRequest({ phrases, grammar: grammar ?? undefined }, this.#context.limits),
    });
    this.#text = this.#sendEvent(this.#live);
    this.#text.catch(() => undefined); // whoever waits for it has the error
  }

  async #writeAudio(data: object, payload: Buffer): Promise<void> {
    if (!this.#live) await this.#begin(data);
    await this.#live!.write(this.#pcm!.readMono(payload));
  }

  async #finish(): Promise<void> {
    if (!this.#live) return this.#sendTranscript(""); // nothing was said
    await this.#live.finish();
    const text = await this.#text!;
    await this.close();
    this.#sendTranscript(text);
  }

  #sendTranscript(text: string): void {
    this.send("transcript", { text, language: this.#language });
    if (this.#sentText !== "") this.send("transcript-stop", {});
  }

  get #language(): string {
    return this.#asked.language ?? this.#context.language;
  }

  /** Sends words as they are final. @returns the whole text */
  async #sendEvent(live: LiveTranscription): Promise<string> {
    this.#sentText = "";
    let before = "";
    for await (const event of live.events()) {
      if (event.type === "partial")
        this.#sendFinal(joined(before, event.text.slice(0, event.finalCharacters), live.separator));
      if (event.type === "final") before = joined(before, event.text, live.separator);
    }
    this.#sendFinal(before);
    return before;
  }

  #sendFinal(text: string): void {
    if (text.length <= this.#sentText.length || !text.startsWith(this.#sentText)) return;
    if (this.#sentText === "") this.send("transcript-start", { language: this.#language });
    this.send("transcript-chunk", { text: text.slice(this.#sentText.length) });
    this.#sentText = text;
  }
}

const joined = (before: string, text: string, separator: string): string =>
  [before, text].filter((part) => part !== "").join(separator);

function readData<Schema extends z.ZodType>(schema: Schema, data: object): z.output<Schema> {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  throw badRequest(`${path.join(".")}: ${message}`);
}

function infoOf({ models, language, version }: ServerContext): object {
  const attribution = { name: "Earshot, after Deep Speech", url: "https://arxiv.org/abs/1412.5567" };
  const about = { attribution, installed: true, version };
  return {
    asr: [
      {
        name: "earshot",
        description: "Speech recognition with models of one's own",
        ...about,
        supports_transcript_streaming: true,
        models: models.list().map(({ name }) => {
          return { name, description: name, ...about, languages: language.split(",") };
        }),
      },
    ],
    ...Object.fromEntries(["tts", "handle", "intent", "wake", "mic", "snd"].map((kind) => [kind, []])),
  };
}
