// A folder on the disk. A lock is a file with the id of the process that holds it: a killed process leaves it behind, and
// the next one takes it over. Only processes of one machine see each other.

import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { Folder, FolderEntry, FolderLock } from "../folder.ts";
import { dirname, join, relative } from "../path.ts";
import { isMissing, isSystemError, systemFault } from "../system-fault.ts";
import { replaceFile } from "./replace-file.ts";

/** Made when something is first written into it. */
export function openFolder(path: string): Folder {
  return new DiskFolder(path);
}

/** A new, empty one, for whoever destroys it. */
export async function temporaryFolder(): Promise<Folder> {
  return new DiskFolder(await mkdtemp(join(tmpdir(), "earshot-")));
}

class DiskFolder implements Folder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.#of(name));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw told(error, this.#of(name));
    }
  }

  async replace(name: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    const path = this.#of(name);
    await this.#makeRoom(path);
    await replaceFile(path, content);
  }

  async append(name: string, text: string): Promise<void> {
    const path = this.#of(name);
    try {
      await appendFile(path, text);
    } catch (error) {
      if (!isMissing(error)) throw told(error, path);
      await this.#makeRoom(path);
      await appendFile(path, text).catch((again: unknown) => {
        throw told(again, path);
      });
    }
  }

  async list(): Promise<readonly FolderEntry[]> {
    const found = await readdir(this.path, { recursive: true, withFileTypes: true }).catch(() => []);
    const entries: FolderEntry[] = [];
    for (const { parentPath, name } of found.filter((entry) => entry.isFile())) {
      const path = join(parentPath, name);
      if (/^\..*\.\d+\.part$/.test(name)) await rm(path, { force: true });
      else {
        const { size, mtimeMs } = await stat(path);
        entries.push({ name: relative(this.path, path), bytes: size, modifiedMs: mtimeMs });
      }
    }
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  async remove(name: string): Promise<void> {
    await rm(this.#of(name), { force: true });
  }

  async lock(name: string): Promise<FolderLock | { readonly heldBy: string }> {
    const path = this.#of(name);
    const owner = await readFile(path, "utf8").catch(() => "");
    if (isOtherProcess(Number(owner))) return { heldBy: owner };
    await rm(path, { force: true });
    await this.#makeRoom(path);
    try {
      await writeFile(path, `${process.pid}`, { flag: "wx" });
    } catch (error) {
      if (isSystemError(error) && error.code === "EEXIST") return { heldBy: "just begun" };
      throw told(error, path);
    }
    return { release: () => rm(path, { force: true }) };
  }

  async destroy(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }

  #of(name: string): string {
    return join(this.path, name);
  }

  async #makeRoom(path: string): Promise<void> {
    await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
      throw told(error, dirname(path));
    });
  }
}

function told(error: unknown, path: string): unknown {
  return isSystemError(error) ? systemFault(error, path) : error;
}

/** Our own id is a dead process's too: in a container that starts anew, ids repeat. */
function isOtherProcess(id: number): boolean {
  if (!Number.isInteger(id) || id <= 0 || id === process.pid) return false;
  try {
    return process.kill(id, 0); // signal 0 only asks whether the process exists
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH"; // EPERM: it exists, and is someone else's
  }
}
