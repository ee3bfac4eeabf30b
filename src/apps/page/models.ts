// The models that the page knows: the one beside it, those that were made or opened in this browser, which its own storage keeps.

import { loadEarshot } from "./earshot.ts";
import { PageFailure, reached } from "./page-failure.ts";
import { shippedModelName } from "./served.ts";

const FOLDER = "/earshot-page/models";
const ENDING = ".safetensors";

export interface PageModel {
  readonly name: string;
  readonly origin: "shipped" | "own";
}

export const shippedModel = (): PageModel => ({ name: shippedModelName(), origin: "shipped" });

/** By which one model differs from another, for lists. */
export const modelKey = ({ name, origin }: PageModel): string => `${origin} ${name}`;

export const sameModel = (a: PageModel, b: PageModel): boolean => modelKey(a) === modelKey(b);

/** The shipped one first; those of one's own by name. */
export async function listModels(): Promise<PageModel[]> {
  const { openFolder } = await loadEarshot();
  const files = await openFolder(FOLDER)
    .list()
    .catch(() => []); // a page that may keep nothing has none of its own
  const names = files.map(({ name }) => name).filter((name) => name.endsWith(ENDING));
  return [
    shippedModel(),
    ...names.map((name) => ({ name: name.slice(0, -ENDING.length), origin: "own" as const })),
  ];
}

export async function modelBytes({ name, origin }: PageModel): Promise<Uint8Array> {
  if (origin === "shipped") {
    const answer = await reached(fetch(`./models/${encodeURIComponent(name)}${ENDING}`));
    if (!answer.ok) throw new PageFailure("modelNotLoaded", { name, status: answer.status });
    return new Uint8Array(await answer.arrayBuffer());
  }
  const { openFolder } = await loadEarshot();
  const bytes = await openFolder(FOLDER).read(name + ENDING);
  if (bytes === undefined) throw new PageFailure("modelNotKept", { name });
  return bytes;
}

/** What the model spells with. */
export async function symbolsOf(model: PageModel): Promise<readonly string[]> {
  const { readModelFile } = await loadEarshot();
  return readModelFile(await modelBytes(model), model.name).alphabet.symbols;
}

/**
 * Beside those that are kept: another model of that name gets a number behind it.
 * @param name such as that of a file; what a path cannot have is left out @throws NOT_A_MODEL and its like
 */
export async function keepModel(name: string, bytes: Uint8Array): Promise<PageModel> {
  const { openFolder, readModelFile } = await loadEarshot();
  readModelFile(bytes, name);
  const plain =
    name
      .replace(/\.safetensors$/i, "")
      .replaceAll(/[/\\:*?"<>|]/g, " ")
      .trim() || "model";
  const folder = openFolder(FOLDER);
  for (let number = 1; ; number++) {
    const own = number === 1 ? plain : `${plain} ${number}`;
    const there = await folder.read(own + ENDING);
    if (there === undefined) await folder.replace(own + ENDING, bytes);
    else if (!equalBytes(there, bytes)) continue;
    return { name: own, origin: "own" };
  }
}

const equalBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/** Under another name. @returns what it is called now */
export async function renameModel(from: PageModel, to: string): Promise<PageModel> {
  const model = await keepModel(to, await modelBytes(from));
  if (!sameModel(model, from)) await forgetModel(from);
  return model;
}

export async function forgetModel({ name }: PageModel): Promise<void> {
  const { openFolder } = await loadEarshot();
  await openFolder(FOLDER).remove(name + ENDING);
}
