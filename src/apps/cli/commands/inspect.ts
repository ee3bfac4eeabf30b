// `earshot inspect`: what is in a model file, without running it.

import type { Command } from "commander";
import type { ModelFile, OnnxDescription } from "../../../model/index.ts";
import { examples, jsonOption } from "../options.ts";
import type { Session } from "../session.ts";

export function addInspect(program: Command, session: Session): void {
  program
    .command("inspect")
    .description("Show what a model file holds: network, alphabet, features, metrics, where it came from.")
    .argument("<model>", "a model file, the folder of a run, or an ONNX model")
    .addOption(jsonOption())
    .addHelpText("after", examples("earshot inspect runs/first", "earshot inspect model.onnx --json"))
    .action((path: string) => inspect(path, session));
}

async function inspect(path: string, { output }: Session): Promise<void> {
  const { isOnnxPath, loadModelFile, modelPathOf, streamDelayMs } = await import("../../../model/index.ts");
  const file = await modelPathOf(path);
  const description = isOnnxPath(file)
    ? await describeProgram(file)
    : describeModel(file, await loadModelFile(file), streamDelayMs);
  if (output.json) output.object(description);
  else output.write(formatTable(withSeparators(description)));
}

async function describeProgram(path: string) {
  const { describeOnnx, loadOnnxModel } = await import("../../../model/index.ts");
  const source = await loadOnnxModel(path);
  const description: OnnxDescription = await describeOnnx(source);
  return { path, bytes: source.onnx.length, ...description };
}

/** Numbers of the first level as people read them. */
const withSeparators = (description: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(description).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === "number" ? value.toLocaleString("en-US") : value,
    ]),
  );

function describeModel(path: string, model: ModelFile, delayOf: (model: ModelFile) => number | undefined) {
  const { network, features, symbols } = model.architecture;
  const delayMs = delayOf(model);
  const sizes = Array.from(model.weights.values(), ({ data }) => data.length);
  return {
    path,
    architecture: { ...network, features, symbols },
    parameters: sizes.reduce((sum, size) => sum + size, 0),
    ...(delayMs !== undefined && { delayMs }), // of live text behind its sound
    alphabet: model.alphabet.symbols,
    features: model.features,
    transcript: model.transcript,
    metrics: model.metrics,
    training: model.training,
    ...((model.decoder ?? model.languageModel) && { decoder: describeDecoder(model) }),
    ...(model.rejection && { rejection: model.rejection }),
  };
}

/** What the file brings for decoding. */
function describeDecoder({ decoder, languageModel }: ModelFile) {
  return { ...decoder, ...(languageModel && { languageModelBytes: languageModel.length }) };
}

/** One row for each part; the fields of a part follow it, indented. */
function formatTable(description: Readonly<Record<string, unknown>>): string {
  const rows: [name: string, value: string][] = [];
  for (const [name, value] of Object.entries(description)) {
    if (!isRecord(value)) rows.push([name, formatValue(value)]);
    else
      rows.push(
        [name, ""],
        ...Object.entries(value).map(([key, v]): [string, string] => [`  ${key}`, formatValue(v)]),
      );
  }
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`.trimEnd() + "\n").join("");
}

function formatValue(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return formatSymbols(value);
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "number" ? shortened(part) : part));
}

/** 0.03947 for 0.039466753472222234. */
const shortened = (number: number): number =>
  Number.isInteger(number) ? number : Number(number.toPrecision(4));

const formatSymbols = (symbols: readonly string[]): string =>
  `${symbols.map((symbol) => (symbol === " " ? "␣" : symbol)).join(" ")} (${symbols.length}, and the blank)`;

/** As in settings.ts, which would load zod before `--help` can answer. */
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
