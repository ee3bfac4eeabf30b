// A large file, mapped into memory through koffi (mmap): its pages are read when they are needed, and nothing is copied. What is
// written to the bytes stays in this process. A file must not be truncated while it is mapped; replaced whole, as Earshot does,
// the old one stays.

import { open, stat } from "node:fs/promises";
import { readWholeFile } from "./files.ts";
import { importKoffi } from "./koffi.ts";

/** Below, to read the file is faster than to load the package. */
const LEAST_BYTES = 2 ** 25;

const MAP = "void *mmap(void *address, size_t length, int protection, int flags, int file, int64_t offset)";
const READ_AND_WRITE = 3;
const PRIVATE = 2;
const FAILED = 2n ** 64n - 1n;

/** The whole file, mapped where that is possible and worth it. @throws the error of the file system, as `readWholeFile` does */
export async function readLargeFile(path: string, leastBytes = LEAST_BYTES): Promise<Uint8Array> {
  return (await mapped(path, leastBytes).catch(() => undefined)) ?? readWholeFile(path);
}

async function mapped(path: string, leastBytes: number): Promise<Uint8Array | undefined> {
  const facts = await stat(path); // a named pipe would not open before somebody writes
  if (process.platform === "win32" || !facts.isFile() || facts.size < leastBytes) return undefined;
  const koffi = await importKoffi();
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const pointer = koffi.load(null).func(MAP)(null, size, READ_AND_WRITE, PRIVATE, file.fd, 0);
    return koffi.address(pointer) === FAILED ? undefined : new Uint8Array(koffi.view(pointer, size));
  } finally {
    await file.close();
  }
}
