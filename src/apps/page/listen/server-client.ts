// The server behind the page, by two of its dialects: OpenAI's for files, Deepgram's for the microphone.

import type { Transcription, SaidWord } from "../earshot.ts";
import { PageFailure, reached } from "../page-failure.ts";
import { hotWordsOf, type Expectations } from "./take.ts";

export interface ServerChoice {
  readonly model: string;
  /** "" where none is needed. */
  readonly key: string;
}

interface VerboseJson {
  readonly text: string;
  readonly duration: number;
  readonly words?: readonly { word: string; start: number; end: number; confidence?: number }[];
  readonly alternatives?: readonly { text: string; score: number }[];
}

/** As the server takes them: with their weights. */
const phrasesOf = (hotWords: string): string[] =>
  Object.entries(hotWordsOf(hotWords)).map(([phrase, weight]) => `${phrase}:${weight}`);

/** @throws PageFailure with what the server says, or that it cannot be reached */
export async function transcribeOnServer(
  wav: Uint8Array,
  { model, key }: ServerChoice,
  { hotWords, grammar }: Expectations,
  signal: AbortSignal,
): Promise<Transcription> {
  const form = new FormData();
  form.set("file", new Blob([wav as BlobPart], { type: "audio/wav" }), "recording.wav");
  form.set("model", model);
  form.set("response_format", "verbose_json");
  form.set("n_best", "5");
  form.append("timestamp_granularities[]", "word");
  for (const phrase of phrasesOf(hotWords)) form.append("keywords[]", phrase);
  if (grammar.trim() !== "") form.set("grammar", grammar);
  const headers: Record<string, string> = key === "" ? {} : { authorization: `Bearer ${key}` };
  const request = { method: "POST", body: form, headers, signal };
  const answer = await reached(fetch("./v1/audio/transcriptions", request));
  const body = (await answer.json().catch(() => undefined)) as
    (VerboseJson & { error?: { message: string } }) | undefined; // a proxy answers with a page of its own
  if (body?.error) throw new PageFailure("serverSays", { said: body.error.message });
  if (!answer.ok || !body) throw new PageFailure("serverAnswers", { status: answer.status });
  return transcriptionOfServer(body);
}

export function transcriptionOfServer({
  text,
  duration,
  words = [],
  alternatives,
}: VerboseJson): Transcription {
  const placed: SaidWord[] = words.map(({ word, start, end, confidence = 1 }) => {
    return { text: word, startMs: Math.round(1000 * start), endMs: Math.round(1000 * end), confidence };
  });
  const others = alternatives?.map((other, i) => ({ ...other, words: i === 0 ? placed : [] }));
  return {
    text,
    words: placed,
    alternatives: others ?? [{ text, words: placed, score: 0 }],
    warnings: [],
    seconds: duration,
  };
}

interface DeepgramResult {
  readonly type: string;
  readonly is_final?: boolean;
  readonly description?: string;
  readonly channel?: { readonly alternatives: readonly { readonly transcript: string }[] };
}

/** Sound in, texts out, until it is finished. */
export class ServerStream {
  readonly #socket: WebSocket;
  readonly #waiting: Int16Array[] = [];
  readonly #closed: Promise<void>;

  constructor(
    sampleRateHz: number,
    { model, key }: ServerChoice,
    { hotWords, grammar }: Expectations,
    {
      onText,
      onEnd,
    }: { readonly onText: (text: string, isFinal: boolean) => void; readonly onEnd: () => void },
  ) {
    const url = new URL("./v1/listen", document.baseURI);
    url.protocol = url.protocol.replace("http", "ws");
    const query = { model, encoding: "linear16", sample_rate: String(sampleRateHz), interim_results: "true" };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    for (const phrase of phrasesOf(hotWords)) url.searchParams.append("keywords", phrase);
    if (grammar.trim() !== "") url.searchParams.set("grammar", grammar);
    this.#socket = key === "" ? new WebSocket(url) : new WebSocket(url, ["token", key]);
    this.#socket.addEventListener("open", () => {
      for (const pcm of this.#waiting.splice(0)) this.#socket.send(pcm as BufferSource);
    });
    this.#closed = this.#read(onText);
    this.#closed.then(onEnd, onEnd); // `finish` tells why
  }

  write(samples: Float32Array): void {
    const pcm = Int16Array.from(samples, (x) => Math.max(-32768, Math.min(32767, Math.round(32768 * x))));
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(pcm);
    else if (this.#socket.readyState === WebSocket.CONNECTING) this.#waiting.push(pcm);
  }

  /** Resolves behind the last text. @throws PageFailure with what the server says */
  async finish(): Promise<void> {
    const end = (): void => this.#socket.send(JSON.stringify({ type: "CloseStream" }));
    if (this.#socket.readyState === WebSocket.OPEN) end();
    else this.#socket.addEventListener("open", end);
    await this.#closed;
  }

  #read(onText: (text: string, isFinal: boolean) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      let failure: string | undefined;
      this.#socket.addEventListener("message", ({ data }: MessageEvent<string>) => {
        const { type, is_final: isFinal = false, channel, description } = JSON.parse(data) as DeepgramResult;
        if (type === "Error") failure = description;
        if (type === "Results") onText(channel?.alternatives[0]?.transcript ?? "", isFinal);
      });
      this.#socket.addEventListener("close", ({ code }) => {
        if (code === 1000) resolve();
        else
          reject(
            failure === undefined
              ? new PageFailure("serverEnded")
              : new PageFailure("serverSays", { said: failure }),
          );
      });
    });
  }
}
