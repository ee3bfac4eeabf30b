// A folder on the disk. A lock is a file with the id of the process that holds it: a killed process leaves it behind, and
// the next one takes it over. Only processes of one machine see each other. Ids repeat where a container starts anew, so
// a file with our own id is a lock only if this process remembers that it took it.

import { appendFile, mkdtemp, readdir, readFile, rm, rmdir, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { FileFacts } from "../files.ts";
import type { FileContent, Folder, FolderEntry, FolderLock, ReplaceOptions } from "../folder.ts";
import { makeFolders } from "./make-folders.ts";
import { dirname, join, relative, resolve } from "./path.ts";
import { isMissing, isSystemError, systemFault } from "../system-fault.ts";
import { readWholeFile, statFiles } from "./files.ts";
import { isOtherProcess } from "./process-id.ts";
import { isUnfinished, removeUnfinished, replaceFile } from "./replace-file.ts";

/** Made when something is first written into it. */
export function openFolder(path: string): Folder {
  return new DiskFolder(path);
}

/** A new, empty one; the caller destroys it. */
export async function temporaryFolder(): Promise<Folder> {
  return new DiskFolder(await mkdtemp(join(tmpdir(), "earshot-")));
}

/** Absolute paths of the locks that this process holds. */
const heldHere = new Set<string>();

class DiskFolder implements Folder {
  readonly path: string;
  /** The outermost folder that was made for this one. */
  #made: string | undefined;

  constructor(path: string) {
    this.path = path;
  }

  read(name: string): Promise<Uint8Array | undefined> {
    return unlessMissing(readWholeFile(this.#of(name)), this.#of(name));
  }

  async replace(name: string, content: FileContent, options?: ReplaceOptions): Promise<void> {
    const path = this.#of(name);
    await this.#makeRoom(path);
    await replaceFile(path, content, options);
  }

  async append(name: string, content: string | Uint8Array): Promise<void> {
    const path = this.#of(name);
    await appendFile(path, content).catch(async (error: unknown) => {
      if (!isMissing(error)) throw faultOf(error, path);
      await this.#makeRoom(path);
      await orFault(appendFile(path, content), path);
    });
  }

  async touch(name: string): Promise<void> {
    const path = this.#of(name);
    const seconds = (Date.now() + 0.001) / 1000; // a microsecond more: rounded, the seconds may be less than the millisecond
    await unlessMissing(utimes(path, seconds, seconds), path);
  }

  make(): Promise<void> {
    return this.#makeRoom(this.#of("any file in it"));
  }

  async list(): Promise<readonly FolderEntry[]> {
    const reading = readdir(this.path, { recursive: true, withFileTypes: true });
    const found = (await unlessMissing(reading, this.path)) ?? [];
    const files = found.filter((entry) => entry.isFile() && !isUnfinished(entry.name));
    const paths = files.map(({ parentPath, name }) => join(parentPath, name));
    const entries: FolderEntry[] = [];
    for (const [i, facts] of (await statFiles(paths)).entries()) {
      if (!(facts instanceof Error)) entries.push(this.#entry(paths[i], facts));
      else if (!isMissing(facts)) throw faultOf(facts, paths[i]); // one that is missing was removed meanwhile
    }
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  async remove(name: string): Promise<void> {
    await orFault(rm(this.#of(name), { force: true }), this.#of(name));
  }

  async lock(name: string): Promise<FolderLock | { readonly heldBy: string }> {
    const path = resolve(this.#of(name));
    if (heldHere.has(path)) return { heldBy: `${process.pid}` };
    heldHere.add(path); // at once, for others may ask while the file is looked at
    try {
      const heldBy = await this.#take(path);
      if (heldBy === undefined) return { release: () => release(path) };
      heldHere.delete(path);
      return { heldBy };
    } catch (error) {
      heldHere.delete(path);
      throw error;
    }
  }

  /** Takes a lock's file. @returns the process that has it, where one does */
  async #take(path: string): Promise<string | undefined> {
    const owner = await readFile(path, "utf8").catch(() => ""); // none, or one that `rm` complains of
    if (isOtherProcess(Number(owner))) return owner;
    await orFault(rm(path, { force: true }), path);
    await this.#makeRoom(path);
    try {
      await writeFile(path, `${process.pid}`, { flag: "wx" });
    } catch (error) {
      if (isSystemError(error) && error.code === "EEXIST") return "just begun";
      throw faultOf(error, path);
    }
    try {
      await orFault(removeUnfinished(this.path));
    } catch (error) {
      await rm(path, { force: true }).catch(() => undefined); // the first failure is the one to report
      throw error;
    }
    return undefined;
  }

  async removeIfEmpty(): Promise<void> {
    if (this.#made === undefined) return;
    await removeEmpty(resolve(this.path), this.#made).catch(() => undefined); // what is not empty stays
  }

  async destroy(): Promise<void> {
    await orFault(rm(this.path, { recursive: true, force: true }), this.path);
  }

  #entry(path: string, { bytes, modifiedMs }: FileFacts): FolderEntry {
    return { name: relative(this.path, path), bytes, modifiedMs: Math.floor(modifiedMs) };
  }

  #of(name: string): string {
    return join(this.path, name);
  }

  async #makeRoom(path: string): Promise<void> {
    const made = await orFault(makeFolders(dirname(path)), dirname(path));
    const isAround = made !== undefined && isInside(resolve(this.path), resolve(made));
    if (isAround) this.#made ??= resolve(made);
  }
}

async function release(path: string): Promise<void> {
  await orFault(rm(path, { force: true }), path);
  heldHere.delete(path);
}

const isInside = (path: string, folder: string): boolean => !relative(folder, path).startsWith("..");

/** A folder and those around it up to the outermost; one that is not empty ends it. */
async function removeEmpty(path: string, outermost: string): Promise<void> {
  await rmdir(path);
  if (path !== outermost) await removeEmpty(dirname(path), outermost);
}

async function unlessMissing<Result>(work: Promise<Result>, path: string): Promise<Result | undefined> {
  return work.catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw faultOf(error, path);
  });
}

/** Faults of the system as FILE_SYSTEM. @param path by default the one that the fault names */
async function orFault<Result>(work: Promise<Result>, path?: string): Promise<Result> {
  return work.catch((error: unknown) => {
    throw faultOf(error, path);
  });
}

function faultOf(error: unknown, path?: string): unknown {
  return isSystemError(error) ? systemFault(error, path) : error;
}
