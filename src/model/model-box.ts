// The models that come with the package: each a folder of its name, with the model and its card. They go by name wherever
// the path of a model does, and one is taken where none is named.

import { EarshotError, nearestName } from "../errors.ts";
import { fileFacts, join, listFiles, modelsFolder } from "../platform/index.ts";

/** The name under which a run, and a model in the box, is kept in its folder. */
export const MODEL_FILE_NAME = "model.safetensors";
export const MODEL_CARD_NAME = "README.md";

/** Taken by commands that are given no model. */
export const DEFAULT_MODEL = "commands-en";

const NAME = /^[\w-][\w.-]*$/;

/** Sorted. */
export async function boxedModelNames(): Promise<readonly string[]> {
  const files = await listFiles(modelsFolder()).catch(() => []);
  const ends = `/${MODEL_FILE_NAME}`;
  const names = files.filter((file) => file.endsWith(ends)).map((file) => file.slice(0, -ends.length));
  return names.filter((name) => NAME.test(name));
}

/** @returns its file, or undefined where no model of the box has this name, or a file or folder of this path is there, which counts */
export async function boxedModelPath(name: string): Promise<string | undefined> {
  if (!NAME.test(name) || (await fileFacts(name)) !== undefined) return undefined;
  return pathInBox(name);
}

/** Its file, even if a local path has the same name. @returns undefined where it is not in the box */
export const defaultModelPath = (): Promise<string | undefined> => pathInBox(DEFAULT_MODEL);

/** Of a name in the box. */
export const pathOfBoxed = (name: string): string => join(modelsFolder(), name, MODEL_FILE_NAME);

async function pathInBox(name: string): Promise<string | undefined> {
  const path = pathOfBoxed(name);
  return (await fileFacts(path)) === undefined ? undefined : path;
}

/** Before something is written into a model file. @param given its path or name @throws EarshotError BOXED_MODEL */
export async function checkNotBoxed(given: string): Promise<void> {
  if ((await boxedModelPath(given)) === undefined) return;
  throw new EarshotError({
    code: "BOXED_MODEL",
    where: given,
    problem: "This model comes with Earshot, and its file stays as it is.",
    remedy: `Make a copy of your own, and give that: earshot export -m ${given} --out ${given}.safetensors`,
  });
}

/** The closest name in the box. */
export async function nearestBoxedModel(name: string): Promise<string | undefined> {
  return NAME.test(name) ? nearestName(name, await boxedModelNames()) : undefined;
}
