// A client's WebSocket as dialects read it: one message after the other, which holds the client back while it is worked on;
// silence and half-open connections end it, and so does a client that does not read.

import { WebSocket, type RawData } from "ws";
import { nothingCame, Refusal } from "../refusal.ts";
import { KILOBYTE, type ServerLimits } from "../settings.ts";
import { CLOSE, CLOSE_REASONS } from "./socket-endings.ts";

export type ClientMessage = { readonly text: string } | { readonly bytes: Buffer };

/** What waits to be worked on, in bytes and messages, before the socket is not read any more. */
const MOST_WAITING_BYTES = 256 * KILOBYTE;
const MOST_WAITING_MESSAGES = 64;
const PING_MS = 20_000;
/** Of a close frame, which has room for 123 bytes. */
const LONGEST_REASON = 100; // characters
/** For the client to close its side. */
const CLOSING_MS = 2_000;

/** A WebSocket no close frame of which is without a reason, those of the library for broken frames included. */
export class ReasonedWebSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code, reason?.length ? reason : CLOSE_REASONS[code ?? CLOSE.normal]);
  }
}

export class ClientSocket {
  readonly #socket: WebSocket;
  readonly #limits: ServerLimits;
  readonly #waiting: ClientMessage[] = [];
  #waitingBytes = 0;
  #wake: (() => void) | undefined;
  #isOver = false;
  #failure: Refusal | undefined;
  #isAlive = true;
  readonly #heart: NodeJS.Timeout;

  constructor(socket: WebSocket, limits: ServerLimits, pingMs = PING_MS) {
    this.#socket = socket;
    this.#limits = limits;
    socket.on("message", (data, isBinary) => this.#take(data, isBinary));
    socket.on("pong", () => (this.#isAlive = true));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#end());
    this.#heart = setInterval(() => this.#beat(), pingMs).unref();
  }

  /** Whether anything sent can still arrive. */
  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /**
   * Until the client closes or vanishes.
   * @param idleSeconds without any message, the limit's when not given
   * @throws Refusal too_slow after that, slow_reader for one that does not read
   */
  async *messages(idleSeconds = this.#limits.idleSeconds): AsyncGenerator<ClientMessage, void> {
    for (;;) {
      const message = this.#waiting.shift();
      if (message) {
        this.#waitingBytes -= sizeOf(message);
        if (this.#waitingBytes < MOST_WAITING_BYTES / 2 && this.isOpen) this.#socket.resume();
        yield message;
      }
      if (this.#failure) throw this.#failure;
      if (message) continue;
      if (this.#isOver) return;
      if (!(await this.#next(1000 * idleSeconds))) throw nothingCame(idleSeconds);
    }
  }

  /** Sends an object as JSON. A client that reads too slowly is let go. */
  send(value: object): void {
    if (!this.isOpen) return;
    if (this.#socket.bufferedAmount > this.#limits.unreadKilobytes * KILOBYTE) {
      this.breakOff(new Refusal("slow_reader", "The answers are not being read."));
      this.#socket.terminate();
      return;
    }
    this.#socket.send(JSON.stringify(value));
  }

  /** `messages` throws this, behind the message that is being worked on. */
  breakOff(failure: Refusal): void {
    this.#failure ??= failure;
    this.#wake?.();
  }

  /** @param code of RFC 6455, section 7.4 @param reason that of the code when not given */
  close(code: number, reason?: string): void {
    if (!this.isOpen) return;
    this.#socket.resume(); // or its answer would not be read
    this.#socket.close(code, reason?.slice(0, LONGEST_REASON));
    setTimeout(() => this.#socket.terminate(), CLOSING_MS).unref();
  }

  /** A broken frame has been answered by a close frame, which is still to arrive; a broken connection answers nothing. */
  #fail(error: Error): void {
    const { code = "" } = error as { readonly code?: string };
    if (!code.startsWith("WS_ERR")) return this.#socket.terminate();
    const { messageKilobytes } = this.#limits;
    this.breakOff(
      code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH"
        ? new Refusal("too_large", `A message is longer than ${messageKilobytes} KB.`)
        : new Refusal("bad_request", "A frame is none of WebSocket's.", { code: "invalid_frame" }),
    );
    setTimeout(() => this.#socket.terminate(), CLOSING_MS).unref();
  }

  #take(data: RawData, isBinary: boolean): void {
    if (this.#isOver || this.#socket.readyState === this.#socket.CLOSING) return;
    this.#isAlive = true;
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    const message = isBinary ? { bytes } : { text: bytes.toString("utf8") };
    this.#waiting.push(message);
    this.#waitingBytes += sizeOf(message);
    if (this.#waitingBytes > MOST_WAITING_BYTES || this.#waiting.length > MOST_WAITING_MESSAGES)
      this.#socket.pause();
    this.#wake?.();
  }

  /** Whether anything happened in that time. */
  async #next(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const happened = await new Promise<boolean>((resolve) => {
      this.#wake = () => resolve(true);
      timer = setTimeout(() => resolve(false), ms);
    });
    clearTimeout(timer);
    this.#wake = undefined;
    return happened;
  }

  /** A socket that does not answer is half open: its client has vanished. One that is held back cannot answer. */
  #beat(): void {
    if (this.#socket.isPaused) return;
    if (!this.#isAlive) return this.#socket.terminate();
    this.#isAlive = false;
    this.#socket.ping();
  }

  #end(): void {
    this.#isOver = true;
    clearInterval(this.#heart);
    this.#wake?.();
  }
}

const sizeOf = (message: ClientMessage): number =>
  "text" in message ? message.text.length : message.bytes.length;
