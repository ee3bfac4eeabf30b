// `earshot export`: a model for other programs, as ONNX, or smaller, as a model file of ours.

import { Option } from "commander";
import type { Command } from "commander";
import { basename } from "node:path";
import type { ExportedModel, ExportForm, ExportPrecision, ModelFile } from "../../../model/index.ts";
import { EarshotError } from "../../../errors.ts";
import {
  checkOutputs,
  dirname,
  fileFacts,
  join,
  openFolder,
  readWholeFile,
} from "../../../platform/index.ts";
import { collect, examples, jsonOption } from "../options.ts";
import { usageFault } from "../session.ts";
import type { Session } from "../session.ts";

interface ExportFlags {
  readonly model?: readonly string[];
  readonly out?: string;
  readonly samples?: true;
  readonly stream?: true;
  readonly training?: true;
  readonly precision: ExportPrecision;
  readonly json?: true;
}

/** A file by its path. */
type Written = readonly (readonly [path: string, bytes: Uint8Array])[];

export function addExport(program: Command, session: Session): void {
  program
    .command("export")
    .description("Write a model for other programs: as ONNX with its tokens, or as a smaller model file.")
    .option(
      "-m, --model <file>",
      "the model file, the folder of a run, or a name that `earshot models` lists (required)",
      collect,
    )
    .option("--out <file>", "what to write: .onnx, or .safetensors for a model file (required)")
    .option("--samples", "the program takes samples at 16 kHz: the features are computed in it")
    .option("--stream", "the program takes a stream, chunk by chunk, with states in and out")
    .option("--training", "programs to train with elsewhere: forward pass, backward pass and update")
    .addOption(
      new Option("--precision <name>", "how weights are stored: float16 halves the file, int8 quarters it")
        .choices(["float32", "float16", "int8"])
        .default("float32"),
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples(
        "earshot export -m runs/first --out first.onnx",
        "earshot export -m runs/first --out first.onnx --samples --precision int8",
        "earshot export -m runs/live --out live.onnx --stream",
        "earshot export -m runs/first --out first.onnx --training",
        "earshot export -m runs/first --out half.safetensors --precision float16",
      ),
    )
    .action((flags: ExportFlags) => exportModel(flags, session));
}

async function exportModel(flags: ExportFlags, { output }: Session): Promise<void> {
  const { model: paths = [], out } = flags;
  const [path] = paths;
  if (path === undefined)
    throw usageFault("There is no -m, --model: the model file to export.", "See: earshot export --help");
  if (paths.length > 1)
    throw usageFault(
      `An export is of one model, not of ${paths.join(" and ")}.`,
      "Export one after the other.",
    );
  if (out === undefined)
    throw usageFault("There is no --out: the file to write.", "See: earshot export --help");
  checkFlags(flags, out);
  const { loadModelFile, modelPathOf } = await import("../../../model/index.ts");
  const source = await modelPathOf(path);
  const written = await filesOf(await loadModelFile(source), flags, out);
  await checkOutputs(
    written.map(([file]) => file),
    { inputs: [source], makesFolders: true },
  );
  await checkTokens(written);
  await checkDescription(written, beside(out, ".json"));
  for (const [file, bytes] of written) await openFolder(dirname(file)).replace(basename(file), bytes);
  const files = written.map(([file, { length }]) => ({ path: file, bytes: length }));
  if (output.json) output.object({ files });
  else
    for (const { path: file, bytes } of files) output.note(`${file}: ${bytes.toLocaleString("en-US")} bytes`);
}

const TOKENS = "tokens.txt";

/** @throws EarshotError OTHER_TOKENS */
async function checkTokens(written: Written): Promise<void> {
  const [path, bytes] = written.find(([file]) => basename(file) === TOKENS) ?? [];
  if (path === undefined || bytes === undefined || (await fileFacts(path)) === undefined) return;
  const there = await readWholeFile(path);
  if (there.length === bytes.length && there.every((byte, i) => byte === bytes[i])) return;
  throw new EarshotError({
    code: "OTHER_TOKENS",
    where: path,
    problem: "These are the tokens of another model.",
    remedy: "Export into a folder of its own, or remove the file.",
  });
}

/** A description that somebody wrote, and any other file of its name, stays. @throws EarshotError OTHER_DESCRIPTION */
async function checkDescription(written: Written, path: string): Promise<void> {
  const isWritten = written.some(([file]) => file === path);
  if (!isWritten || (await fileFacts(path)) === undefined) return;
  const { isExportedDescription } = await import("../../../model/index.ts");
  if (isExportedDescription(jsonOf(await readWholeFile(path)))) return;
  throw new EarshotError({
    code: "OTHER_DESCRIPTION",
    where: path,
    problem: "This file was not written by an export, whose description would replace it.",
    remedy: "Export under another name or into a folder of its own, or remove the file.",
  });
}

/** Undefined of a file that is no JSON. */
function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

const isModelFile = (out: string): boolean => out.toLowerCase().endsWith(".safetensors");

function checkFlags({ samples, stream, training, precision }: ExportFlags, out: string): void {
  const forms = [samples && "--samples", stream && "--stream", training && "--training"].filter(Boolean);
  if (forms.length > 1)
    throw usageFault(`${forms.join(" and ")} are different programs.`, "Export one after the other.");
  if (isModelFile(out)) {
    if (forms.length > 0) throw usageFault(`${forms[0]} is for programs.`, "Give --out the ending .onnx.");
    if (precision === "int8")
      throw usageFault("A model file holds no bytes.", "Give --out the ending .onnx, or take float16.");
    return;
  }
  if (!out.toLowerCase().endsWith(".onnx"))
    throw usageFault(`"${out}" does not say what to write.`, "Give --out the ending .onnx or .safetensors.");
  if (training && precision !== "float32")
    throw usageFault("Training needs all digits of its weights.", "Leave --precision out.");
}

async function filesOf(model: ModelFile, flags: ExportFlags, out: string): Promise<Written> {
  const { exportOnnx, writeModelFile } = await import("../../../model/index.ts");
  const { precision } = flags;
  if (isModelFile(out)) {
    const numbers = precision === "float16" ? precision : "float32";
    return [[out, writeModelFile(model, { precision: numbers })]];
  }
  if (flags.training) return trainingFiles(out, model);
  return programFiles(out, exportOnnx(model, { form: formOf(flags), precision }));
}

const formOf = ({ samples, stream }: ExportFlags): ExportForm =>
  samples ? "samples" : stream ? "stream" : "frames";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const beside = (out: string, ending: string): string => `${out.slice(0, -".onnx".length)}${ending}`;

/** The passes, the update, what one must know to drive them, and the weights to begin with. */
async function trainingFiles(out: string, model: ModelFile): Promise<Written> {
  const { exportTraining } = await import("../../../training/index.ts");
  const { writeSafetensors } = await import("../../../model/index.ts");
  const { forward, backward, update, contract } = exportTraining(model);
  return [
    [beside(out, ".forward.onnx"), forward],
    [beside(out, ".backward.onnx"), backward],
    [beside(out, ".update.onnx"), update],
    [beside(out, ".training.json"), bytesOf(`${JSON.stringify(contract, null, 2)}\n`)],
    [beside(out, ".weights.safetensors"), writeSafetensors(model.weights)],
  ];
}

/** The program, tokens.txt, and the description by which it opens again. */
function programFiles(out: string, { onnx, tokens, description }: ExportedModel): Written {
  return [
    [out, onnx],
    [join(dirname(out), TOKENS), bytesOf(tokens)],
    ...(description
      ? [[beside(out, ".json"), bytesOf(`${JSON.stringify(description, null, 2)}\n`)] as const]
      : []),
  ];
}
