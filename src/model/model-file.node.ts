// Model files on disk: a path becomes a model, and a model replaces a file. The format itself is in model-file.ts.

import { EarshotError } from "../errors.ts";
import { readWholeFile } from "../platform/index.ts";
import { replaceFile } from "../platform/index.ts";
import { readModelFile, writeModelFile } from "./model-file.ts";
import type { ModelFile } from "./model-file.ts";

/** Throws UNREADABLE_MODEL, and whatever `readModelFile` throws. */
export async function loadModelFile(path: string): Promise<ModelFile> {
  let bytes: Uint8Array;
  try {
    bytes = await readWholeFile(path);
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

/** Replaces the file whole. Throws what `writeModelFile` throws, before anything on the disk has changed. */
export async function saveModelFile(path: string, model: ModelFile): Promise<void> {
  await replaceFile(path, writeModelFile(model));
}
