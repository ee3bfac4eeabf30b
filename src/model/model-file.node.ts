// Model files on disk. A file is replaced whole or not at all: it is written beside its place, forced to the disk and
// renamed, so that a reader, or a crash at any moment, meets the old model or the new one.

import { readFile } from "node:fs/promises";
import { EarshotError } from "../errors.ts";
import { replaceFile } from "../replace-file.node.ts";
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
  await replaceFile(path, bytes);
}
