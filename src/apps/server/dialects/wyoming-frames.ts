// Wyoming's frames: a line of JSON, then bytes of JSON that go into its data, then bytes of sound; however they are cut.

import { isRecord } from "../../../settings.ts";
import { readObject } from "../client-input.ts";
import { badRequest, type Refusal } from "../refusal.ts";

export interface WyomingEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly payload: Buffer;
}

const LONGEST_LINE = 65_536; // bytes
const LINE_BREAK = 0x0a;

interface FrameHead {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly dataBytes: number;
  readonly payloadBytes: number;
}

export class WyomingReader {
  readonly #mostBytes: number;
  #chunks: Buffer[] = [];
  #length = 0;
  /** Of the frame whose rest has not come. */
  #head: FrameHead | undefined;

  /** @param mostBytes of data, and of sound, in one frame */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Whether a frame has begun and not ended. */
  get isWithin(): boolean {
    return this.#head !== undefined || this.#length > 0;
  }

  /** The frames that these bytes complete. @throws Refusal bad_request */
  push(chunk: Buffer): WyomingEvent[] {
    const events: WyomingEvent[] = [];
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#isReady()) {
      const bytes = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
      const rest = this.#head ? this.#body(bytes, this.#head, events) : this.#line(bytes);
      this.#chunks = rest.length > 0 ? [rest] : [];
      this.#length = rest.length;
    }
    return events;
  }

  /** Only the last chunk is searched: those before it hold no end. */
  #isReady(): boolean {
    if (this.#head) return this.#length >= this.#head.dataBytes + this.#head.payloadBytes;
    if (this.#chunks.at(-1)?.includes(LINE_BREAK)) return true;
    if (this.#length > LONGEST_LINE) throw badRequest(`A line is longer than ${LONGEST_LINE} bytes.`);
    return false;
  }

  #line(bytes: Buffer): Buffer {
    const end = bytes.indexOf(LINE_BREAK);
    if (end > LONGEST_LINE) throw badRequest(`A line is longer than ${LONGEST_LINE} bytes.`);
    const { type, data, data_length, payload_length } = readObject(
      bytes.toString("utf8", 0, end),
      "An event",
    );
    if (typeof type !== "string") throw badRequest("An event has no type.");
    this.#head = {
      type,
      data: isRecord(data) ? data : {},
      dataBytes: this.#count(data_length),
      payloadBytes: this.#count(payload_length),
    };
    return bytes.subarray(end + 1);
  }

  #body(bytes: Buffer, { type, data, dataBytes, payloadBytes }: FrameHead, events: WyomingEvent[]): Buffer {
    const more =
      dataBytes > 0 ? readObject(bytes.toString("utf8", 0, dataBytes), "The data of an event") : {};
    const end = dataBytes + payloadBytes;
    events.push({ type, data: { ...data, ...more }, payload: bytes.subarray(dataBytes, end) });
    this.#head = undefined;
    return bytes.subarray(end);
  }

  #count(value: unknown): number {
    if (value === undefined || value === null) return 0;
    if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= this.#mostBytes)
      return value;
    throw badRequest(`A length is no whole number up to ${this.#mostBytes}.`);
  }
}

/** A frame without sound. */
export function wyomingFrame(type: string, data: object, version: string): Buffer {
  const body = Buffer.from(JSON.stringify(data));
  const head = JSON.stringify({ type, version, data_length: body.length });
  return Buffer.concat([Buffer.from(`${head}\n`), body]);
}

export const wyomingError = ({ message: text, code }: Refusal, version: string): Buffer =>
  wyomingFrame("error", { text, code }, version);
