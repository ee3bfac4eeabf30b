// Model files where files are: a path becomes a model, and a model replaces a file. The format itself is in model-file.ts.

import { EarshotError } from "../errors.ts";
import { isMissing, readWholeFile, replaceFile } from "../platform/index.ts";
import { readModelFile, writeModelFile } from "./model-file.ts";
import type { ModelFile } from "./model-file.ts";

/** @throws EarshotError UNREADABLE_MODEL, and whatever `readModelFile` throws */
export async function loadModelFile(path: string): Promise<ModelFile> {
  let bytes: Uint8Array;
  try {
    bytes = await readWholeFile(path);
  } catch (cause) {
    throw new EarshotError(
      {
        code: "UNREADABLE_MODEL",
        where: path,
        problem: isMissing(cause)
          ? "There is no such file."
          : `The file cannot be read: ${(cause as Error).message}.`,
        remedy: "Give the path of a model that `earshot train` wrote.",
      },
      { cause },
    );
  }
  return readModelFile(bytes, path);
}

/** Replaces the file whole. @throws what `writeModelFile` throws, before anything on the disk has changed */
export async function saveModelFile(path: string, model: ModelFile): Promise<void> {
  await replaceFile(path, writeModelFile(model));
}
