// Writing a file so that a reader, or a crash at any moment, meets the old one or the new one, never a part: it is
// written beside its place, forced to the disk, and renamed. What a crash leaves beside it carries its writer's id.

import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { threadId } from "node:worker_threads";
import { EarshotError } from "../../errors.ts";
import { piecesOf, type FileContent, type ReplaceOptions } from "../folder.ts";
import { basename, dirname, join } from "./path.ts";
import { isMissing, isSystemError, systemFault } from "../system-fault.ts";
import { isOtherProcess } from "./process-id.ts";

/** The calls of the system by which a file is replaced, so that a test can end the process at each. */
export interface ReplacingCalls {
  readonly open: (path: string) => Promise<OpenPart>;
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly remove: (path: string) => Promise<void>;
}

export interface OpenPart {
  writeFile(piece: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

const SYSTEM: ReplacingCalls = {
  open: (path) => open(path, "w"),
  rename,
  remove: (path) => rm(path, { force: true }),
};

/**
 * Content that does not fit into memory at once comes in pieces.
 * @throws EarshotError FILE_SYSTEM, with the fault itself as its cause
 */
export async function replaceFile(
  path: string,
  content: FileContent,
  options?: ReplaceOptions,
): Promise<void> {
  await refuseOthersThanFiles(path);
  await replaceThrough(SYSTEM, path, content, options);
}

/** Renaming onto a device or a pipe would take it away from the whole system. */
async function refuseOthersThanFiles(path: string): Promise<void> {
  const existing = await stat(path).catch(() => undefined); // where it cannot be looked at, writing fails itself
  if (!existing || existing.isFile()) return;
  throw notAFile(path, existing.isDirectory() ? "a folder" : "a device or a pipe");
}

/** `replaceFile` by these calls. */
export async function replaceThrough(
  calls: ReplacingCalls,
  path: string,
  content: FileContent,
  { durable = true }: ReplaceOptions = {},
): Promise<void> {
  const beside = partBeside(path);
  try {
    const file = await calls.open(beside);
    try {
      for await (const piece of piecesOf(content)) await file.writeFile(piece);
      if (durable) await file.sync();
    } finally {
      await file.close();
    }
    await calls.rename(beside, path);
  } catch (error) {
    await calls.remove(beside).catch(() => undefined); // the first failure is the one to report
    throw faultOf(error, path, beside);
  } finally {
    partsInUse.delete(beside);
  }
}

/**
 * Before long work whose result goes to `path`.
 * @throws EarshotError FILE_SYSTEM as `replaceFile` would, when nothing can be written there
 */
export async function checkReplaceable(path: string): Promise<void> {
  await refuseOthersThanFiles(path);
  const beside = partBeside(path);
  try {
    await (await open(beside, "w")).close();
    await rm(beside);
  } catch (error) {
    throw faultOf(error, path, beside);
  } finally {
    partsInUse.delete(beside);
  }
}

const partsInUse = new Set<string>();

/** Two writers of one file have two parts, be they in two processes, in two threads or in one. */
function partBeside(path: string): string {
  for (let use = 0; ; use++) {
    const writer = threadId + use === 0 ? `${process.pid}` : `${process.pid}.${threadId}-${use}`;
    const part = join(dirname(path), `.${basename(path)}.${writer}.part`);
    if (partsInUse.has(part)) continue;
    partsInUse.add(part);
    return part;
  }
}

const PART = /^\..*?\.(\d+)(?:\.\d+-\d+)?\.part$/;

/** Whether a file of this name is the unfinished part of another. */
export const isUnfinished = (name: string): boolean => PART.test(name);

/** Removes what dead processes left unfinished in a folder; what a living one is writing stays. */
export async function removeUnfinished(directory: string): Promise<void> {
  const names = await readdir(directory, { recursive: true }).catch(() => []);
  const left = names.filter((name) => {
    const writer = PART.exec(basename(name))?.[1];
    return writer !== undefined && !isOtherProcess(Number(writer));
  });
  await Promise.all(left.map((name) => rm(join(directory, name), { force: true })));
}

/** A failed write names no path and a failed opening the part's: both get `path`. A failure to read the content keeps its own. */
function faultOf(error: unknown, path: string, beside: string): unknown {
  if (!isSystemError(error)) return error;
  if (error.syscall === "rename" && error.code === "EISDIR") return notAFile(path, "a folder");
  if (isMissing(error) && error.path === beside) return noFolder(path, error);
  return systemFault(error, error.path === beside ? path : (error.path ?? path));
}

/** What is missing is the folder; the part that could not be opened in it is nothing to the reader. */
function noFolder(path: string, cause: Error): EarshotError {
  const problem = `There is no folder ${dirname(path)} to write it in.`;
  return new EarshotError(
    { code: "FILE_SYSTEM", where: path, problem, remedy: "Make the folder, or give another path." },
    { cause: Object.assign(cause, { path }) },
  );
}

function notAFile(path: string, what: string): EarshotError {
  const problem = `It is ${what}, and a file is to be written.`;
  return new EarshotError({ code: "FILE_SYSTEM", where: path, problem, remedy: "Give the path of a file." });
}
