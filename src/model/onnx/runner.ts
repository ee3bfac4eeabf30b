// An ONNX acoustic model as a function: frames or samples of some utterances and how long each is, in; the numbers of each
// step and how many steps are each utterance's own, out. Which input is for what follows from what the program says of
// itself, or from a description. Knows nothing of tokens, nor of what the numbers mean.

import type { Program } from "../../engine/index.ts";
import { EarshotError, nearestName } from "../../errors.ts";
import type { Float32Tensor, TensorData } from "../../tensor.ts";

/** The inputs and outputs of a program by what they are for. */
export interface OnnxPorts {
  /** Frames or samples. */
  readonly main: string;
  /** Each is fed how long the utterances are, [B]. */
  readonly lengths: readonly string[];
  /** Fed [T', B, 1], 1 in the steps of each utterance. */
  readonly mask?: string;
  /** By default the first output of numbers with two axes or more. */
  readonly output?: string;
  /** How many steps each utterance has; by default a second output of one axis that has a number for each. */
  readonly outputLengths?: string;
}

export interface OnnxResult {
  /** Of each step, in whatever order of axes. */
  readonly outputs: TensorData;
  /** [B], where the program gives them. */
  readonly lengths?: readonly number[];
}

/** What a description, or a doctor's batch, says of a program by name. */
export interface NamedPorts {
  readonly tensor?: string;
  readonly lengths?: string;
  readonly mask?: string;
}

/**
 * Which input is for what: those named; an input of one axis, and any of integers, for lengths; the one left over for
 * frames or samples. @throws DESCRIPTION_MISMATCH
 */
export function findPorts(program: Program, named: NamedPorts, where: string): OnnxPorts {
  for (const name of [named.tensor, named.lengths, named.mask])
    if (name !== undefined) checkName(name, program.inputs, "input", where);
  const left = program.inputs.filter((name) => !Object.values(named).includes(name));
  const isList = (name: string): boolean => {
    const { type, dims } = program.declared.get(name) ?? { type: "float32", dims: [0, 0] };
    return dims.length === 1 || type.startsWith("int");
  };
  const lists = named.lengths === undefined ? left.filter(isList) : [];
  const others = left.filter((name) => !lists.includes(name));
  const main = named.tensor ?? others.shift();
  const lengths = named.lengths === undefined ? lists : [named.lengths];
  if (main !== undefined && others.length === 0 && lengths.length <= 1)
    return { main, lengths, mask: named.mask };
  throw new EarshotError({
    code: "DESCRIPTION_MISMATCH",
    where,
    problem: `It is not clear what each of the program's inputs is for: ${program.inputs.join(", ")}.`,
    remedy:
      "Name them: feed.tensor for frames or samples, feed.lengths, feed.mask; an input for anything else must be fixed when the model is exported.",
  });
}

/** @throws DESCRIPTION_MISMATCH */
export function checkName(
  name: string,
  names: readonly string[],
  kind: "input" | "output",
  where: string,
): void {
  if (names.includes(name)) return;
  const near = nearestName(name, names);
  throw new EarshotError({
    code: "DESCRIPTION_MISMATCH",
    where,
    problem: `The program has no ${kind} named "${name}"; it has ${names.join(", ")}.`,
    remedy: near === undefined ? "Correct the name in the description." : `Did you mean "${near}"?`,
  });
}

/**
 * One run. @param mask [T', B, 1], for a program that takes one
 * @throws PROGRAM_FAILED, DESCRIPTION_MISMATCH
 */
export async function runOnnx(
  program: Program,
  ports: OnnxPorts,
  input: Float32Tensor,
  lengths: readonly number[],
  mask?: Float32Tensor,
): Promise<OnnxResult> {
  const feeds: Record<string, TensorData> = { [ports.main]: input };
  for (const name of ports.lengths) feeds[name] = listOf(lengths, program.declared.get(name)?.type);
  if (ports.mask !== undefined && mask) feeds[ports.mask] = mask;
  const results = Object.entries(await program.run(feeds));
  const isOutputs = ([name, tensor]: [string, TensorData]): boolean =>
    isMatrix(tensor) && (ports.output === undefined || name === ports.output);
  const isLengths = ([name, { dims }]: [string, TensorData]): boolean =>
    dims.length === 1 &&
    dims[0] === lengths.length &&
    (ports.outputLengths === undefined || name === ports.outputLengths);
  const outputs = results.find(isOutputs)?.[1];
  if (!outputs) throw noOutputs(ports.output, program.outputs);
  if (!(outputs.data instanceof Float32Array || outputs.data instanceof Float64Array))
    throw unreadableNumbers(outputs.type);
  const counts = results.find(isLengths)?.[1];
  return { outputs, ...(counts && { lengths: Array.from<number | bigint, number>(counts.data, Number) }) };
}

const isMatrix = ({ type, dims }: TensorData): boolean => type.startsWith("float") && dims.length >= 2;

/** [B], in the type that the program asks for. */
function listOf(values: readonly number[], type = "int64"): TensorData {
  const dims = [values.length];
  if (type === "int64")
    return { type, dims, data: BigInt64Array.from(values, (value) => BigInt(Math.round(value))) };
  if (type === "int32") return { type, dims, data: Int32Array.from(values) };
  if (type === "float64") return { type, dims, data: Float64Array.from(values) };
  return { type: "float32", dims, data: Float32Array.from(values) };
}

function noOutputs(output: string | undefined, outputs: readonly string[]): EarshotError {
  const problem =
    output === undefined
      ? `None of its outputs (${outputs.join(", ")}) has two axes or more.`
      : `Its output "${output}" does not have two axes or more of numbers.`;
  const remedy = "Export the model's outputs for each step.";
  return new EarshotError({ code: "DESCRIPTION_MISMATCH", where: "model", problem, remedy });
}

/** Of half precision a runtime gives the bits, as whole numbers. */
function unreadableNumbers(type: string): EarshotError {
  const problem = `Its outputs are of type ${type}, which cannot be read.`;
  const remedy = "Export them as float32: a Cast behind the last operator is enough.";
  return new EarshotError({ code: "DESCRIPTION_MISMATCH", where: "model", problem, remedy });
}
