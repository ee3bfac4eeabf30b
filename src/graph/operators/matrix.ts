// Matrix products. The weight gradient of a product over [T, B, K] is one large product over all T·B rows.

import {
  broadcastShapes,
  formatShape,
  multiplyDimensions,
  sameShape,
  shapeMismatch,
  type Shape,
} from "../dimensions.ts";
import type { GradientContext, OperatorDefinition, Tensor } from "../graph.ts";
import { apply, commonType, FLOATS, NUMBERS } from "../operator.ts";
import { mul } from "./elementwise.ts";
import { sumTo } from "./reduction.ts";
import { reshape, reshapeBy, shapeOf, transpose, transposeLast } from "./shape.ts";
import { concat } from "./slice.ts";

export const MatMul: OperatorDefinition = {
  name: "MatMul",
  broadcasts: true,
  infer: (inputs) => [
    {
      type: commonType("MatMul", inputs, NUMBERS),
      shape: productShape("matMul", inputs[0].shape, inputs[1].shape),
    },
  ],
  gradient: ({ node, input, upstream }) => [
    () => {
      const matrix = node.inputs[0];
      const columns = foldColumns(input(1), matrix.shape.length);
      return sumTo(matMul(foldColumns(upstream, matrix.shape.length), transposeLast(columns)), matrix.shape);
    },
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

function productShape(name: string, a: Shape, b: Shape): Shape {
  const where = `${name} of ${formatShape(a)} and ${formatShape(b)}`;
  if (a.length < 2 || b.length < 2)
    throw shapeMismatch(where, "both operands must be matrices or batches of them");
  if (a.at(-1) !== b.at(-2))
    throw shapeMismatch(where, `the inner dimensions ${a.at(-1)} and ${b.at(-2)} differ`);
  return [...broadcastShapes(a.slice(0, -2), b.slice(0, -2), where), a.at(-2)!, b.at(-1)!];
}

export interface GemmOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

export const Gemm: OperatorDefinition = {
  name: "Gemm",
  broadcasts: true,
  infer: (inputs, { transA, transB }) => {
    const turned = ({ shape }: Tensor, turn: boolean) => (turn ? shape.toReversed() : shape);
    const [a, b, c] = inputs;
    const where = `gemm of ${formatShape(a.shape)} and ${formatShape(b.shape)}`;
    if (a.shape.length !== 2 || b.shape.length !== 2)
      throw shapeMismatch(where, "both factors must be matrices; for batches of them, use matMul");
    const shape = productShape("gemm", turned(a, transA === 1), turned(b, transB === 1));
    if (c && !sameShape(broadcastShapes(c.shape, shape, where), shape))
      throw shapeMismatch(where, `${formatShape(c.shape)} does not grow into ${formatShape(shape)}`);
    return [{ type: commonType("Gemm", inputs, FLOATS), shape }];
  },
  gradient: (context) => {
    const { node, upstream } = context;
    const transposeA = node.attributes.transA === 1;
    const transposeB = node.attributes.transB === 1;
    return [
      () => {
        const [b, u] = foldTogether(context, 1, transposeB ? foldRows : foldColumns, foldColumns);
        return transposeA
          ? gemm(b, u, undefined, { transposeA: transposeB, transposeB: true })
          : gemm(u, b, undefined, { transposeB: !transposeB });
      },
      () => {
        const [a, u] = foldTogether(context, 0, transposeA ? foldColumns : foldRows, foldRows);
        return transposeB
          ? gemm(u, a, undefined, { transposeA: true, transposeB: transposeA })
          : gemm(a, u, undefined, { transposeA: !transposeA });
      },
      () => sumTo(upstream, node.inputs[2].shape),
    ];
  },
  examples: [
    { shapes: [[2, 3], [3, 4], [4]], build: (a, b, c) => gemm(a, b, c) }, // prettier-ignore
    { title: "of a transposed left factor", shapes: [[3, 2], [3, 4], [2, 1]], build: (a, b, c) => gemm(a, b, c, { transposeA: true }) }, // prettier-ignore
    { title: "of a transposed right factor", shapes: [[2, 3], [4, 3]], build: (a, b) => gemm(a, b, undefined, { transposeB: true }) }, // prettier-ignore
    { title: "of two transposed factors", shapes: [[3, 2], [4, 3]], build: (a, b) => gemm(a, b, undefined, { transposeA: true, transposeB: true }) }, // prettier-ignore
  ],
};

/** a · b + c for matrices, each factor transposed first if asked; `c` broadcasts. */
export const gemm = (
  a: Tensor,
  b: Tensor,
  c?: Tensor,
  { transposeA = false, transposeB = false }: GemmOptions = {},
): Tensor => apply(Gemm, c ? [a, b, c] : [a, b], { transA: Number(transposeA), transB: Number(transposeB) });

type Fold = (x: Tensor, rank: number) => Tensor;

/** A factor and the upstream as matrices, folded so that their product also sums over all time if they have that axis. */
function foldTogether(
  { node, input, upstream }: GradientContext,
  index: number,
  foldFactor: Fold,
  foldUpstream: Fold,
): [factor: Tensor, upstream: Tensor] {
  const factor = input(index);
  const constant = factor.shape.length === 2; // then only the upstream may change over time
  const slopes = constant ? sumTo(upstream, node.outputs[0].shape) : foldUpstream(upstream, 2);
  return [foldFactor(factor, 2), slopes];
}

/** [lead…, batch…, M, K] with more axes than `rank` becomes [batch…, lead·M, K]: one long matrix per batch. */
const foldRows = (x: Tensor, rank: number): Tensor => fold(x, rank, "rows");

/** [lead…, batch…, K, N] with more axes than `rank` becomes [batch…, K, lead·N]: one wide matrix per batch. */
const foldColumns = (x: Tensor, rank: number): Tensor => fold(x, rank, "columns");

function fold(x: Tensor, rank: number, into: "rows" | "columns"): Tensor {
  const lead = x.shape.length - rank;
  if (lead <= 0) return x;
  const axes = x.shape.map((_, axis) => axis);
  const [batch, rows, columns] = [axes.slice(lead, -2), axes.slice(-2, -1), axes.slice(-1)];
  const folded = [...axes.slice(0, lead), ...(into === "rows" ? rows : columns)];
  const order = into === "rows" ? [...batch, ...folded, ...columns] : [...batch, ...rows, ...folded];
  const moved = order.every((axis, i) => axis === i) ? x : transpose(x, order);
  const ends = into === "rows" ? [folded, columns] : [rows, folded];
  return joinAxes(moved, x, [...batch.map((axis) => [axis]), ...ends]);
}

/** `x` with an axis for each group of axes of `original`, as long as all of its group together. */
function joinAxes(x: Tensor, original: Tensor, groups: readonly (readonly number[])[]): Tensor {
  const shape = groups.map((axes) => multiplyDimensions(axes.map((axis) => original.shape[axis])));
  if (shape.filter((size) => typeof size === "string").length <= 1) return reshape(x, shape);
  const sizes = groups.map((axes) =>
    axes.map((axis) => shapeOf(original, axis, axis + 1)).reduce((a, b) => mul(a, b)),
  );
  return reshapeBy(x, concat(sizes, 0), shape);
}
