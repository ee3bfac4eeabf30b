// Stands in for a browser's private file system (WHATWG File System) and its locks (W3C Web Locks), as the standards have
// them: faults by name, writers whose bytes are seen when they close, names held while work lasts. All in memory.

interface StoredDirectory {
  readonly kind: "directory";
  readonly entries: Map<string, StoredDirectory | StoredBytes>;
}
interface StoredBytes {
  readonly kind: "file";
  content: Uint8Array;
  modifiedMs: number;
}

export interface OriginStorageOptions {
  /** Whether its files have `move`, which is not in the standard yet. */
  readonly canMove: boolean;
  /** Is told each call that changes something, before it does; what it throws is the call's fault. */
  readonly onStep?: (call: string) => void;
}

const fault = (name: string): DOMException => new DOMException(`made up: ${name}`, name);

/** As `navigator`. */
export function originStorage(options: OriginStorageOptions) {
  const root: StoredDirectory = { kind: "directory", entries: new Map() };
  const held = new Set<string>();
  const waiting: { readonly name: string; readonly start: () => void }[] = [];
  const request = async (
    name: string,
    { ifAvailable = false }: { ifAvailable?: boolean },
    work: (lock: object | null) => Promise<unknown>,
  ): Promise<unknown> => {
    await Promise.resolve(); // its callback never runs at once
    if (held.has(name) && ifAvailable) return work(null);
    if (held.has(name)) await new Promise<void>((start) => waiting.push({ name, start }));
    held.add(name);
    try {
      return await work({ name });
    } finally {
      const next = waiting.findIndex((other) => other.name === name);
      if (next < 0) held.delete(name);
      else waiting.splice(next, 1)[0].start();
    }
  };
  return {
    hardwareConcurrency: 3,
    storage: { getDirectory: async () => new Directory(root, options) },
    locks: { request },
    /** As when every tab is closed. */
    closeTabs: () => held.clear(),
  };
}

class Directory {
  readonly kind = "directory";
  readonly #stored: StoredDirectory;
  readonly #options: OriginStorageOptions;

  constructor(stored: StoredDirectory, options: OriginStorageOptions) {
    this.#stored = stored;
    this.#options = options;
  }

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<Directory> {
    const found = this.#find(name, "directory", create);
    if (found) return new Directory(found as StoredDirectory, this.#options);
    this.#options.onStep?.("make folder");
    const made: StoredDirectory = { kind: "directory", entries: new Map() };
    this.#stored.entries.set(name, made);
    return new Directory(made, this.#options);
  }

  async getFileHandle(name: string, { create = false } = {}): Promise<FileHandle> {
    const found = this.#find(name, "file", create);
    if (!found) {
      this.#options.onStep?.("make file");
      this.#stored.entries.set(name, { kind: "file", content: new Uint8Array(), modifiedMs: Date.now() });
    }
    return fileHandle(this.#stored, name, this.#options);
  }

  async removeEntry(name: string, { recursive = false } = {}): Promise<void> {
    checkName(name);
    const found = this.#stored.entries.get(name);
    if (!found) throw fault("NotFoundError");
    if (found.kind === "directory" && found.entries.size > 0 && !recursive)
      throw fault("InvalidModificationError");
    this.#options.onStep?.("remove");
    this.#stored.entries.delete(name);
  }

  async *entries(): AsyncGenerator<[string, Directory | FileHandle]> {
    for (const [name, entry] of this.#stored.entries) {
      if (entry.kind === "file") yield [name, fileHandle(this.#stored, name, this.#options)];
      else yield [name, new Directory(entry, this.#options)];
    }
  }

  /** For `move`. */
  take(name: string, file: StoredBytes): void {
    if (this.#stored.entries.get(name)?.kind === "directory") throw fault("TypeMismatchError");
    this.#stored.entries.set(name, file);
  }

  #find(
    name: string,
    kind: "file" | "directory",
    create: boolean,
  ): StoredDirectory | StoredBytes | undefined {
    checkName(name);
    const found = this.#stored.entries.get(name);
    if (found && found.kind !== kind) throw fault("TypeMismatchError");
    if (!found && !create) throw fault("NotFoundError");
    return found;
  }
}

type FileHandle = ReturnType<typeof fileHandle>;

function fileHandle(folder: StoredDirectory, name: string, options: OriginStorageOptions) {
  const stored = (): StoredBytes => {
    const found = folder.entries.get(name);
    if (found?.kind !== "file") throw fault("NotFoundError");
    return found;
  };
  const move = async (to: Directory, newName: string): Promise<void> => {
    options.onStep?.("move");
    to.take(newName, stored());
    folder.entries.delete(name);
  };
  return {
    kind: "file" as const,
    getFile: async () =>
      new File([stored().content as Uint8Array<ArrayBuffer>], name, { lastModified: stored().modifiedMs }),
    createWritable: async ({ keepExistingData = false } = {}) =>
      writableOf(stored(), keepExistingData, options),
    ...(options.canMove ? { move } : {}),
  };
}

function writableOf(file: StoredBytes, keepExistingData: boolean, { onStep }: OriginStorageOptions) {
  let content = keepExistingData ? file.content.slice() : new Uint8Array();
  let position = 0;
  return {
    async write(piece: Uint8Array) {
      onStep?.("write");
      const longer = new Uint8Array(Math.max(content.length, position + piece.length));
      longer.set(content);
      longer.set(piece, position);
      content = longer;
      position += piece.length;
    },
    async seek(to: number) {
      position = to;
    },
    async close() {
      onStep?.("close");
      file.content = content;
      file.modifiedMs = Date.now();
    },
    async abort() {
      onStep?.("abort");
      content = new Uint8Array();
    },
  };
}

function checkName(name: string): void {
  if (name === "" || name === "." || name === ".." || name.includes("/"))
    throw new TypeError(`not a name: ${name}`);
}
