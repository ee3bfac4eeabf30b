// Writing a file of the origin's own file system so that a reader, or a crash at any moment, meets the old one or the new
// one, never a part: it is written beside its place and moved. A tab that closes amid this leaves the part; while it is
// written its name is locked, so that others know whether its writer lives.

import { EarshotError } from "../../errors.ts";
import { piecesOf, type FileContent, type ReplaceOptions } from "../folder.ts";
import { basename, dirname, join } from "./path.ts";
import { namesBelow } from "./files.ts";
import { absolute, directoryAt, fileSystemFault, isNotFound, locks, writableOf } from "./origin-storage.ts";
import type { DirectoryHandle, FileHandle } from "./origin-storage.ts";

/**
 * Content that does not fit into memory at once comes in pieces. When it reaches the disk, the browser decides.
 * @throws EarshotError FILE_SYSTEM, with the fault itself as its cause
 */
export async function replaceFile(
  path: string,
  content: FileContent,
  _options?: ReplaceOptions,
): Promise<void> {
  const [folder, name] = [dirname(absolute(path)), basename(path)];
  try {
    await replaceIn(await directoryAt(folder), folder, name, content);
  } catch (error) {
    throw fileSystemFault(error, "open", path);
  }
}

async function replaceIn(
  directory: DirectoryHandle,
  folder: string,
  name: string,
  content: FileContent,
): Promise<void> {
  await withPart(directory, folder, name, async (part) => {
    if (part.move === undefined)
      await writeThrough(await directory.getFileHandle(name, { create: true }), piecesOf(content));
    else {
      await writeThrough(part, piecesOf(content));
      await part.move(directory, name);
    }
  });
}

/** Does the work with an empty file beside a place; its name is locked meanwhile, and nothing of it stays. */
async function withPart(
  directory: DirectoryHandle,
  folder: string,
  name: string,
  work: (part: FileHandle) => Promise<void>,
): Promise<void> {
  await refuseFolder(directory, folder, name);
  const part = `.${name}.${crypto.randomUUID()}.part`;
  await locks().request(partLock(folder, part), {}, async () => {
    const file = await directory.getFileHandle(part, { create: true });
    try {
      await work(file);
    } finally {
      await directory.removeEntry(part).catch(() => undefined); // after a move there is none
    }
  });
}

/**
 * Closing shows the new content at once; a fault before leaves the old.
 * @param keptBytes of the old content, before the new one; none by default
 */
export async function writeThrough(
  file: FileHandle,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  keptBytes = 0,
): Promise<void> {
  const writable = await writableOf(file, keptBytes > 0);
  try {
    if (keptBytes > 0) await writable.seek(keptBytes);
    for await (const piece of pieces) await writable.write(piece);
  } catch (error) {
    await writable.abort().catch(() => undefined); // the first failure is the one to report
    throw error;
  }
  await writable.close();
}

/**
 * Before long work whose result goes to `path`.
 * @throws EarshotError FILE_SYSTEM as `replaceFile` would, when nothing can be written there
 */
export async function checkReplaceable(path: string): Promise<void> {
  const [folder, name] = [dirname(absolute(path)), basename(path)];
  try {
    const directory = await directoryAt(folder);
    await withPart(directory, folder, name, async (part) => (await writableOf(part)).abort());
  } catch (error) {
    throw fileSystemFault(error, "open", path);
  }
}

async function refuseFolder(directory: DirectoryHandle, folder: string, name: string): Promise<void> {
  const there = await directory.getDirectoryHandle(name).catch(() => undefined); // none, or a file
  if (there === undefined) return;
  const [problem, remedy] = ["It is a folder, and a file is to be written.", "Give the path of a file."];
  throw new EarshotError({ code: "FILE_SYSTEM", where: join(folder, name), problem, remedy });
}

const partLock = (folder: string, part: string): string => `earshot part ${join(folder, part)}`;

/** Whether a file of this name is the unfinished part of another, of ours or (in Chromium) of the browser's. */
export const isUnfinished = (name: string): boolean =>
  /^\..*\.[\da-f-]{36}\.part$/.test(name) || name.endsWith(".crswap");

/** Removes what closed tabs left unfinished in a folder; what a living one is writing stays. */
export async function removeUnfinished(path: string): Promise<void> {
  const directory = await directoryAt(path).catch(() => undefined); // where there is no folder, nothing is left in it
  if (directory === undefined) return;
  const names: string[] = [];
  for await (const name of namesBelow(directory)) if (name.endsWith(".part")) names.push(name);
  for (const name of names.filter((found) => isUnfinished(basename(found)))) {
    const [folder, part] = [dirname(join(absolute(path), name)), basename(name)];
    await locks().request(partLock(folder, part), { ifAvailable: true }, async (lock) => {
      if (lock !== null) await (await directoryAt(folder)).removeEntry(part).catch(ignoreMissing);
    });
  }
}

function ignoreMissing(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
