// `earshot import`: weights that another framework trained become a model file, by a map of names (docs/import.md).

import type { Command } from "commander";
import type { ImportWeightsOptions } from "../../../model/index.ts";
import { checkOutputs } from "../../../platform/index.ts";
import { addSettingsOptions, examples, jsonOption } from "../options.ts";
import { usageFault } from "../session.ts";
import type { Session } from "../session.ts";

interface ImportFlags {
  readonly map?: string;
  readonly out?: string;
  readonly config?: string;
  readonly set?: readonly string[];
}

export function addImport(program: Command, session: Session): void {
  const command = program
    .command("import")
    .description("Make a model file of weights that another framework trained, by a map of their names.")
    .argument("<weights>", "a safetensors file, such as PyTorch's save_file writes")
    .option(
      "--map <file>",
      "which tensor becomes which weight, in YAML (docs/import.md); without it both are listed",
    )
    .option("--out <file>", "the model file (required with --map)");
  addSettingsOptions(command)
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples(
        "earshot import torch.safetensors --config small.yaml      lists the tensors of both sides",
        "earshot import torch.safetensors --config small.yaml --map map.yaml --out model.safetensors",
      ),
    )
    .action((weights: string, flags: ImportFlags) => importModel(weights, flags, session));
}

async function importModel(path: string, flags: ImportFlags, session: Session): Promise<void> {
  const { map, out, config } = flags;
  if (map !== undefined && out === undefined)
    throw usageFault("There is no --out: the model file to write.", "See: earshot import --help");
  if (map === undefined && out !== undefined)
    throw usageFault(
      "There is no --map: which tensor becomes which weight.",
      "Leave --out away to see the tensors.",
    );
  if (out !== undefined && !out.toLowerCase().endsWith(".safetensors"))
    throw usageFault(`"${out}" is no name of a model file.`, "Give --out the ending .safetensors.");
  const { readConfig } = await import("../training-input.ts");
  if (out !== undefined)
    await checkOutputs([out], { inputs: [path, map, config].filter((each) => each !== undefined) });
  const described = await describe(flags, path);
  const bytes = await readWeights(path);
  if (map === undefined || out === undefined) return listTensors(bytes, described, session);
  const { importWeights, saveModelFile } = await import("../../../model/index.ts");
  const model = importWeights(bytes, { ...described, map: await readConfig(map), mapWhere: map });
  await saveModelFile(out, model);
  report(
    out,
    Array.from(model.weights.values(), ({ data }) => data.length),
    session,
  );
}

/** The model that the settings describe. */
async function describe(flags: ImportFlags, where: string): Promise<Omit<ImportWeightsOptions, "map">> {
  const { gatherSettings } = await import("../training-input.ts");
  const { alphabetOf } = await import("../../../training/index.ts");
  const { settings } = await gatherSettings(flags);
  const { network, features, transcript } = settings;
  return { network, features, transcript, alphabet: alphabetOf(settings), where };
}

async function readWeights(path: string): Promise<Uint8Array> {
  const { EarshotError } = await import("../../../errors.ts");
  const { isMissing, readWholeFile } = await import("../../../platform/index.ts");
  return readWholeFile(path).catch((cause: unknown) => {
    const problem = isMissing(cause)
      ? "There is no such file."
      : `The file cannot be read: ${(cause as Error).message}.`;
    const remedy = "Give the path of a safetensors file.";
    throw new EarshotError({ code: "UNREADABLE_MODEL", where: path, problem, remedy }, { cause });
  });
}

async function listTensors(
  bytes: Uint8Array,
  described: Omit<ImportWeightsOptions, "map">,
  { output }: Session,
): Promise<void> {
  const { weightsToMap } = await import("../../../model/index.ts");
  const { theirs, ours } = weightsToMap(bytes, described);
  const shapes = Object.fromEntries([...theirs].map(([name, { dims }]) => [name, dims]));
  if (output.json) return output.object({ theirs: shapes, ours: Object.fromEntries(ours) });
  const line = ([name, dims]: [string, readonly number[]]): string => `  ${name} [${dims.join(", ")}]\n`;
  const text = [
    `${described.where}:\n`,
    ...Object.entries(shapes).map(line),
    "the network:\n",
    ...[...ours].map(line),
  ];
  output.write(text.join(""));
  output.note("give a map of the first to the second: --map F.yaml --out MODEL (docs/import.md)");
}

function report(out: string, sizes: readonly number[], { output }: Session): void {
  const parameters = sizes.reduce((sum, size) => sum + size, 0);
  if (output.json) output.object({ model: out, weights: sizes.length, parameters });
  else
    output.note(
      `${sizes.length} weights of ${parameters.toLocaleString("en-US")} parameters written to ${out}; test it before you trust it: earshot test`,
    );
}
