// Any ONNX acoustic model on a sample batch: arrays named like the program's inputs, and the labels. Which input holds
// the features, and which of its axes are batch and time, follows from the shapes, or is given (batch_axis, time_axis).

import { openEngine, type Program } from "../../../engine/index.ts";
import { EarshotError } from "../../../errors.ts";
import { readExternalData, runOnnx } from "../../../model/index.ts";
import { readWholeFile } from "../../../platform/index.ts";
import type { Float64Tensor } from "../../../tensor.ts";
import { normalizationOf } from "../checks/normalization.ts";
import type { BatchEvidence } from "../evidence/batch-evidence.ts";
import { readArrayFiles } from "../evidence/files.ts";
import { evidenceFrom } from "../evidence/from-arrays.ts";
import { unfitEvidence, type NamedArrays } from "../evidence/named-arrays.ts";
import { rerun, type Forward, type ModelBatch } from "./reruns.ts";

/** @throws UNREADABLE_EVIDENCE and others of the batch; INVALID_PROGRAM; UNFIT_EVIDENCE, PROGRAM_FAILED where they do not fit */
export async function evidenceOfOnnx(
  modelPath: string,
  batchPaths: readonly string[],
): Promise<BatchEvidence> {
  const given = await readArrayFiles(batchPaths);
  const bytes = await readWholeFile(modelPath);
  const externalData = await readExternalData(modelPath, bytes);
  const program = await (await openEngine()).load(bytes, { externalData });
  try {
    const main = mainInput(program, given, modelPath);
    const batch = batchOf(given, given.arrays.get(main)!, modelPath);
    checkInputs(program, main, batch, given);
    const { arrays, failed } = await rerun(forwardOf(program, main), batch);
    return evidenceOf(arrays, failed, given, batch, modelPath);
  } finally {
    await program.close();
  }
}

/** The input with the most numbers. */
function mainInput(program: Program, { arrays }: NamedArrays, where: string): string {
  const named = program.inputs.filter((name) => (arrays.get(name)?.dims.length ?? 0) >= 2);
  const [main] = named.toSorted((a, b) => arrays.get(b)!.data.length - arrays.get(a)!.data.length);
  if (main !== undefined) return main;
  throw unfitEvidence(
    where,
    `The batch has no array for any of the model's inputs: ${program.inputs.join(", ")}.`,
    "Name the array of features (or samples) of the batch like the model's input.",
  );
}

function batchOf({ arrays, facts }: NamedArrays, input: Float64Tensor, where: string): ModelBatch {
  const number = (name: string): number | undefined =>
    arrays.get(name)?.data[0] ?? (facts[name] as number | undefined);
  const lengths = arrays.get("frames") ?? arrays.get("input_lengths");
  const B = lengths?.data.length ?? arrays.get("target_lengths")?.data.length;
  const batchAxis = number("batch_axis") ?? Math.max(0, input.dims.indexOf(B ?? input.dims[0]));
  const frames = arrays.get("frames")?.data;
  const longest = frames ? Math.max(...frames) : undefined;
  const others = input.dims.map((_, axis) => axis).filter((axis) => axis !== batchAxis);
  const timeAxis = number("time_axis") ?? others.find((axis) => input.dims[axis] === longest) ?? others[0];
  const own = frames ?? new Float64Array(input.dims[batchAxis]).fill(input.dims[timeAxis]);
  if (own.length === input.dims[batchAxis]) return { input, batchAxis, timeAxis, frames: [...own] };
  throw unfitEvidence(
    where,
    `There are frames for ${own.length} utterances, but the input [${input.dims}] has ${input.dims[batchAxis]}.`,
    "Give frames [B], one for each utterance of the input, and batch_axis and time_axis where they are unusual.",
  );
}

/** Features as float32; every other input is fed the lengths, cut and ordered like the batch. */
function forwardOf(program: Program, main: string): Forward {
  const ports = { main, lengths: program.inputs.filter((name) => name !== main) };
  return async ({ dims, data }, frames) => {
    const input = { type: "float32", dims, data: Float32Array.from(data) } as const;
    const { outputs, lengths } = await runOnnx(program, ports, input, frames).catch(asUnfit);
    const numbers = Float64Array.from(outputs.data);
    return { outputs: { type: "float64", dims: outputs.dims, data: numbers }, lengths };
  };
}

function asUnfit(error: unknown): never {
  if (error instanceof EarshotError && error.code === "DESCRIPTION_MISMATCH")
    throw unfitEvidence(error.where ?? "model", error.problem, error.remedy);
  throw error;
}

/** What is neither features nor lengths cannot be fed. */
function checkInputs(
  { inputs }: Program,
  main: string,
  { frames }: ModelBatch,
  { arrays }: NamedArrays,
): void {
  const unknown = inputs.filter(
    (name) => name !== main && arrays.has(name) && arrays.get(name)!.data.length !== frames.length,
  );
  if (unknown.length === 0) return;
  throw unfitEvidence(
    unknown.join(", "),
    "The doctor feeds features and lengths only; this input is neither.",
    "Export the model with these inputs fixed.",
  );
}

/** A model has no loss: what its outputs are is what they are taken for, and so is their layout. */
function evidenceOf(
  arrays: ReadonlyMap<string, Float64Tensor>,
  failed: Readonly<Record<string, string>>,
  given: NamedArrays,
  { frames }: ModelBatch,
  where: string,
): BatchEvidence {
  const extra = [...given.arrays].filter(([name]) =>
    /^(targets|target_lengths|input_lengths|blank|losses)$/.test(name),
  );
  const { dims } = arrays.get("log_probs")!;
  const layout =
    given.facts.layout ?? (dims[0] === frames.length && dims[1] !== frames.length ? "BTV" : "TBV");
  const facts = { mode: "eval", ...known(given.facts), layout, failed };
  const evidence = evidenceFrom({ arrays: new Map([...arrays, ...extra]), facts }, where);
  const form = evidence.outputs && normalizationOf(evidence.outputs, evidence.lengths)?.form;
  const takes = form === undefined ? "logits" : form === "probabilities" ? "probs" : "log_probs";
  return { ...evidence, takes: evidence.takes ?? takes };
}

const known = ({ blank, symbols, takes, features }: NamedArrays["facts"]) => ({
  blank,
  symbols,
  takes,
  features,
});
