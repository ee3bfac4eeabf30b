// A scratch file in memory, where no other place can be read without waiting.

import type { ScratchFile } from "../scratch-file.ts";

export class MemoryScratchFile implements ScratchFile {
  bytes = 0;
  readonly #parts: { readonly start: number; readonly content: Uint8Array }[] = [];

  append(content: Uint8Array): void {
    if (content.length === 0) return;
    this.#parts.push({ start: this.bytes, content: content.slice() });
    this.bytes += content.length;
  }

  read(position: number, target: Uint8Array): void {
    let part = this.#partAt(position);
    for (let filled = 0; filled < target.length; part++) {
      const { start, content } = this.#parts[part];
      const from = position + filled - start;
      const piece = content.subarray(from, from + target.length - filled);
      target.set(piece, filled);
      filled += piece.length;
    }
  }

  close(): void {
    this.#parts.length = 0;
  }

  /** The last part that begins at or before a position. */
  #partAt(position: number): number {
    let low = 0;
    let high = this.#parts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#parts[middle].start <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
