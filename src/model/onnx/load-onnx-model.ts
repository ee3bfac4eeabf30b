// An ONNX model where files are: model.onnx, its description model.json beside it, and the tokens that this names. What
// tuning finds for it goes into the description: the program itself is never written.

import { EarshotError } from "../../errors.ts";
import { dirname, isMissing, join, readWholeFile, readWholeText, replaceFile } from "../../platform/index.ts";
import { isRecord } from "../../settings.ts";
import type { EngineOptions } from "../../engine/index.ts";
import type { OnnxDescription, OnnxDescriptionInput } from "./description.ts";
import { externalFiles } from "./external-data.ts";
import { onnxDescriptionPath } from "./onnx-path.ts";
import { refuseOtherPrograms } from "./program-form.ts";
import { parseTokens } from "./tokens.ts";

/** A program and what is known of it: what `OnnxModel.open` takes. */
export interface OnnxSource {
  readonly onnx: Uint8Array;
  readonly description: OnnxDescriptionInput;
  /** What errors call the description. */
  readonly where?: string;
  /** What errors call the program. */
  readonly modelWhere?: string;
  /** Files that hold its weights, by the names that it has for them. */
  readonly externalData?: EngineOptions["externalData"];
}

/** @throws EarshotError UNREADABLE_MODEL, STREAM_PROGRAM, TRAINING_PROGRAM, MISSING_DESCRIPTION, INVALID_DESCRIPTION, INVALID_TOKENS */
export async function loadOnnxModel(path: string): Promise<OnnxSource> {
  const onnx = await readWholeFile(path).catch((cause: unknown) => {
    throw unreadable("UNREADABLE_MODEL", path, "Give the path of an ONNX model.", cause);
  });
  refuseOtherPrograms(onnx, path);
  const where = onnxDescriptionPath(path);
  const description = await readDescription(path);
  const program = { onnx, where, modelWhere: path, externalData: await readExternalData(path, onnx) };
  const { tokens } = description;
  if (typeof tokens !== "string") return { ...program, description: description as OnnxDescriptionInput };
  const tokensPath = join(dirname(path), tokens);
  const list = await readWholeText(tokensPath).catch((cause: unknown) => {
    throw unreadable("INVALID_TOKENS", tokensPath, `Correct "tokens" in ${where}.`, cause);
  });
  const described = { ...description, tokens: parseTokens(list, tokensPath) };
  return { ...program, description: described as unknown as OnnxDescriptionInput };
}

/** @throws UNREADABLE_MODEL for a file that is missing, or that lies elsewhere than in the model's folder */
export async function readExternalData(
  path: string,
  onnx: Uint8Array,
): Promise<EngineOptions["externalData"]> {
  const names = externalFiles(onnx);
  if (names.length === 0) return undefined;
  return Promise.all(
    names.map(async (name) => {
      if (/^[/\\]|^\w:|(^|[/\\])\.\.([/\\]|$)/.test(name)) throw elsewhere(path, name);
      const file = join(dirname(path), name);
      const data = await readWholeFile(file).catch((cause: unknown) => {
        const remedy = `It holds weights of ${path}: copy it beside the model, under this name; or export the model with external_data=False.`;
        throw unreadable("UNREADABLE_MODEL", file, remedy, cause);
      });
      return { path: name, data };
    }),
  );
}

const elsewhere = (path: string, name: string): EarshotError =>
  new EarshotError({
    code: "UNREADABLE_MODEL",
    where: path,
    problem: `Its weights are in ${name}, which is not in its folder.`,
    remedy: "Export it again with the file of its weights beside it, or with external_data=False.",
  });

/** The description as it is, with the defaults filled in. @throws UNKNOWN_SETTING, INVALID_SETTING */
export async function describeOnnx({
  description,
  where = "description",
}: OnnxSource): Promise<OnnxDescription> {
  const { parseDescription } = await import("./description.ts"); // a table that other models need not wait for
  return parseDescription(description, where);
}

/** Writes what was found best for the model into its description. @returns its path @throws as `loadOnnxModel` */
export async function saveOnnxSettings(
  path: string,
  found: Pick<OnnxDescription, "decoder" | "rejection">,
): Promise<string> {
  const where = onnxDescriptionPath(path);
  const described = { ...(await readDescription(path)), ...found };
  await replaceFile(where, new TextEncoder().encode(`${JSON.stringify(described, null, 2)}\n`));
  return where;
}

async function readDescription(path: string): Promise<Record<string, unknown>> {
  const where = onnxDescriptionPath(path);
  const text = await readWholeText(where).catch((cause: unknown) => {
    if (isMissing(cause)) throw missingDescription(path, where, cause);
    throw unreadable("INVALID_DESCRIPTION", where, "Save it as JSON.", cause);
  });
  return parseJson(text, where);
}

function parseJson(text: string, where: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text);
    if (isRecord(json)) return json;
  } catch (cause) {
    throw unreadable("INVALID_DESCRIPTION", where, "Correct the JSON.", cause);
  }
  const problem = "A description is a JSON object.";
  throw new EarshotError({
    code: "INVALID_DESCRIPTION",
    where,
    problem,
    remedy: "docs/onnx-models.md shows some.",
  });
}

function unreadable(code: string, where: string, remedy: string, cause: unknown): EarshotError {
  if (cause instanceof EarshotError) return cause;
  const problem = isMissing(cause)
    ? "There is no such file."
    : `The file cannot be read: ${(cause as Error).message}.`;
  return new EarshotError({ code, where, problem, remedy }, { cause });
}

function missingDescription(path: string, where: string, cause: unknown): EarshotError {
  return new EarshotError(
    {
      code: "MISSING_DESCRIPTION",
      where: path,
      problem: `An ONNX model needs a description, but there is no ${where}.`,
      remedy: `Write it; for a model of raw samples it may be: {"tokens": "tokens.txt", "input": {"name": "samples"}, "stride": 320}; docs/onnx-models.md shows more.`,
    },
    { cause },
  );
}
