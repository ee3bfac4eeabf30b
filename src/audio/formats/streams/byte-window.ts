// Bytes of a file as they come, of which a reader holds as many as it asks for.

import { joinBytes } from "../../../platform/index.ts";

/** Bytes looked at in one go. */
export const WINDOW_BYTES = 1 << 20;

export class ByteWindow {
  readonly windowBytes: number;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);
  #isEnded = false;
  #readBytes = 0;

  constructor(chunks: AsyncIterable<Uint8Array>, windowBytes = WINDOW_BYTES) {
    this.windowBytes = windowBytes;
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  get held(): Uint8Array {
    return this.#held;
  }

  /** Whether nothing comes after what is held. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Bytes that have come so far. */
  get readBytes(): number {
    return this.#readBytes;
  }

  /** Holds a window more than it does. */
  async fillNext(): Promise<void> {
    await this.fill(this.#held.length + this.windowBytes);
  }

  /** Holds at least so many bytes, or all there are. */
  async fill(atLeast: number): Promise<void> {
    const pieces = [this.#held];
    let length = this.#held.length;
    while (length < atLeast && !this.#isEnded) {
      const { value, done } = await this.#chunks.next();
      if (done === true) this.#isEnded = true;
      else {
        pieces.push(value);
        length += value.length;
        this.#readBytes += value.length;
      }
    }
    if (pieces.length > 1) this.#held = joinBytes(pieces);
  }

  /** Lets go of the first bytes held. */
  drop(count: number): void {
    this.#held = this.#held.subarray(count);
  }

  /** Passes over so many bytes, held or not. */
  async skip(count: number): Promise<void> {
    for (let rest = count; rest > 0;) {
      await this.fill(1);
      if (this.#held.length === 0) return;
      const now = Math.min(rest, this.#held.length);
      this.drop(now);
      rest -= now;
    }
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
