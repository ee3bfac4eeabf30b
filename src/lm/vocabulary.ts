// Tokens and their numbers. Spellings stay UTF-8 bytes in one buffer with a hash table over them, since making a string
// of every word of a text, or of a large model, would cost most of the time of reading it.

/** The numbers that every vocabulary begins with, as in KenLM: <unk>, <s>, </s>. */
export const UNKNOWN = 0;
export const SENTENCE_START = 1;
export const SENTENCE_END = 2;
export const SPECIAL_TOKENS: readonly string[] = ["<unk>", "<s>", "</s>"];
/** How a character model spells the space, which separates tokens in ARPA. */
export const SPELLED_SPACE = "<space>";

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export class Vocabulary {
  /** Spellings one after the other; token `id` is at [offsets[id], offsets[id + 1]). */
  #bytes = new Uint8Array(4096);
  #offsets = new Uint32Array(1024);
  #hashes = new Uint32Array(1024);
  /** Open addressing, a power of two long: a token's number + 1, or 0 where the slot is free. */
  #slots = new Int32Array(2048);
  #size = 0;
  readonly #encoder = new TextEncoder();
  /** Where a token to be found is spelled; decoders ask millions of times. */
  #scratch = new Uint8Array(256);

  constructor() {
    for (const token of SPECIAL_TOKENS) this.addText(token);
  }

  /** How many tokens there are, the three special ones included. */
  get size(): number {
    return this.#size;
  }

  addText(token: string): number {
    const bytes = this.#encoder.encode(token);
    return this.add(bytes, 0, bytes.length);
  }

  /** The number of a token, or −1. */
  findText(token: string): number {
    if (token.length * 3 > this.#scratch.length) this.#scratch = new Uint8Array(token.length * 3);
    const { written } = this.#encoder.encodeInto(token, this.#scratch);
    return this.find(this.#scratch, 0, written);
  }

  /** The number of the token that is spelled by bytes [start, end), which it gets now if it has none. */
  add(source: Uint8Array, start: number, end: number): number {
    const hash = hashOf(source, start, end);
    const slot = this.#slotOf(hash, source, start, end);
    if (this.#slots[slot] > 0) return this.#slots[slot] - 1;
    this.#append(hash, source, start, end);
    this.#slots[slot] = this.#size;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    return this.#size - 1;
  }

  /** The number of the token that is spelled by bytes [start, end), or −1. */
  find(source: Uint8Array, start: number, end: number): number {
    return this.#slots[this.#slotOf(hashOf(source, start, end), source, start, end)] - 1;
  }

  /** How a token is spelled. */
  text(id: number): string {
    return new TextDecoder().decode(this.spelling(id));
  }

  /** The UTF-8 bytes of a token. */
  spelling(id: number): Uint8Array {
    return this.#bytes.subarray(this.#offsets[id], this.#offsets[id + 1]);
  }

  /** How many bytes a token is spelled with. */
  spelledLength(id: number): number {
    return this.#offsets[id + 1] - this.#offsets[id];
  }

  /** Writes the bytes of a token at `at`; gives back their end. */
  copySpelling(id: number, target: Uint8Array, at: number): number {
    const bytes = this.#bytes;
    const end = this.#offsets[id + 1];
    let to = at;
    for (let from = this.#offsets[id]; from < end; from++) target[to++] = bytes[from];
    return to;
  }

  /** Every token by its number. */
  texts(): string[] {
    const decoder = new TextDecoder();
    return Array.from({ length: this.#size }, (_, id) => decoder.decode(this.spelling(id)));
  }

  #slotOf(hash: number, source: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let id = this.#slots[slot] - 1; id >= 0; id = this.#slots[slot] - 1) {
      if (this.#hashes[id] === hash && this.#isSpelled(id, source, start, end)) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #isSpelled(id: number, source: Uint8Array, start: number, end: number): boolean {
    const from = this.#offsets[id];
    if (this.#offsets[id + 1] - from !== end - start) return false;
    for (let i = start, j = from; i < end; i++, j++) if (source[i] !== this.#bytes[j]) return false;
    return true;
  }

  #append(hash: number, source: Uint8Array, start: number, end: number): void {
    const at = this.#offsets[this.#size];
    const length = end - start;
    while (at + length > this.#bytes.length) this.#bytes = grown(this.#bytes, Uint8Array);
    if (this.#size + 2 > this.#offsets.length) {
      this.#offsets = grown(this.#offsets, Uint32Array);
      this.#hashes = grown(this.#hashes, Uint32Array);
    }
    for (let i = 0; i < length; i++) this.#bytes[at + i] = source[start + i];
    this.#hashes[this.#size++] = hash;
    this.#offsets[this.#size] = at + length;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    for (let id = 0; id < this.#size; id++) {
      let slot = this.#hashes[id] & (slots.length - 1);
      while (slots[slot] > 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }
}

/** FNV-1a, mixed once more since its low bits alone choose the slot. */
function hashOf(source: Uint8Array, start: number, end: number): number {
  let hash = FNV_OFFSET;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ source[i], FNV_PRIME);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** A copy twice as long. */
export function grown<Numbers extends Uint8Array | Uint32Array | Float32Array>(
  numbers: Numbers,
  type: new (length: number) => Numbers,
): Numbers {
  const larger = new type(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
