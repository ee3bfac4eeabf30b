// One tensor of another framework in the order that a weight of ours has: axes, then gates. Knows nothing of maps and files.

import { elementCount, fromHalf, type Float32Tensor, type TensorData } from "../../tensor.ts";
import { mismatchOfWeights, shapeText } from "./mismatch.ts";
import type { Placed } from "./torch-layers.ts";

const OUR_GATES = ["ifgo", "rzn"] as const;

/** @param shape of the weight of ours @throws WEIGHTS_MISMATCH */
export function placeTensor(
  tensor: TensorData,
  placed: Placed,
  shape: readonly number[],
  where: string,
): Float32Tensor {
  const numbers = floatsOf(tensor, placed, where);
  const turned = placed.transpose === false ? numbers : transposed(numbers, placed, where);
  const flat = placed.flatten ? flattened(turned) : turned;
  const ordered = placed.gates === undefined ? flat : gatesInOurOrder(flat, placed, shape, where);
  if (ordered.dims.length === shape.length && ordered.dims.every((size, i) => size === shape[i]))
    return ordered;
  throw mismatchOfWeights(
    `${where}: ${placed.from}`,
    `It is ${shapeText(tensor.dims)}${describeChange(placed, ordered.dims)}, where "${placed.to}" is ${shapeText(shape)}.`,
    remedyFor(ordered.dims, shape),
  );
}

function describeChange({ transpose, flatten, gates, only }: Placed, dims: readonly number[]): string {
  const done = [
    transpose !== false && "transposed",
    flatten && "flattened",
    gates && `gates ${only ?? gates}`,
  ];
  const what = done.filter((each) => typeof each === "string");
  return what.length === 0 ? "" : `, ${what.join(", ")} ${shapeText(dims)}`;
}

function remedyFor(came: readonly number[], shape: readonly number[]): string {
  const turned = came.toReversed();
  if (turned.length === shape.length && turned.every((size, i) => size === shape[i]))
    return "Turn it: transpose true (or leave it away) in the map.";
  if (elementCount(came) === elementCount(shape))
    return "Correct transpose or flatten in the map; earshot import without --map shows the shapes of both.";
  return "Correct the map, or set the network to the sizes that these weights were trained with (network.* in docs/settings.md, features, alphabet).";
}

function floatsOf({ type, dims, data }: TensorData, { from }: Placed, where: string): Float32Tensor {
  if (data instanceof Float32Array) return { type: "float32", dims, data };
  if (type === "float16") return { type: "float32", dims, data: fromHalf(data as Uint16Array) };
  if (data instanceof Float64Array) return { type: "float32", dims, data: Float32Array.from(data) };
  throw mismatchOfWeights(
    `${where}: ${from}`,
    `It holds numbers of type ${type}, and no weights.`,
    "Correct the name in the map, or list it under ignore.",
  );
}

/** Axis i of the result is axis order[i] of the tensor. */
function transposed(
  { dims, data }: Float32Tensor,
  { transpose, from }: Placed,
  where: string,
): Float32Tensor {
  const order =
    transpose === true ? dims.map((_, i) => dims.length - 1 - i) : (transpose as readonly number[]);
  if (order.toSorted((a, b) => a - b).join() !== dims.map((_, i) => i).join())
    throw mismatchOfWeights(
      `${where}: ${from}`,
      `Its shape is ${shapeText(dims)}, but transpose orders the axes ${shapeText(order)}.`,
      "Name each of its axes once, from 0 on.",
    );
  const strides = dims.map((_, axis) => elementCount(dims.slice(axis + 1)));
  const turned = order.map((axis) => dims[axis]);
  const result = new Float32Array(data.length);
  const index = turned.map(() => 0);
  for (let to = 0, from = 0; to < result.length; to++) {
    result[to] = data[from];
    for (let axis = turned.length - 1; axis >= 0; axis--) {
      from += strides[order[axis]];
      if (++index[axis] < turned[axis]) break;
      from -= strides[order[axis]] * turned[axis];
      index[axis] = 0;
    }
  }
  return { type: "float32", dims: turned, data: result };
}

const flattened = ({ dims, data }: Float32Tensor): Float32Tensor => ({
  type: "float32",
  dims: [elementCount(dims.slice(0, -1)), ...dims.slice(-1)],
  data,
});

/** The gates of the last axis in the order of ours; those that `only` leaves out are 0, or not there where one gate is asked. */
function gatesInOurOrder(
  tensor: Float32Tensor,
  placed: Placed,
  shape: readonly number[],
  where: string,
): Float32Tensor {
  const { gates = "", only = gates, from, to } = placed;
  const size = tensor.dims.at(-1)! / gates.length;
  if (!Number.isInteger(size) || ![...only].every((gate) => gates.includes(gate)))
    throw mismatchOfWeights(
      `${where}: ${from}`,
      `Its last axis in ${shapeText(tensor.dims)} does not hold the gates ${gates}${only === gates ? "" : `, of which ${only}`} for "${to}".`,
      "Correct gates, only and transpose in the map; the gates are those of the last axis after transposing.",
    );
  const ours = OUR_GATES.find((order) => order.includes(gates[0]))!;
  const kept = shape.at(-1) === size ? [...only] : [...ours];
  const rows = tensor.data.length / tensor.dims.at(-1)!;
  const data = new Float32Array(rows * kept.length * size);
  for (let row = 0; row < rows; row++)
    for (const [place, gate] of kept.entries()) {
      if (!only.includes(gate)) continue;
      const start = (row * gates.length + gates.indexOf(gate)) * size;
      data.set(tensor.data.subarray(start, start + size), (row * kept.length + place) * size);
    }
  return { type: "float32", dims: [...tensor.dims.slice(0, -1), kept.length * size], data };
}
