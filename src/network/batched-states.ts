// Tensors of single utterances → one of a batch, and back: along the dimension B, wherever it stands in a shape. Knows nothing of
// what they hold.

import type { Float32Tensor } from "../tensor.ts";

/** One tensor of all utterances, in their order. @param tensors of one shape, in which B is 1 @param axis of B */
export function gatherUtterances(tensors: readonly Float32Tensor[], axis: number): Float32Tensor {
  const [{ dims, data }] = tensors;
  if (tensors.length === 1) return tensors[0];
  const B = tensors.length;
  const inner = product(dims.slice(axis + 1));
  const outer = data.length / inner;
  const all = new Float32Array(B * data.length);
  for (const [b, tensor] of tensors.entries()) copyBlocks(tensor.data, 1, 0, all, B, b, inner, outer);
  return { type: "float32", dims: dims.with(axis, B), data: all };
}

/** A copy of one utterance's part, in which B is 1. */
export function utteranceOf({ dims, data }: Float32Tensor, axis: number, b: number): Float32Tensor {
  const B = dims[axis];
  if (B === 1) return { type: "float32", dims, data };
  const inner = product(dims.slice(axis + 1));
  const own = new Float32Array(data.length / B);
  copyBlocks(data, B, b, own, 1, 0, inner, own.length / inner);
  return { type: "float32", dims: dims.with(axis, 1), data: own };
}

/** Blocks that a call is worth. */
const LONG = 16;

/** Block o is the `fromAt`-th of the o-th `fromEvery` blocks of one array, and the `toAt`-th of the o-th `toEvery` of the other. */
function copyBlocks(
  from: Float32Array,
  fromEvery: number,
  fromAt: number,
  to: Float32Array,
  toEvery: number,
  toAt: number,
  inner: number,
  outer: number,
): void {
  for (let o = 0; o < outer; o++) {
    const [source, target] = [(o * fromEvery + fromAt) * inner, (o * toEvery + toAt) * inner];
    if (inner >= LONG) to.set(from.subarray(source, source + inner), target);
    else for (let i = 0; i < inner; i++) to[target + i] = from[source + i];
  }
}

const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);
