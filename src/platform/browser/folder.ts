// A folder in the origin's own file system. Its locks are those of the browser (Web Locks), which end with their tab.

import { bytesOf } from "../bytes.ts";
import {
  type FileContent,
  type Folder,
  type FolderEntry,
  type FolderLock,
  type ReplaceOptions,
} from "../folder.ts";
import { basename, dirname, join } from "./path.ts";
import { isMissing } from "../system-fault.ts";
import { fileFacts, namesBelow, readWholeFile, removePath } from "./files.ts";
import {
  absolute,
  directoryAt,
  fileHandleAt,
  fileSystemFault,
  holdLock,
  isNotFound,
  locks,
} from "./origin-storage.ts";
import { isUnfinished, removeUnfinished, replaceFile, writeThrough } from "./replace-file.ts";

/** Made when something is first written into it. */
export function openFolder(path: string): Folder {
  return new OriginFolder(absolute(path));
}

/** A new, empty one; the caller destroys it. */
export async function temporaryFolder(): Promise<Folder> {
  return new OriginFolder(`/earshot-temporary/${crypto.randomUUID()}`);
}

class OriginFolder implements Folder {
  readonly path: string;
  /** The outermost folder that was made for this one, "" for none; unknown before something is written. */
  #made: string | undefined;

  constructor(path: string) {
    this.path = path;
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    try {
      return await readWholeFile(this.#of(name));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw fileSystemFault(error, "open", this.#of(name));
    }
  }

  async replace(name: string, content: FileContent, options?: ReplaceOptions): Promise<void> {
    await this.#makeRoom(name);
    await replaceFile(this.#of(name), content, options);
  }

  /** The browser copies the whole file for each append: slow for long files, but a crash leaves no part. */
  async append(name: string, content: string | Uint8Array): Promise<void> {
    await this.#makeRoom(name);
    const path = this.#of(name);
    await locks().request(`earshot append ${path}`, {}, () => appendAlone(path, bytesOf(content)));
  }

  /** By appending nothing, since no call sets a file's time. */
  async touch(name: string): Promise<void> {
    const isThere = (await fileFacts(this.#of(name))) !== undefined;
    if (isThere) await this.append(name, "");
  }

  make(): Promise<void> {
    return this.#makeRoom("any file in it");
  }

  async list(): Promise<readonly FolderEntry[]> {
    const entries: FolderEntry[] = [];
    for (const name of await this.#names()) {
      const file = await fileHandleAt(this.#of(name))
        .then((handle) => handle.getFile())
        .catch((error: unknown) => this.#unlessMissing(error, "open", name)); // it may have been removed meanwhile
      if (file) entries.push({ name, bytes: file.size, modifiedMs: file.lastModified });
    }
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  async remove(name: string): Promise<void> {
    await removePath(this.#of(name)).catch((error: unknown) => {
      throw fileSystemFault(error, "rm", this.#of(name));
    });
  }

  async lock(name: string): Promise<FolderLock | { readonly heldBy: string }> {
    const release = await holdLock(`earshot ${this.#of(name)}`);
    if (release === undefined) return { heldBy: "another tab" };
    try {
      await removeUnfinished(this.path);
    } catch (error) {
      await release();
      throw fileSystemFault(error, "rm", this.path);
    }
    return { release };
  }

  async removeIfEmpty(): Promise<void> {
    if (!this.#made) return;
    for (let path = this.path; path.startsWith(this.#made); path = dirname(path)) {
      const parent = await directoryAt(dirname(path)).catch(() => undefined);
      const isGone = await parent?.removeEntry(basename(path)).then(
        () => true,
        () => false, // it is not empty
      );
      if (!isGone) return;
    }
  }

  async destroy(): Promise<void> {
    await removePath(this.path).catch((error: unknown) => {
      throw fileSystemFault(error, "rm", this.path);
    });
  }

  #of(name: string): string {
    return join(this.path, name);
  }

  async #names(): Promise<string[]> {
    const names: string[] = [];
    try {
      for await (const name of namesBelow(await directoryAt(this.path)))
        if (!isUnfinished(basename(name))) names.push(name);
    } catch (error) {
      this.#unlessMissing(error, "scandir", "");
    }
    return names;
  }

  #unlessMissing(error: unknown, syscall: string, name: string): undefined {
    if (!isNotFound(error)) throw fileSystemFault(error, syscall, this.#of(name));
  }

  async #makeRoom(name: string): Promise<void> {
    const parent = dirname(this.#of(name));
    this.#made ??= await outermostMissing(this.path);
    await directoryAt(parent, { create: true }).catch((error: unknown) => {
      throw fileSystemFault(error, "mkdir", parent);
    });
  }
}

async function appendAlone(path: string, content: Uint8Array): Promise<void> {
  try {
    const directory = await directoryAt(dirname(path));
    const file = await directory.getFileHandle(basename(path), { create: true });
    const { size } = await file.getFile();
    await writeThrough(file, [content], size);
  } catch (error) {
    throw fileSystemFault(error, "open", path);
  }
}

/** The first folder on the way to a path that is not there; "" where all are. */
async function outermostMissing(path: string): Promise<string> {
  if (path === dirname(path)) return "";
  const around = await outermostMissing(dirname(path));
  if (around !== "") return around;
  const isThere = await directoryAt(path).then(
    () => true,
    () => false,
  );
  return isThere ? "" : path;
}
