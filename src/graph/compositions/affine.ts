// The affine map of a dense layer: one matrix product over the rows of all leading axes, the bias added inside it.

import type { CompositionDefinition } from "../composition.ts";
import { formatShape, multiplyDimensions, shapeMismatch } from "../dimensions.ts";
import { integers, type Tensor } from "../graph.ts";
import { gemm } from "../operators/matrix.ts";
import { reshape, reshapeBy, shapeOf } from "../operators/shape.ts";
import { concat } from "../operators/slice.ts";

export const Affine: CompositionDefinition = {
  name: "affine",
  source: "Hannun et al. 2014 (arXiv 1412.5567), eq. 1, before the rectifier",
  examples: [
    { shapes: [[5, 2, 3], [3, 4], [4]], build: (x, w, b) => affine(x, w, b) }, // prettier-ignore
    { title: "of a matrix", shapes: [[2, 3], [3, 4], [4]], build: (x, w, b) => affine(x, w, b) }, // prettier-ignore
  ],
};

/** x W + b over the last axis: [..., I] × [I, O] + [O] → [..., O]. */
export function affine(x: Tensor, matrix: Tensor, bias: Tensor): Tensor {
  const lead = x.shape.slice(0, -1);
  const [inputs, outputs] = matrix.shape;
  if (matrix.shape.length !== 2 || x.shape.at(-1) !== inputs) {
    throw shapeMismatch("affine", `${formatShape(x.shape)} and ${formatShape(matrix.shape)} are not [..., I] and [I, O]`); // prettier-ignore
  }
  if (lead.length === 1) return gemm(x, matrix, bias);
  const width = typeof outputs === "number" ? integers(x.graph, [outputs]) : shapeOf(matrix, 1, 2);
  const rows = gemm(reshape(x, [multiplyDimensions(lead), inputs]), matrix, bias);
  const sizes = concat([shapeOf(x, 0, lead.length), width], 0);
  return reshapeBy(rows, sizes, [...lead, outputs]);
}
