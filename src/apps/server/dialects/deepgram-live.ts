// Deepgram's live transcription (WebSocket /v1/listen): sound in binary frames, what was said as Results. Its official client
// connects again after any close code but 1000.

import { z } from "zod";
import { readFields, readObject } from "../client-input.ts";
import type { ClientMessage, ClientSocket } from "../live/client-socket.ts";
import { PcmReader, wavHeader } from "../live/pcm.ts";
import { brokenOff, CLOSE, closeCodeOf } from "../live/socket-endings.ts";
import type { SocketDialect } from "../live/upgrade.ts";
import { keyOfHeader } from "../operation/keys.ts";
import { badRequest } from "../refusal.ts";
import type { ServerClient, ServerContext } from "../server-context.ts";
import { deepgramError } from "./deepgram-answers.ts";
import { DeepgramChannel } from "./deepgram-channel.ts";
import { DEEPGRAM_ENCODINGS, readDeepgramQuery, type DeepgramFields } from "./deepgram-fields.ts";

/** Neither sound nor KeepAlive: Deepgram's own limit. */
const IDLE_SECONDS = 10;
/** Of a stream without an encoding: by then its header has come. */
const LONGEST_HEADER = 4_096; // bytes

const control = z.object({ type: z.string() });

export const deepgramLive: SocketDialect = {
  name: "deepgram",
  path: "/v1/listen",
  subprotocol: "token", // of browsers, which cannot set a header: "token, KEY"
  keyOf: ({ headers }) =>
    keyOfHeader(headers.authorization) ??
    /^token\s*,\s*(\S{1,500})$/i.exec(headers["sec-websocket-protocol"] ?? "")?.[1],
  refusalBody: deepgramError,
  check(query, context) {
    context.models.lease(readDeepgramQuery(query, context.limits).model).release();
  },
  async converse(socket, query, client, context) {
    const conversation = new DeepgramConversation(
      socket,
      readDeepgramQuery(query, context.limits),
      client,
      context,
    );
    let failure: unknown;
    try {
      const idleSeconds = Math.min(IDLE_SECONDS, context.limits.idleSeconds);
      for await (const message of socket.messages(idleSeconds))
        if (!(await conversation.take(message))) break;
      socket.close(CLOSE.normal);
    } catch (error) {
      failure = error;
      const refusal = brokenOff(error, client, context);
      if (refusal.code === "idle_timeout") return socket.close(CLOSE.failed, `NET-0001 ${refusal.message}`);
      const { message: description, code } = refusal;
      socket.send({
        type: "Error",
        description,
        message: description,
        variant: code,
        request_id: client.requestId,
      });
      socket.close(closeCodeOf(refusal), code);
    } finally {
      await conversation.close(failure);
    }
  },
};

class DeepgramConversation {
  readonly #socket: ClientSocket;
  readonly #fields: DeepgramFields;
  readonly #client: ServerClient;
  readonly #context: ServerContext;
  /** Sound whose format is not known yet. */
  #head = Buffer.alloc(0);
  #pcm: PcmReader | undefined;
  #channels: DeepgramChannel[] = [];

  constructor(socket: ClientSocket, fields: DeepgramFields, client: ServerClient, context: ServerContext) {
    this.#socket = socket;
    this.#fields = fields;
    this.#client = client;
    this.#context = context;
    const { encoding, sample_rate: rateHz, channels } = fields;
    if (encoding !== undefined && rateHz !== undefined)
      this.#begin({ encoding: DEEPGRAM_ENCODINGS[encoding], channels, rateHz });
  }

  /** Whether the client goes on. @throws Refusal */
  async take(message: ClientMessage): Promise<boolean> {
    if ("bytes" in message) {
      await this.#writeAudio(message.bytes);
      return true;
    }
    const { type } = readFields(control, readObject(message.text));
    if (type === "Finalize") await Promise.all(this.#channels.map((channel) => channel.finish(true)));
    if (type !== "CloseStream") return true; // KeepAlive is a sign of life by itself
    await Promise.all(this.#channels.map((channel) => channel.finish(false)));
    this.#socket.send(this.#metadata());
    return false;
  }

  async close(failure?: unknown): Promise<void> {
    await Promise.all(this.#channels.map((channel) => channel.close(failure)));
  }

  #begin({ rateHz, ...format }: PcmReader["format"] & { readonly rateHz: number }): void {
    const count = this.#fields.multichannel ? format.channels : 1;
    this.#pcm = new PcmReader(format);
    this.#channels = Array.from({ length: count }, (_, index) => {
      const channel = { index, count, rateHz };
      return new DeepgramChannel(this.#socket, this.#fields, channel, this.#client, this.#context);
    });
  }

  async #writeAudio(bytes: Buffer): Promise<void> {
    const sound = this.#pcm ? bytes : this.#withoutHeader(bytes);
    if (sound === undefined) return;
    const samples = this.#fields.multichannel ? this.#pcm!.read(sound) : [this.#pcm!.readMono(sound)];
    await Promise.all(this.#channels.map((channel, i) => channel.write(samples[i])));
  }

  /** Sound that says itself what it is; undefined until all of its header has come. */
  #withoutHeader(bytes: Buffer): Buffer | undefined {
    this.#head = Buffer.concat([this.#head, bytes]);
    const header = wavHeader(this.#head);
    if (header) {
      this.#begin(header);
      return this.#head.subarray(header.dataAt);
    }
    if (
      this.#head.length >= LONGEST_HEADER ||
      (this.#head.length >= 4 && !this.#head.toString("latin1").startsWith("RIFF"))
    )
      throw badRequest(
        "Say encoding (linear16, linear32, mulaw, alaw) and sample_rate, or send WAV.",
        "encoding",
      );
    return undefined;
  }

  #metadata(): object {
    return {
      type: "Metadata",
      transaction_key: "deprecated",
      request_id: this.#client.requestId,
      sha256: "",
      created: new Date().toISOString(),
      duration: Math.max(0, ...this.#channels.map(({ seconds }) => seconds)),
      channels: Math.max(1, this.#channels.length),
    };
  }
}
