// An ONNX acoustic model as a function: frames or samples of some utterances and how long each is, in; the numbers of each
// step and how many steps are each utterance's own, out. Which input is for what follows from what the program says of
// itself, or from a description. Knows nothing of tokens, nor of what the numbers mean.

import type { Program, TensorDeclaration } from "../../engine/index.ts";
import { EarshotError, nearestName } from "../../errors.ts";
import { fromHalf, toHalf, type Float32Tensor, type TensorData } from "../../tensor.ts";

/** The inputs and outputs of a program by what they are for. */
export interface OnnxPorts {
  /** Frames or samples. */
  readonly main: string;
  /** Each is fed how long the utterances are, [B]. */
  readonly lengths: readonly string[];
  /** Each is fed [B, T] of whole numbers, 1 in the rows of each utterance, as attention masks of wav2vec 2.0 are. */
  readonly inputMasks?: readonly string[];
  /** Fed [T', B, 1], 1 in the steps of each utterance. */
  readonly mask?: string;
  /** By default the first output of numbers with two axes or more. */
  readonly output?: string;
  /** How many steps each utterance has; by default a second output of one axis that has a number for each. */
  readonly outputLengths?: string;
  /** Of several outputs that might be meant, by their shapes. */
  readonly isOutput?: (dims: readonly number[]) => boolean;
}

export interface OnnxResult {
  /** Of each step, in whatever order of axes. */
  readonly outputs: Float32Tensor;
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
  const isMask = (name: string): boolean => {
    const { dims = [] } = program.declared.get(name) ?? {};
    return dims.length === 2 && dims[1] !== 1 && isList(name);
  };
  const inputMasks = left.filter((name) => name !== named.tensor && isMask(name));
  const lists = named.lengths === undefined ? left.filter((name) => isList(name) && !isMask(name)) : [];
  const others = left.filter((name) => !lists.includes(name) && !inputMasks.includes(name));
  const main = named.tensor ?? others.shift();
  const lengths = named.lengths === undefined ? lists : [named.lengths];
  if (main !== undefined && others.length === 0 && lengths.length <= 1)
    return { main, lengths, mask: named.mask, inputMasks };
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
  const { declared } = program;
  const feeds: Record<string, TensorData> = { [ports.main]: inType(input, declared.get(ports.main)?.type) };
  for (const name of ports.lengths) feeds[name] = listOf(lengths, declared.get(name));
  for (const name of ports.inputMasks ?? [])
    feeds[name] = inputMask(lengths, Math.max(...lengths), declared.get(name)?.type);
  if (ports.mask !== undefined && mask) feeds[ports.mask] = mask;
  const results = Object.entries(await program.run(feeds));
  const isOutputs = ([name, tensor]: [string, TensorData]): boolean =>
    isMatrix(tensor) && (ports.output === undefined || name === ports.output);
  const isLengths = ([name, { dims }]: [string, TensorData]): boolean =>
    dims.length === 1 &&
    dims[0] === lengths.length &&
    (ports.outputLengths === undefined || name === ports.outputLengths);
  const candidates = results.filter(isOutputs).map(([, tensor]) => tensor);
  const outputs = candidates.find(({ dims }) => ports.isOutput?.(dims)) ?? candidates.at(0);
  if (!outputs) throw noOutputs(ports.output, program.outputs);
  const counts = results.find(isLengths)?.[1];
  return {
    outputs: inFloat32(outputs),
    ...(counts && { lengths: Array.from<number | bigint, number>(counts.data, Number) }),
  };
}

const isMatrix = ({ type, dims }: TensorData): boolean => type.startsWith("float") && dims.length >= 2;

/** [B], in the type and with the axes that the program asks for: of one utterance also a single number, of many [B, 1]. */
function listOf(values: readonly number[], { type, dims }: Partial<TensorDeclaration> = {}): TensorData {
  const axes = dims?.length ?? 1;
  const own =
    axes === 0 && values.length === 1 ? [] : [values.length, ...Array<number>(Math.max(0, axes - 1)).fill(1)];
  return inType({ type: "float32", dims: own, data: Float32Array.from(values) }, type ?? "int64");
}

/** [B, T] */
function inputMask(lengths: readonly number[], longest: number, type?: string): TensorData {
  const data = new Float32Array(lengths.length * longest);
  for (const [b, length] of lengths.entries()) data.fill(1, b * longest, b * longest + length);
  return inType({ type: "float32", dims: [lengths.length, longest], data }, type ?? "int64");
}

/** In the type that an input declares. @throws DESCRIPTION_MISMATCH */
function inType({ dims, data }: Float32Tensor, type = "float32"): TensorData {
  if (type === "float32") return { type, dims, data };
  if (type === "float16") return { type, dims, data: toHalf(data) };
  if (type === "float64") return { type, dims, data: Float64Array.from(data) };
  if (type === "int32") return { type, dims, data: Int32Array.from(data) };
  if (type === "int64")
    return { type, dims, data: BigInt64Array.from(data, (value) => BigInt(Math.round(value))) };
  const remedy = "Export it with inputs of float32 or float16, and lengths of int64 or int32.";
  throw mismatch("model", `An input is of type ${type}, which cannot be fed.`, remedy);
}

function inFloat32({ dims, data }: TensorData): Float32Tensor {
  if (data instanceof Float32Array) return { type: "float32", dims, data };
  if (data instanceof Uint16Array) return { type: "float32", dims, data: fromHalf(data) };
  return { type: "float32", dims, data: Float32Array.from(data as ArrayLike<number>) }; // of doubles, or halves as numbers
}

export function mismatch(where: string, problem: string, remedy: string, cause?: unknown): EarshotError {
  return new EarshotError({ code: "DESCRIPTION_MISMATCH", where, problem, remedy }, { cause });
}

function noOutputs(output: string | undefined, outputs: readonly string[]): EarshotError {
  const problem =
    output === undefined
      ? `None of its outputs (${outputs.join(", ")}) has two axes or more.`
      : `Its output "${output}" does not have two axes or more of numbers.`;
  const remedy = "Export the model's outputs for each step.";
  return new EarshotError({ code: "DESCRIPTION_MISMATCH", where: "model", problem, remedy });
}
