// Files on disk by the paths that a user gave. Only what has an end is read: a device never ends, a named pipe may never begin,
// and neither could be interrupted; /dev/stdin and the pipes of a shell's `<(…)` stay.

import { createReadStream, stat as statThen, type Stats } from "node:fs";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join, relative } from "./path.ts";
import type { FileFacts } from "../files.ts";

const NOT_SUITABLE = "EINVAL"; // as the system itself says it

/** @throws the error of the file system, one with the code EINVAL when the path is no regular file. */
export async function readWholeFile(path: string): Promise<Uint8Array> {
  const found = await stat(path);
  const isPiped = found.isFIFO() && path.startsWith("/dev/");
  if (found.isFile() || isPiped) return readFile(path);
  throw Object.assign(new Error("it is not a regular file"), { code: NOT_SUITABLE, syscall: "read", path });
}

const CHUNK_BYTES = 1 << 20;

/** A file too large for memory, piece by piece. @throws the error of the file system */
export function readChunks(path: string): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: CHUNK_BYTES });
}

/** @returns undefined where there is nothing, or nothing that may be looked at */
export async function fileFacts(path: string): Promise<FileFacts | undefined> {
  return statFile(path).catch(() => undefined);
}

/** @throws the error of the file system */
export async function statFile(path: string): Promise<FileFacts> {
  return factsOf(await stat(path));
}

function factsOf(found: Stats): FileFacts {
  const kind = found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
  return { kind, bytes: found.size, modifiedMs: found.mtimeMs };
}

const LOOKED_UP_TOGETHER = 32;

/** The same of many, in their order, at a fraction of the price of a promise for each; errors stand in the place of facts. */
export function statFiles(paths: readonly string[]): Promise<(FileFacts | Error)[]> {
  return new Promise((resolve) => {
    const found = Array.from<FileFacts | Error>({ length: paths.length });
    let [next, open] = [0, paths.length];
    const goOn = (): void => {
      const index = next++;
      if (index >= paths.length) return;
      lookUp(paths[index], (facts) => {
        found[index] = facts;
        if (--open === 0) resolve(found);
        else goOn();
      });
    };
    if (open === 0) resolve(found);
    for (let i = 0; i < LOOKED_UP_TOGETHER; i++) goOn();
  });
}

function lookUp(path: string, onFound: (facts: FileFacts | Error) => void): void {
  try {
    statThen(path, (error, stats) => onFound(error ?? factsOf(stats)));
  } catch (error) {
    onFound(error as Error); // of what cannot be a path
  }
}

/** What tells a file from all others, whatever the path says: links lead to the same one. @returns undefined where there is none */
export async function fileIdentity(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && `${found.dev}:${found.ino}`;
}

/** Every file anywhere below a folder: paths relative to it, sorted. @throws the error of the file system */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .toSorted();
}

/** A file, or a folder with all that is in it; does nothing where there is none. */
export async function removePath(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
