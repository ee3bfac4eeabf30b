// Files of the origin's own file system by the paths that a user gave.

import { streamPieces } from "../bytes.ts";
import type { FileFacts } from "../files.ts";
import { basename, dirname, join } from "./path.ts";
import { absolute, directoryAt, fileHandleAt, isNotFound, worded } from "./origin-storage.ts";
import type { DirectoryHandle } from "./origin-storage.ts";

/** @throws the error of the file system, worded as Node's */
export async function readWholeFile(path: string): Promise<Uint8Array> {
  return rewording("open", path, async () => {
    const file = await (await fileHandleAt(path)).getFile();
    return new Uint8Array(await file.arrayBuffer());
  });
}

/** A file too large for memory, piece by piece. @throws the error of the file system */
export async function* readChunks(path: string): AsyncIterable<Uint8Array> {
  const file = await rewording("open", path, async () => (await fileHandleAt(path)).getFile());
  yield* streamPieces(file.stream());
}

/** @throws the error of the file system */
export async function statFile(path: string): Promise<FileFacts> {
  return rewording("stat", path, async () => {
    const folder = await directoryAt(path).catch(() => undefined); // none, or a file: looked at next
    if (folder) return { kind: "folder", bytes: 0, modifiedMs: 0 };
    const { size, lastModified } = await (await fileHandleAt(path)).getFile();
    return { kind: "file", bytes: size, modifiedMs: lastModified };
  });
}

/** The same of many, in their order; errors stand in the place of facts. */
export async function statFiles(paths: readonly string[]): Promise<(FileFacts | Error)[]> {
  return Promise.all(paths.map((path) => statFile(path).catch((error: unknown) => error as Error)));
}

/** @returns undefined where there is nothing */
export async function fileFacts(path: string): Promise<FileFacts | undefined> {
  return statFile(path).catch(() => undefined);
}

/** What tells a file from all others. @returns undefined where there is none */
export async function fileIdentity(path: string): Promise<string | undefined> {
  return (await fileFacts(path)) && absolute(path);
}

/** Every file anywhere below a folder: paths relative to it, sorted. @throws the error of the file system */
export async function listFiles(folder: string): Promise<string[]> {
  return rewording("scandir", folder, async () => {
    const names: string[] = [];
    for await (const name of namesBelow(await directoryAt(folder))) names.push(name);
    return names.toSorted();
  });
}

/** Every file anywhere below a folder, as it comes. */
export async function* namesBelow(directory: DirectoryHandle, before = ""): AsyncGenerator<string> {
  for await (const [name, entry] of directory.entries()) {
    if (entry.kind === "file") yield before + name;
    else yield* namesBelow(entry, `${join(before, name)}/`);
  }
}

/** A file, or a folder with all that is in it; does nothing where there is none. */
export async function removePath(path: string): Promise<void> {
  const whole = absolute(path);
  await rewording("rm", path, async () => {
    try {
      await (await directoryAt(dirname(whole))).removeEntry(basename(whole), { recursive: true });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  });
}

async function rewording<Result>(
  syscall: string,
  path: string,
  work: () => Promise<Result>,
): Promise<Result> {
  return work().catch((error: unknown) => {
    throw worded(error, syscall, path);
  });
}
