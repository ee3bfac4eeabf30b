// A folder of which what was read or written last stays in memory too, for small files that are read again and again where each
// reading is slow. For one user at a time: what others write is not noticed.

import type { FileContent, Folder, ReplaceOptions } from "../folder.ts";

/** @param capBytes the sum of what is kept at most; 0 gives the folder as it is */
export function rememberingFolder(folder: Folder, capBytes: number): Folder {
  if (capBytes === 0) return folder;
  const kept = new KeptFiles(capBytes);
  return {
    path: folder.path,
    async read(name) {
      const known = kept.get(name);
      if (known) return known.slice();
      const read = await folder.read(name);
      if (read) kept.put(name, read.slice());
      return read;
    },
    async replace(name: string, content: FileContent, options?: ReplaceOptions) {
      kept.remove(name);
      await folder.replace(name, content, options);
      if (content instanceof Uint8Array) kept.put(name, content.slice());
    },
    append: (name, content) => (kept.remove(name), folder.append(name, content)),
    remove: (name) => (kept.remove(name), folder.remove(name)),
    destroy: () => (kept.clear(), folder.destroy()),
    touch: (name) => folder.touch(name),
    make: () => folder.make(),
    list: () => folder.list(),
    lock: (name) => folder.lock(name),
    removeIfEmpty: () => folder.removeIfEmpty(),
  };
}

class KeptFiles {
  readonly #cap: number;
  /** In the order of their use, oldest first. */
  readonly #files = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(cap: number) {
    this.#cap = cap;
  }

  get(name: string): Uint8Array | undefined {
    const content = this.#files.get(name);
    if (content) {
      this.#files.delete(name);
      this.#files.set(name, content);
    }
    return content;
  }

  put(name: string, content: Uint8Array): void {
    this.remove(name);
    this.#files.set(name, content);
    this.#bytes += content.length;
    for (const oldest of this.#files.keys()) {
      if (this.#bytes <= this.#cap) return;
      this.remove(oldest);
    }
  }

  remove(name: string): void {
    this.#bytes -= this.#files.get(name)?.length ?? 0;
    this.#files.delete(name);
  }

  clear(): void {
    this.#files.clear();
    this.#bytes = 0;
  }
}
