// Tensors of single utterances → one of a batch, and back: along the dimension B, wherever it stands in a shape. Knows nothing of
// what they hold.

import { elementCount, type Float32Tensor } from "../tensor.ts";

/** One tensor of all utterances, in their order. @param tensors of one shape, in which B is 1 @param axis of B */
export function gatherUtterances(tensors: readonly Float32Tensor[], axis: number): Float32Tensor {
  const [{ dims, data }] = tensors;
  if (tensors.length === 1) return tensors[0];
  const B = tensors.length;
  const inner = elementCount(dims.slice(axis + 1));
  const outer = data.length / inner;
  const all = new Float32Array(B * data.length);
  for (const [b, tensor] of tensors.entries())
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < inner; i++) all[(o * B + b) * inner + i] = tensor.data[o * inner + i];
  return { type: "float32", dims: dims.with(axis, B), data: all };
}

/** A copy of one utterance's part, in which B is 1. */
export function utteranceOf({ dims, data }: Float32Tensor, axis: number, b: number): Float32Tensor {
  const B = dims[axis];
  if (B === 1) return { type: "float32", dims, data };
  const inner = elementCount(dims.slice(axis + 1));
  const own = new Float32Array(data.length / B);
  for (let o = 0; o * inner < own.length; o++)
    for (let i = 0; i < inner; i++) own[o * inner + i] = data[(o * B + b) * inner + i];
  return { type: "float32", dims: dims.with(axis, 1), data: own };
}
