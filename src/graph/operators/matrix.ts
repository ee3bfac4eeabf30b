// Matrix products. The weight gradient of a product over [T, B, K] is one large product over all T·B rows.

import {
  broadcastShapes,
  formatShape,
  multiplyDimensions,
  shapeMismatch,
  type Shape,
} from "../dimensions.ts";
import type { OperatorDefinition, Tensor } from "../graph.ts";
import { apply, commonType, NUMBERS } from "../operator.ts";
import { sumTo } from "./reduction.ts";
import { reshape, transpose, transposeLast } from "./shape.ts";

export const MatMul: OperatorDefinition = {
  name: "MatMul",
  broadcasts: true,
  infer: (inputs) => [
    { type: commonType("MatMul", inputs, NUMBERS), shape: productShape(inputs[0].shape, inputs[1].shape) },
  ],
  gradient: ({ node, input, upstream }) => [
    () => sumTo(matMul(upstream, transposeLast(input(1))), node.inputs[0].shape),
    () => {
      const matrix = node.inputs[1];
      const rows = foldRows(input(0), matrix.shape.length);
      return sumTo(matMul(transposeLast(rows), foldRows(upstream, matrix.shape.length)), matrix.shape);
    },
  ],
  examples: [
    { shapes: [[2, 3], [3, 4]], build: (a, b) => matMul(a, b) }, // prettier-ignore
    { title: "of many rows", shapes: [[5, 2, 3], [3, 4]], build: (a, b) => matMul(a, b) }, // prettier-ignore
    { title: "of a batch of matrices", shapes: [[2, 3, 4], [2, 4, 5]], build: (a, b) => matMul(a, b) }, // prettier-ignore
    { title: "of a batch repeated over time", shapes: [[6, 2, 3, 4], [2, 4, 5]], build: (a, b) => matMul(a, b) }, // prettier-ignore
  ],
};

/** [..., M, K] × [..., K, N] → [..., M, N]; leading axes broadcast. */
export const matMul = (a: Tensor, b: Tensor): Tensor => apply(MatMul, [a, b]);

function productShape(a: Shape, b: Shape): Shape {
  const where = `matMul of ${formatShape(a)} and ${formatShape(b)}`;
  if (a.length < 2 || b.length < 2)
    throw shapeMismatch(where, "both operands must be matrices or batches of them");
  if (a.at(-1) !== b.at(-2))
    throw shapeMismatch(where, `the inner dimensions ${a.at(-1)} and ${b.at(-2)} differ`);
  return [...broadcastShapes(a.slice(0, -2), b.slice(0, -2), where), a.at(-2)!, b.at(-1)!];
}

/** [lead…, batch…, M, K] with more axes than `rank` becomes [batch…, lead·M, K]: one long matrix per batch. */
function foldRows(x: Tensor, rank: number): Tensor {
  const lead = x.shape.length - rank;
  if (lead <= 0) return x;
  const axes = x.shape.map((_, axis) => axis);
  const batch = axes.slice(lead, -2);
  const rows = [...axes.slice(0, lead), x.shape.length - 2];
  const moved = batch.length === 0 ? x : transpose(x, [...batch, ...rows, x.shape.length - 1]);
  const batchShape = batch.map((axis) => x.shape[axis]);
  return reshape(moved, [
    ...batchShape,
    multiplyDimensions(rows.map((axis) => x.shape[axis])),
    x.shape.at(-1)!,
  ]);
}
