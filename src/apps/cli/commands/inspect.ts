// `earshot inspect`: what is in a model file, without running it.

import type { Command } from "commander";
import type { ModelFile } from "../../../model/index.ts";
import { examples, jsonOption } from "../options.ts";
import type { Session } from "../session.ts";

export function addInspect(program: Command, session: Session): void {
  program
    .command("inspect")
    .description("Show what a model file holds: network, alphabet, features, metrics, where it came from.")
    .argument("<model>", "a model file")
    .addOption(jsonOption())
    .addHelpText("after", examples("earshot inspect runs/first/model.safetensors"))
    .action((path: string) => inspect(path, session));
}

async function inspect(path: string, { output }: Session): Promise<void> {
  const { loadModelFile } = await import("../../../model/index.ts");
  const description = describeModel(path, await loadModelFile(path));
  if (output.json) output.object(description);
  else
    output.write(formatTable({ ...description, parameters: description.parameters.toLocaleString("en-US") }));
}

function describeModel(path: string, model: ModelFile) {
  const { network, features, symbols } = model.architecture;
  const sizes = Array.from(model.weights.values(), ({ data }) => data.length);
  return {
    path,
    architecture: { ...network, features, symbols },
    parameters: sizes.reduce((sum, size) => sum + size, 0),
    alphabet: model.alphabet.symbols,
    features: model.features,
    transcript: model.transcript,
    metrics: model.metrics,
    training: model.training,
    ...((model.decoder ?? model.languageModel) && { decoder: describeDecoder(model) }),
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
  return JSON.stringify(value);
}

const formatSymbols = (symbols: readonly string[]): string =>
  `${symbols.map((symbol) => (symbol === " " ? "␣" : symbol)).join(" ")} (${symbols.length}, and the blank)`;

/** As in settings.ts, which would load zod before `--help` can answer. */
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
