// OpenAI's Realtime interface for transcription (WebSocket /v1/realtime): sound in base64, and for each utterance an item with
// its deltas and its whole text. A mistake of a client is answered and the session goes on.

import type { StreamEvent } from "../../../recognizer/index.ts";
import { readObject } from "../client-input.ts";
import type { ClientMessage, ClientSocket } from "../live/client-socket.ts";
import { LiveSpeech } from "../live/live-speech.ts";
import type { LiveOptions } from "../live/live-transcription.ts";
import { PcmReader } from "../live/pcm.ts";
import { brokenOff, CLOSE, closeCodeOf } from "../live/socket-endings.ts";
import type { SocketDialect } from "../live/upgrade.ts";
import { keyOfHeader } from "../operation/keys.ts";
import { badRequest, Refusal, refusalOf } from "../refusal.ts";
import type { ServerClient, ServerContext } from "../server-context.ts";
import { openAiError } from "./openai-errors.ts";
import { changedSession, NEW_SESSION, realtimeStream, sessionObject } from "./realtime-session.ts";

export const openAiRealtime: SocketDialect = {
  name: "realtime",
  path: "/v1/realtime",
  subprotocol: "realtime", // of browsers, which cannot set a header
  keyOf: ({ headers }) =>
    keyOfHeader(headers.authorization) ??
    /openai-insecure-api-key\.([^\s,]{1,500})/.exec(headers["sec-websocket-protocol"] ?? "")?.[1],
  refusalBody: (refusal) => ({ error: openAiError(refusal) }),
  check: (query, { models }) => models.lease(query.get("model") ?? undefined).release(),
  async converse(socket, query, client, context) {
    const conversation = new RealtimeConversation(socket, query.get("model") ?? undefined, client, context);
    let failure: unknown;
    try {
      conversation.greet();
      for await (const message of socket.messages()) await conversation.take(message);
    } catch (error) {
      failure = error;
      const refusal = brokenOff(error, client, context);
      conversation.sendError(refusal);
      socket.close(refusal.code === "idle_timeout" ? CLOSE.normal : closeCodeOf(refusal), refusal.code);
    } finally {
      await conversation.close(failure);
    }
  },
};

/** An utterance, as the client knows it. */
interface Item {
  readonly id: string;
  sent: string;
}

class RealtimeConversation {
  readonly #socket: ClientSocket;
  readonly #client: ServerClient;
  readonly #context: ServerContext;
  readonly #sessionId: string;
  /** Of the address. */
  readonly #model: string | undefined;
  #session = NEW_SESSION;
  readonly #speech: LiveSpeech;
  #pcm = new PcmReader({ encoding: "s16", channels: 1 });
  #item: Item | undefined;
  /** Whether the stream has given a text. */
  #hasText = false;
  #lastItem: string | null = null;

  constructor(socket: ClientSocket, model: string | undefined, client: ServerClient, context: ServerContext) {
    this.#socket = socket;
    this.#model = model;
    this.#client = client;
    this.#context = context;
    this.#sessionId = context.newId("sess");
    this.#speech = new LiveSpeech(
      context,
      () => this.#options(),
      (event) => this.#sendEvent(event),
    );
  }

  greet(): void {
    this.#send("session.created", { session: sessionObject(this.#sessionId, this.#session) });
  }

  /** @throws Refusal that ends the session */
  async take(message: ClientMessage): Promise<void> {
    let event: Record<string, unknown> = {};
    try {
      event = readObject("text" in message ? message.text : "", "A message");
      await this.#handle(event);
    } catch (error) {
      const refusal = refusalOf(error);
      if (!["bad_request", "not_found"].includes(refusal.reason)) throw error;
      this.#context.metrics.refusals.add({ reason: refusal.reason });
      this.sendError(refusal, typeof event.event_id === "string" ? event.event_id.slice(0, 100) : null);
    }
  }

  sendError(refusal: Refusal, eventId: string | null = null): void {
    this.#send("error", { error: { ...openAiError(refusal), event_id: eventId } });
  }

  close(failure?: unknown): Promise<void> {
    return this.#speech.close(failure);
  }

  async #handle(event: Record<string, unknown>): Promise<void> {
    switch (event.type) {
      case "session.update":
      case "transcription_session.update":
        return this.#update(event);
      case "input_audio_buffer.append":
        return this.#append(event.audio);
      case "input_audio_buffer.commit":
        return this.#commit();
      case "input_audio_buffer.clear":
        return this.#clear();
      default:
        throw badRequest("There is no event of this type.", "type");
    }
  }

  async #update(event: Record<string, unknown>): Promise<void> {
    const session = changedSession(this.#session, event);
    realtimeStream(session, this.#context.limits); // throws if something is wrong with it
    this.#context.models.lease(session.transcription.model ?? this.#model).release();
    if (this.#speech.isOpen) await this.#finish();
    this.#session = session;
    const type = event.type === "session.update" ? "session.updated" : "transcription_session.updated";
    this.#send(type, { session: sessionObject(this.#sessionId, session) });
  }

  async #append(audio: unknown): Promise<void> {
    if (typeof audio !== "string" || !/^[\w+/=-]*$/.test(audio))
      throw badRequest("audio is to be base64.", "audio");
    if (!this.#speech.isOpen) {
      const { encoding } = realtimeStream(this.#session, this.#context.limits);
      this.#pcm = new PcmReader({ encoding, channels: 1 });
    }
    await this.#speech.write(this.#pcm.readMono(Buffer.from(audio, "base64")));
  }

  async #commit(): Promise<void> {
    if (this.#speech.utteranceSeconds === 0)
      throw new Refusal("bad_request", "No sound came since the last commit.", {
        code: "input_audio_buffer_commit_empty",
      });
    await this.#finish();
  }

  async #clear(): Promise<void> {
    await this.#speech.close();
    this.#item = undefined;
    this.#send("input_audio_buffer.cleared", {});
  }

  async #finish(): Promise<void> {
    const seconds = this.#speech.utteranceSeconds;
    await this.#speech.finish();
    if (!this.#hasText) this.#sendEmpty(seconds);
  }

  /** A commit is answered, whether anything was said or not. */
  #sendEmpty(seconds: number): void {
    const item = { id: this.#context.newId("item"), sent: "" };
    this.#committed(item);
    this.#completed(item, "", seconds);
  }

  /** Of a stream that begins. */
  #options(): LiveOptions {
    const { encoding: _, ...options } = realtimeStream(this.#session, this.#context.limits);
    const model = this.#session.transcription.model ?? this.#model;
    this.#hasText = false;
    return { dialect: "realtime", client: this.#client, model, ...options };
  }

  #sendEvent(event: StreamEvent): void {
    const turns = this.#session.turnDetection !== null;
    if (event.type === "speech-start") {
      this.#item = { id: this.#context.newId("item"), sent: "" };
      const start = {
        audio_start_ms: Math.round(this.#speech.earlierMs + event.timeMs),
        item_id: this.#item.id,
      };
      if (turns) this.#send("input_audio_buffer.speech_started", start);
    }
    if (!this.#item) return; // of sound that was cleared
    if (event.type === "partial") this.#delta(this.#item, event.text.slice(0, event.finalCharacters));
    if (event.type === "speech-end") {
      const end = { audio_end_ms: Math.round(this.#speech.earlierMs + event.timeMs), item_id: this.#item.id };
      if (turns) this.#send("input_audio_buffer.speech_stopped", end);
      this.#committed(this.#item);
    }
    if (event.type !== "final") return;
    this.#delta(this.#item, event.text);
    this.#completed(this.#item, event.text, event.seconds);
  }

  #completed({ id }: Item, transcript: string, seconds: number): void {
    this.#hasText = true;
    const usage = { type: "duration", seconds };
    const type = "conversation.item.input_audio_transcription.completed";
    this.#send(type, { item_id: id, content_index: 0, transcript, usage });
  }

  #committed({ id }: Item): void {
    this.#send("input_audio_buffer.committed", { item_id: id, previous_item_id: this.#lastItem });
    const content = [{ type: "input_audio", transcript: null }];
    const item = { id, object: "realtime.item", type: "message", status: "completed", role: "user", content };
    this.#send("conversation.item.created", { previous_item_id: this.#lastItem, item });
    this.#lastItem = id;
  }

  /** What of a text, which no longer changes, was not sent yet. */
  #delta(item: Item, text: string): void {
    if (text.length <= item.sent.length || !text.startsWith(item.sent)) return;
    const delta = text.slice(item.sent.length);
    item.sent = text;
    const place = { item_id: item.id, content_index: 0 };
    this.#send("conversation.item.input_audio_transcription.delta", { ...place, delta });
  }

  #send(type: string, fields: object): void {
    this.#socket.send({ type, event_id: this.#context.newId("event"), ...fields });
  }
}
