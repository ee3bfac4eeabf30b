// A folder in memory, for work that must touch no disk. It lasts as long as something refers to it.

import { bytesOf, joinBytes } from "../bytes.ts";
import { piecesOf, type FileContent, type Folder, type FolderEntry, type FolderLock } from "../folder.ts";

/** Empty; every call makes another one. */
export function memoryFolder(): Folder {
  return new MemoryFolder();
}

interface MemoryFile {
  readonly content: Uint8Array;
  readonly modifiedMs: number;
}

class MemoryFolder implements Folder {
  readonly path = "memory";
  readonly #files = new Map<string, MemoryFile>();
  readonly #held = new Set<string>();

  async read(name: string): Promise<Uint8Array | undefined> {
    return this.#files.get(name)?.content.slice();
  }

  async replace(name: string, content: FileContent): Promise<void> {
    const pieces: Uint8Array[] = [];
    for await (const piece of piecesOf(content)) pieces.push(piece.slice());
    this.#put(name, joinBytes(pieces));
  }

  async append(name: string, content: string | Uint8Array): Promise<void> {
    const before = this.#files.get(name)?.content ?? new Uint8Array();
    this.#put(name, joinBytes([before, bytesOf(content)]));
  }

  async touch(name: string): Promise<void> {
    const file = this.#files.get(name);
    if (file) this.#put(name, file.content);
  }

  async make(): Promise<void> {}

  async list(): Promise<readonly FolderEntry[]> {
    return [...this.#files]
      .map(([name, { content, modifiedMs }]) => ({ name, bytes: content.length, modifiedMs }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  async remove(name: string): Promise<void> {
    this.#files.delete(name);
  }

  async lock(name: string): Promise<FolderLock | { readonly heldBy: string }> {
    if (this.#held.has(name)) return { heldBy: "this program" };
    this.#held.add(name);
    return { release: async () => void this.#held.delete(name) };
  }

  async removeIfEmpty(): Promise<void> {}

  async destroy(): Promise<void> {
    this.#files.clear();
  }

  #put(name: string, content: Uint8Array): void {
    this.#files.set(name, { content, modifiedMs: Date.now() });
  }
}
