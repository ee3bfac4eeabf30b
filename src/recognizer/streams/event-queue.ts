// Events that wait to be read. A partial text that nobody has read is replaced by the next one, so what waits is bounded by
// those who write, who wait for `room`. One reader.

import type { StreamEvent } from "./events.ts";

export class EventQueue {
  #most: number;
  readonly #events: StreamEvent[] = [];
  #end: { readonly error?: unknown } | undefined;
  #wakeReader: (() => void) | undefined;
  #wakeWriters: (() => void)[] = [];

  /** @param most events beyond which writers wait */
  constructor(most: number) {
    this.#most = most;
  }

  get isFull(): boolean {
    return this.#events.length >= this.#most;
  }

  put(event: StreamEvent): void {
    if (this.#end) return;
    if (event.type === "partial" && this.#events.at(-1)?.type === "partial") this.#events.pop();
    this.#events.push(event);
    this.#wakeReader?.();
  }

  /** Until fewer events wait, or the queue has ended. */
  async room(): Promise<void> {
    while (this.isFull && !this.#end) await new Promise<void>((resolve) => this.#wakeWriters.push(resolve));
  }

  /** Nobody waits for room any more: little is still to come. */
  unbind(): void {
    this.#most = Infinity;
    this.#wakeAll();
  }

  /** Nothing will come: the reader gets what waits, and then the end or the error. */
  end(error?: unknown): void {
    this.#end ??= error === undefined ? {} : { error };
    this.#wake();
  }

  /** Those who wait, and what they wait for, are let go. */
  discard(): void {
    this.#events.length = 0;
    this.#wake();
  }

  /** @throws the error that the queue ended with */
  async next(): Promise<IteratorResult<StreamEvent, undefined>> {
    while (this.#events.length === 0 && !this.#end)
      await new Promise<void>((resolve) => (this.#wakeReader = resolve));
    const value = this.#events.shift();
    if (value !== undefined) {
      if (!this.isFull) this.#wakeAll();
      return { value, done: false };
    }
    if (this.#end !== undefined && "error" in this.#end) throw this.#end.error;
    return { value: undefined, done: true };
  }

  #wake(): void {
    this.#wakeReader?.();
    this.#wakeAll();
  }

  #wakeAll(): void {
    const waiting = this.#wakeWriters;
    this.#wakeWriters = [];
    for (const wake of waiting) wake();
  }
}
