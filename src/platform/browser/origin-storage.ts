// The private file system that a browser keeps for a page's origin (WHATWG File System): its folders and files by path,
// and its faults in the words of Node, so that callers know one kind. Only the page sees these files.

import type { EarshotError } from "../../errors.ts";
import { basename, dirname, resolve } from "./path.ts";
import { isSystemError, systemError, systemFault } from "../system-fault.ts";
import { lacking } from "./lacking.ts";

/** What is used here of the standard. */
export interface DirectoryHandle {
  readonly kind: "directory";
  getDirectoryHandle(name: string, options?: { readonly create: boolean }): Promise<DirectoryHandle>;
  getFileHandle(name: string, options?: { readonly create: boolean }): Promise<FileHandle>;
  removeEntry(name: string, options?: { readonly recursive: boolean }): Promise<void>;
  entries(): AsyncIterable<[name: string, entry: DirectoryHandle | FileHandle]>;
}
export interface FileHandle {
  readonly kind: "file";
  getFile(): Promise<StoredFile>;
  /** What is written is seen when it is closed, at once. */
  createWritable?(options?: { readonly keepExistingData: boolean }): Promise<WritableFile>;
  /** In the proposals, and in every current browser for this file system; takes the place of what is there. */
  move?(folder: DirectoryHandle, name: string): Promise<void>;
}
export interface StoredFile {
  readonly size: number;
  readonly lastModified: number;
  arrayBuffer(): Promise<ArrayBuffer>;
  stream(): ReadableStream<Uint8Array>;
}
export interface WritableFile {
  write(content: Uint8Array): Promise<void>;
  seek(position: number): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

/** Names, and work that holds one of them while it lasts (W3C Web Locks). */
export interface Locks {
  request<Result>(
    name: string,
    options: { readonly ifAvailable?: boolean },
    work: (lock: object | null) => Promise<Result>,
  ): Promise<Result>;
}

interface Browser {
  readonly storage?: { getDirectory?(): Promise<DirectoryHandle> };
  readonly locks?: Locks;
}

const browser = (): Browser | undefined => (globalThis as { navigator?: Browser }).navigator;
const REMEDY = "Open the page over https, in a current browser, or give a folder in memory.";

export function locks(): Locks {
  const found = browser()?.locks;
  if (found === undefined) throw lacking("locks", REMEDY);
  return found;
}

/** @returns a function that releases the lock; undefined where another tab holds it */
export function holdLock(name: string): Promise<(() => Promise<void>) | undefined> {
  return new Promise((resolve, reject) => {
    const request = locks().request(name, { ifAvailable: true }, async (lock) => {
      if (lock === null) resolve(undefined);
      else await new Promise<void>((letGo) => resolve(() => (letGo(), request)));
    });
    request.catch(reject);
  });
}

/** A folder by its path. @throws a DOMException where it is missing, unless `create` */
export async function directoryAt(path: string, { create = false } = {}): Promise<DirectoryHandle> {
  const storage = browser()?.storage;
  if (storage?.getDirectory === undefined) throw lacking("files of its own", REMEDY);
  let directory = await storage.getDirectory();
  for (const name of namesOf(path)) directory = await directory.getDirectoryHandle(name, { create });
  return directory;
}

export async function fileHandleAt(path: string): Promise<FileHandle> {
  return (await directoryAt(dirname(absolute(path)))).getFileHandle(basename(path));
}

export async function writableOf(file: FileHandle, keepExistingData = false): Promise<WritableFile> {
  if (file.createWritable === undefined) throw lacking("files that it may write", REMEDY);
  return file.createWritable({ keepExistingData });
}

/** The path from the root on, which is "/". */
export const absolute = (path: string): string => resolve("/", path);

const namesOf = (path: string): string[] =>
  absolute(path)
    .split("/")
    .filter((name) => name !== "");

/** The system's names for the faults of the standard. */
const CODES: Readonly<Record<string, readonly [code: string, meaning: string]>> = {
  NotFoundError: ["ENOENT", "no such file or directory"],
  TypeMismatchError: ["EISDIR", "a folder where a file should be, or a file where a folder should be"],
  NotAllowedError: ["EACCES", "permission denied"],
  SecurityError: ["EACCES", "permission denied"],
  NoModificationAllowedError: ["EBUSY", "somebody is writing it"],
  QuotaExceededError: ["ENOSPC", "the browser gives this page no more room"],
};

/** A fault of the standard as Node words its own; any other as it is. */
export function worded(error: unknown, syscall: string, path: string): unknown {
  const { name = "" } = error instanceof Error ? error : {};
  if (!Object.hasOwn(CODES, name)) return error;
  return Object.assign(systemError(...CODES[name], syscall, path), { cause: error });
}

/** That fault as FILE_SYSTEM; any other as it is. */
export function fileSystemFault(error: unknown, syscall: string, path: string): EarshotError | unknown {
  const fault = worded(error, syscall, path);
  return isSystemError(fault) ? systemFault(fault, path) : fault;
}

/** Whether there is no such file or folder. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof Error && error.name === "NotFoundError";
