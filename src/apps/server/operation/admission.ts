// Who is let in: how many streams, files and bytes there are at once, and whether anybody new is.

import { serverStops, tooMany } from "../refusal.ts";
import { ANYBODY } from "./keys.ts";
import { MEGABYTE, type ServerLimits } from "../settings.ts";

export class Admission {
  readonly #limits: ServerLimits;
  readonly #streamsOf = new Map<string, number>();
  #streams = 0;
  /** How to end each conversation over a socket, and each file. */
  readonly #conversations = new Set<() => void>();
  readonly #files = new Set<() => void>();
  #bytes = 0;
  #isDraining = false;
  #whenIdle: (() => void)[] = [];

  constructor(limits: ServerLimits) {
    this.#limits = limits;
  }

  get streams(): number {
    return this.#streams;
  }

  get files(): number {
    return this.#files.size;
  }

  get conversations(): number {
    return this.#conversations.size;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** A conversation over a socket, which may go on while the server drains. @returns what is to be called when it has ended */
  admitConversation(end: () => void): () => void {
    this.checkOpen();
    this.#conversations.add(end);
    return () => {
      this.#conversations.delete(end);
      this.#left();
    };
  }

  /** All conversations and files that there still are. */
  endAll(): void {
    for (const end of [...this.#conversations, ...this.#files]) end();
  }

  /** A stream of a conversation. @returns what is to be called once when the stream has ended @throws Refusal too_many */
  admitStream(key: string): () => void {
    const own = this.#streamsOf.get(key) ?? 0;
    const { streams, streamsPerKey } = this.#limits;
    if (this.#streams >= streams) throw tooMany(`${streams} streams are open already`, 503);
    if (own >= streamsPerKey) throw tooMany(`${ownersOf(key)} ${streamsPerKey} streams open already`);
    this.#streams++;
    this.#streamsOf.set(key, own + 1);
    return () => {
      this.#streams--;
      const left = this.#streamsOf.get(key)! - 1;
      if (left > 0) this.#streamsOf.set(key, left);
      else this.#streamsOf.delete(key);
      this.#left();
    };
  }

  /** As `admitConversation`, of a file that is to be transcribed. @throws Refusal too_many, draining */
  admitFile(end: () => void): () => void {
    this.checkOpen();
    if (this.files >= this.#limits.files) throw tooMany("Too many files are waiting already");
    this.#files.add(end);
    return () => {
      this.#files.delete(end);
      this.#left();
    };
  }

  /** As `admitStream`, of bytes of a body that are held. */
  admitBytes(count: number): () => void {
    if (this.#bytes + count > this.#limits.uploadsMegabytes * MEGABYTE)
      throw tooMany("Too much is being uploaded already", 503);
    this.#bytes += count;
    return () => void (this.#bytes -= count);
  }

  /** @throws Refusal draining */
  checkOpen(): void {
    if (this.#isDraining) throw serverStops();
  }

  /** Nobody new from now on. @returns when nobody is left */
  async drain(): Promise<void> {
    this.#isDraining = true;
    if (!this.#isIdle) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  get #isIdle(): boolean {
    return this.#streams + this.files + this.conversations === 0;
  }

  #left(): void {
    if (!this.#isIdle) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}

/** Those without a key share the limit of one. */
const ownersOf = (key: string): string => (key === ANYBODY ? "Clients without a key have" : "This key has");
