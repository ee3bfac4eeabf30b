// What several tensors bring to one weight of ours: biases are added; of two directions that share a weight, both must bring
// the same. And the blank, which in ours is the last output.

import { elementCount, type Float32Tensor, type TensorData } from "../../tensor.ts";
import { mismatchOfWeights } from "./mismatch.ts";
import { placeTensor } from "./place-tensor.ts";
import type { Placed } from "./torch-layers.ts";

/** Sums of the same numbers in another order differ by so much. */
const TOLERANCE = 1e-6;

/** @param own what has its place in this weight; none for zeros @throws WEIGHTS_MISMATCH */
export function combined(
  own: readonly Placed[],
  tensors: ReadonlyMap<string, TensorData>,
  shape: readonly number[],
  where: string,
): Float32Tensor {
  const sums = [undefined, "forward", "backward"].flatMap((direction) => {
    const each = own.filter((placed) => placed.direction === direction);
    return each.length === 0 ? [] : [{ each, sum: sumOf(each, tensors, shape, where) }];
  });
  for (const other of sums.slice(1)) checkEqual(sums[0], other, where);
  return sums[0]?.sum ?? zerosOf(shape);
}

const zerosOf = (shape: readonly number[]): Float32Tensor => ({
  type: "float32",
  dims: shape,
  data: new Float32Array(elementCount(shape)),
});

interface Sum {
  readonly each: readonly Placed[];
  readonly sum: Float32Tensor;
}

function sumOf(
  each: readonly Placed[],
  tensors: ReadonlyMap<string, TensorData>,
  shape: readonly number[],
  where: string,
): Float32Tensor {
  if (each.filter(({ add }) => !add).length > 1) throw placedTwice(each, where);
  const sum = zerosOf(shape);
  for (const placed of each) {
    const { data } = placeTensor(tensors.get(placed.from)!, placed, shape, where);
    for (let i = 0; i < data.length; i++) sum.data[i] += data[i];
  }
  return sum;
}

function checkEqual(first: Sum, other: Sum, where: string): void {
  const difference = first.sum.data.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - other.sum.data[i])),
    0,
  );
  if (difference <= TOLERANCE) return;
  const names = [...first.each, ...other.each].map(({ from }) => from);
  throw mismatchOfWeights(
    `${where}: ${names.join(", ")}`,
    `"${first.each[0].to}" serves both directions, but what these bring to it differs, by up to ${difference.toPrecision(3)}.`,
    "Take a network whose directions have weights of their own, or train theirs with shared ones.",
  );
}

function placedTwice(each: readonly Placed[], where: string) {
  return mismatchOfWeights(
    `${where}: ${each.map(({ from }) => from).join(", ")}`,
    `Each of these becomes "${each[0].to}".`,
    "Take one away from the map, or say that they are to be added, by add: true on each but one.",
  );
}

/** Their outputs with the blank in another place, in the order of ours. @throws WEIGHTS_MISMATCH */
export function withBlankLast(
  { type, dims, data }: Float32Tensor,
  blank: number,
  where: string,
): Float32Tensor {
  const V = dims.at(-1)!;
  if (blank >= V)
    throw mismatchOfWeights(
      `${where}: blank`,
      `The blank is output ${blank} of ${V}, counted from 0.`,
      "Correct blank in the map.",
    );
  const from = Array.from({ length: V }, (_, v) => (v === V - 1 ? blank : v < blank ? v : v + 1));
  return { type, dims, data: data.map((_, i) => data[i - (i % V) + from[i % V]]) };
}
