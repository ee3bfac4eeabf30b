// Model files on disk. A file is replaced whole or not at all: it is written beside its place, forced to the disk and
// renamed, so that a reader, or a crash at any moment, meets the old model or the new one.

import { open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { EarshotError } from "../errors.ts";
import { readModelFile, writeModelFile } from "./model-file.ts";
import type { ModelFile } from "./model-file.ts";

/** Throws UNREADABLE_MODEL, and whatever `readModelFile` throws. */
export async function loadModelFile(path: string): Promise<ModelFile> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new EarshotError(
      {
        code: "UNREADABLE_MODEL",
        where: path,
        problem: missing ? "There is no such file." : `The file cannot be read: ${(cause as Error).message}.`,
        remedy: "Give the path of a model that `earshot train` wrote.",
      },
      { cause },
    );
  }
  return readModelFile(bytes, path);
}

/** Throws what `writeModelFile` throws before anything on the disk has changed. */
export async function saveModelFile(path: string, model: ModelFile): Promise<void> {
  const bytes = writeModelFile(model);
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    const file = await open(beside, "w");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
