// Slices of one axis of an array of any shape: what the probes do to a batch.

import type { Float64Tensor } from "../../../tensor.ts";

/** Blocks of an array before, along and behind an axis: [outer, size, inner]. */
function blocks(dims: readonly number[], axis: number): { outer: number; inner: number } {
  const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);
  return { outer: product(dims.slice(0, axis)), inner: product(dims.slice(axis + 1)) };
}

/** The entries of an axis at these indices, in their order; an index outside gives zeros. */
export function take({ dims, data }: Float64Tensor, axis: number, indices: readonly number[]): Float64Tensor {
  const { outer, inner } = blocks(dims, axis);
  const taken = new Float64Array(outer * indices.length * inner);
  for (let o = 0; o < outer; o++) {
    indices.forEach((index, i) => {
      if (index >= dims[axis]) return;
      const from = (o * dims[axis] + index) * inner;
      taken.set(data.subarray(from, from + inner), (o * indices.length + i) * inner);
    });
  }
  return { type: "float64", dims: dims.with(axis, indices.length), data: taken };
}

export const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
