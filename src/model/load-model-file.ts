// Model files where files are: a path, or the name of a model in the box, becomes a model, and a model replaces a file. The
// format itself is in model-file.ts.

import { EarshotError } from "../errors.ts";
import { fileFacts, isMissing, join, readWholeFile, replaceFile } from "../platform/index.ts";
import { boxedModelPath, MODEL_FILE_NAME, nearestBoxedModel } from "./model-box.ts";
import { readModelFile, withRejection, writeModelFile } from "./model-file.ts";
import type { ModelFile } from "./model-file.ts";
import { isOnnxPath } from "./onnx/onnx-path.ts";

/** The file that a path means: of the folder of a run its best model, of a name in the box its file. @throws EarshotError NO_MODEL_YET */
export async function modelPathOf(path: string): Promise<string> {
  const kind = (await fileFacts(path))?.kind;
  if (kind === undefined) return (await boxedModelPath(path)) ?? path;
  if (kind !== "folder") return path;
  const file = join(path, MODEL_FILE_NAME);
  if ((await fileFacts(file)) !== undefined) return file;
  throw new EarshotError({
    code: "NO_MODEL_YET",
    where: path,
    problem: `The folder holds no ${MODEL_FILE_NAME}: a run writes it when its first epoch is complete.`,
    remedy: "Wait for it, or go on with the run: earshot train --resume. Or give the path of a model file.",
  });
}

/** @param given a model file, the folder of a run, or a name in the box @throws EarshotError UNREADABLE_MODEL, NO_MODEL_YET, and whatever `readModelFile` throws */
export async function loadModelFile(given: string): Promise<ModelFile> {
  const path = await modelPathOf(given);
  if (isOnnxPath(path)) throw notOurs(path);
  let bytes: Uint8Array;
  try {
    bytes = await readWholeFile(path);
  } catch (cause) {
    throw await unreadable(path, cause);
  }
  return readModelFile(bytes, path);
}

async function unreadable(path: string, cause: unknown): Promise<EarshotError> {
  const near = await nearestBoxedModel(path);
  const problem = isMissing(cause)
    ? "There is no such file."
    : `The file cannot be read: ${(cause as Error).message}.`;
  const remedy = near
    ? `Did you mean "${near}"?`
    : "Give the path of a model that `earshot train` wrote, or a name that `earshot models` lists.";
  return new EarshotError({ code: "UNREADABLE_MODEL", where: path, problem, remedy }, { cause });
}

/** Writes the rejection into the file, which stays as it is otherwise. @throws what `loadModelFile` throws */
export async function saveRejection(
  path: string,
  rejection: NonNullable<ModelFile["rejection"]>,
): Promise<void> {
  await replaceFile(path, withRejection(await readWholeFile(path), rejection, path));
}

/** Replaces the file whole. @throws what `writeModelFile` throws, before anything on the disk has changed */
export async function saveModelFile(path: string, model: ModelFile): Promise<void> {
  await replaceFile(path, writeModelFile(model));
}

/** Its weights have no names that a network of ours could take them by. */
function notOurs(path: string): EarshotError {
  return new EarshotError({
    code: "NOT_A_MODEL",
    where: path,
    problem: "This is an ONNX model: it can be recognized with, but neither trained further nor exported.",
    remedy: "Give a model that `earshot train` wrote.",
  });
}
