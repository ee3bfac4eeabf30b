// A folder inside another one, as a folder of its own. Knows nothing of where the outer one is kept.

import type { FileContent, Folder, FolderEntry, FolderLock, ReplaceOptions } from "./folder.ts";

export function subfolder(outer: Folder, name: string): Folder {
  return new Subfolder(outer, name);
}

class Subfolder implements Folder {
  readonly #outer: Folder;
  readonly #name: string;

  constructor(outer: Folder, name: string) {
    this.#outer = outer;
    this.#name = name;
  }

  get path(): string {
    return `${this.#outer.path}/${this.#name}`;
  }

  get forgets(): true | undefined {
    return this.#outer.forgets;
  }

  read(name: string): Promise<Uint8Array | undefined> {
    return this.#outer.read(this.#of(name));
  }

  replace(name: string, content: FileContent, options?: ReplaceOptions): Promise<void> {
    return this.#outer.replace(this.#of(name), content, options);
  }

  append(name: string, content: string | Uint8Array): Promise<void> {
    return this.#outer.append(this.#of(name), content);
  }

  touch(name: string): Promise<void> {
    return this.#outer.touch(this.#of(name));
  }

  /** Makes only the outer one; the rest is made when a file is written. */
  make(): Promise<void> {
    return this.#outer.make();
  }

  async list(): Promise<readonly FolderEntry[]> {
    const prefix = this.#of("");
    const inside = (await this.#outer.list()).filter(({ name }) => name.startsWith(prefix));
    return inside.map((entry) => ({ ...entry, name: entry.name.slice(prefix.length) }));
  }

  remove(name: string): Promise<void> {
    return this.#outer.remove(this.#of(name));
  }

  lock(name: string): Promise<FolderLock | { readonly heldBy: string }> {
    return this.#outer.lock(this.#of(name));
  }

  /** Left to the outer one. */
  async removeIfEmpty(): Promise<void> {}

  async destroy(): Promise<void> {
    for (const { name } of await this.list()) await this.remove(name);
  }

  #of(name: string): string {
    return `${this.#name}/${name}`;
  }
}
