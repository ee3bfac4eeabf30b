// Wyoming, the protocol of Home Assistant's voice assistants, over TCP: each utterance is what comes between audio-start and
// audio-stop. Final words go out while somebody speaks, the whole text at the end. There are no keys in it.

import type { Socket } from "node:net";
import { z } from "zod";
import { isRecord } from "../../../settings.ts";
import type { StreamEvent } from "../../../recognizer/index.ts";
import { readFields } from "../client-input.ts";
import { joinTexts, LiveSpeech } from "../live/live-speech.ts";
import { ONE_UTTERANCE, type LiveOptions, type LiveTranscription } from "../live/live-transcription.ts";
import { PcmReader, type PcmEncoding } from "../live/pcm.ts";
import { brokenOff } from "../live/socket-endings.ts";
import { nothingCame, Refusal, serverStops } from "../refusal.ts";
import { languageOf, type ServerClient, type ServerContext } from "../server-context.ts";
import { KILOBYTE } from "../settings.ts";
import { transcriptionRequest } from "../transcription-request.ts";
import { WyomingReader, wyomingError, wyomingFrame, type WyomingEvent } from "./wyoming-frames.ts";

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
  const stop = new AbortController();
  let leave = (): void => undefined;
  let failure: unknown;
  try {
    leave = context.admission.admitConversation(() => stop.abort(serverStops()));
    for await (const chunk of chunksInTime(socket, reader, limits.idleSeconds, stop.signal))
      for (const event of reader.push(chunk)) await conversation.take(event);
  } catch (error) {
    failure = error;
    if (!isGone(error)) conversation.sendRefusal(brokenOff(error, client, context));
  } finally {
    leave();
    await conversation.close(failure);
    socket.end();
    socket.resume(); // or its client's end would not be read
    socket.setTimeout(2_000, () => socket.destroy());
  }
}

/**
 * What the client sends. The time in which it is waited for counts, not that in which what came is worked on.
 * @throws Refusal too_slow where nothing comes, or a frame comes in drops; the signal's reason
 */
async function* chunksInTime(
  socket: Socket,
  reader: WyomingReader,
  idleSeconds: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void> {
  const chunks = (socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)[
    Symbol.asyncIterator
  ]();
  for (let waitedMs = 0; ;) {
    const asked = performance.now();
    const next = await withinTime(chunks.next(), idleSeconds, signal);
    waitedMs = reader.isWithin ? waitedMs + performance.now() - asked : 0;
    if (waitedMs > 1000 * idleSeconds) throw tooSlow(idleSeconds);
    if (next.done) return;
    yield next.value;
  }
}

/** @throws Refusal too_slow, the signal's reason */
async function withinTime<Value>(
  value: Promise<Value>,
  seconds: number,
  signal: AbortSignal,
): Promise<Value> {
  signal.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  let stop = (): void => undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(nothingCame(seconds)), 1000 * seconds);
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([value, over]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

const isGone = (error: unknown): boolean =>
  isRecord(error) && ("errno" in error || error.code === "ERR_STREAM_PREMATURE_CLOSE");

const tooSlow = (seconds: number): Refusal =>
  new Refusal("too_slow", `A frame took longer than ${seconds} s.`);

class WyomingConversation {
  readonly #socket: Socket;
  readonly #client: ServerClient;
  readonly #context: ServerContext;
  readonly #speech: LiveSpeech;
  #asked: z.output<typeof transcribeData> = {};
  /** Of the utterance. */
  #format: z.output<typeof audioFormat> | undefined;
  #pcm: PcmReader | undefined;
  /** Of the utterance, its text so far. */
  #text = "";
  /** Of that, what was sent as it was spoken. */
  #sentText = "";

  constructor(socket: Socket, client: ServerClient, context: ServerContext) {
    this.#socket = socket;
    this.#client = client;
    this.#context = context;
    this.#speech = new LiveSpeech(
      context,
      () => this.#options(),
      (event, live) => this.#sendEvent(event, live),
    );
  }

  /** Unknown events are left alone. @throws Refusal */
  async take({ type, data, payload }: WyomingEvent): Promise<void> {
    if (type === "describe") this.send("info", infoOf(this.#context));
    else if (type === "ping") this.send("pong", typeof data.text === "string" ? { text: data.text } : {});
    else if (type === "transcribe") this.#asked = readFields(transcribeData, data);
    else if (type === "audio-start") await this.#begin(data);
    else if (type === "audio-chunk") await this.#writeAudio(data, payload);
    else if (type === "audio-stop") await this.#finish();
  }

  sendRefusal(refusal: Refusal): void {
    this.#write(wyomingError(refusal, this.#context.version));
  }

  send(type: string, data: object): void {
    this.#write(wyomingFrame(type, data, this.#context.version));
  }

  /** A client that does not read is let go. */
  #write(frame: Buffer): void {
    if (this.#socket.destroyed || !this.#socket.writable) return;
    if (this.#socket.writableLength > this.#context.limits.unreadKilobytes * KILOBYTE) {
      this.#context.metrics.refusals.add({ reason: "slow_reader" });
      this.#socket.destroy();
      return;
    }
    this.#socket.write(frame);
  }

  close(failure?: unknown): Promise<void> {
    return this.#speech.close(failure);
  }

  async #begin(data: object): Promise<void> {
    await this.close(); // an utterance that was not ended
    this.#format = readFields(audioFormat, data);
    const { width, channels } = this.#format;
    this.#pcm = new PcmReader({ encoding: ENCODINGS[width], channels });
    [this.#text, this.#sentText] = ["", ""];
    await this.#speech.open();
  }

  async #writeAudio(data: object, payload: Buffer): Promise<void> {
    if (!this.#pcm) await this.#begin(data);
    await this.#speech.write(this.#pcm!.readMono(payload));
  }

  async #finish(): Promise<void> {
    await this.#speech.finish();
    this.#pcm = undefined;
    this.#sendFinal(this.#text);
    this.#sendTranscript(this.#text);
    [this.#text, this.#sentText] = ["", ""];
  }

  #options(): LiveOptions {
    const { name, transcript_names: names, transcript_terms: terms, grammar } = this.#asked;
    const phrases = [...(names ?? []), ...(terms ?? [])];
    return {
      dialect: "wyoming",
      client: this.#client,
      model: name ?? undefined,
      sampleRateHz: this.#format!.rate,
      endpoints: ONE_UTTERANCE,
      request: transcriptionRequest(
        { phrases, grammar: grammar ?? undefined, leavesOut: true },
        this.#context.limits,
      ),
    };
  }

  #sendTranscript(text: string): void {
    this.send("transcript", { text, language: languageOf(this.#context, this.#asked.language) });
    if (this.#sentText !== "") this.send("transcript-stop", {});
  }

  /** Words go out as soon as they are final. */
  #sendEvent(event: StreamEvent, { separator }: LiveTranscription): void {
    if (event.type === "partial")
      this.#sendFinal(joinTexts([this.#text, event.text.slice(0, event.finalCharacters)], separator));
    if (event.type === "final") this.#text = joinTexts([this.#text, event.text], separator);
  }

  #sendFinal(text: string): void {
    if (text.length <= this.#sentText.length || !text.startsWith(this.#sentText)) return;
    if (this.#sentText === "")
      this.send("transcript-start", { language: languageOf(this.#context, this.#asked.language) });
    this.send("transcript-chunk", { text: text.slice(this.#sentText.length) });
    this.#sentText = text;
  }
}

function infoOf({ models, languages, version }: ServerContext): object {
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
          return { name, description: name, ...about, languages };
        }),
      },
    ],
    ...Object.fromEntries(["tts", "handle", "intent", "wake", "mic", "snd"].map((kind) => [kind, []])),
  };
}
