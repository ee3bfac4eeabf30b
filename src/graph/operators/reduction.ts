// Sums over axes, and their opposite, expansion along axes. Together they are the gradients of every broadcast.

import { broadcastShapes, formatShape, sameShape, shapeMismatch, type Shape } from "../dimensions.ts";
import {
  constantValues,
  integers,
  type GradientContext,
  type OperatorDefinition,
  type Tensor,
} from "../graph.ts";
import { apply, commonType, NUMBERS, resolveAxes } from "../operator.ts";
import { shapeOf, unsqueeze } from "./shape.ts";

/** What a reduction sends back; `withAxes` gives the reduced axes of the result or its gradient their place again. */
type ReductionRule = (context: GradientContext, withAxes: (reduced: Tensor) => Tensor) => Tensor;

export interface ReductionOptions {
  /** Whether the reduced axes stay, with size 1. */
  readonly keep?: boolean;
}

export interface Reduction {
  readonly operator: OperatorDefinition;
  readonly reduce: (x: Tensor, axes: readonly number[], options?: ReductionOptions) => Tensor;
}

/** An operator over axes, with its row of the table and the function that applies it. */
export function reduction(name: string, rule: ReductionRule): Reduction {
  const functionName = name[0].toLowerCase() + name.slice(1);
  const operator: OperatorDefinition = {
    name,
    infer: ([x, reduced], { keepdims }) => {
      const axes = constantValues(reduced);
      const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
      const type = commonType(name, [x], NUMBERS);
      return [{ type, shape: keepdims === 1 ? kept : x.shape.filter((_, axis) => !axes.includes(axis)) }];
    },
    gradient: (context) => {
      const { inputs, attributes } = context.node;
      const withAxes = (reduced: Tensor) =>
        attributes.keepdims === 1 ? reduced : unsqueeze(reduced, constantValues(inputs[1]));
      return [() => rule(context, withAxes), undefined];
    },
    examples: [
      { title: "of leading axes", shapes: [[2, 3, 4]], build: (x) => reduce(x, [0, 1]) },
      { title: "of a middle axis", shapes: [[2, 3, 4]], build: (x) => reduce(x, [1]) },
      { title: "keeping the axis", shapes: [[2, 3]], build: (x) => reduce(x, [1], { keep: true }) },
    ],
  };
  const reduce: Reduction["reduce"] = (x, axes, { keep = false } = {}) => {
    if (axes.length === 0) return x; // for ONNX, no axes would mean all of them
    const resolved = resolveAxes(functionName, axes, x.shape.length);
    const operands = [x, integers(x.graph, resolved)];
    return x.graph.add(operator, operands, { keepdims: keep ? 1 : 0 })[0];
  };
  return { operator, reduce };
}

const sum = reduction("ReduceSum", ({ input, upstream }, withAxes) =>
  expandLike(withAxes(upstream), input(0)),
);
export const ReduceSum = sum.operator;
/** The sum over `axes`, which vanish, or stay with size 1 when `keep` is set. */
export const reduceSum = sum.reduce;

export const Expand: OperatorDefinition = {
  name: "Expand",
  appliedBy: "expandLike",
  broadcasts: true,
  infer: ([x]) => [x],
  gradient: ({ node, upstream }) => [() => sumTo(upstream, node.inputs[0].shape), undefined],
  examples: [
    {
      shapes: [[1, 3]],
      build: (x) => expandLike(x, x.graph.constant("like", "bool", [2, 3], new Uint8Array(6))),
    },
  ],
};

/** `x` repeated along axes of size 1 (or missing ones) until it has the shape of `like`. */
export function expandLike(x: Tensor, like: Tensor): Tensor {
  if (!sameShape(broadcastShapes(x.shape, like.shape, "expandLike"), like.shape)) {
    throw shapeMismatch(
      "expandLike",
      `${formatShape(x.shape)} does not grow into ${formatShape(like.shape)}`,
    );
  }
  const operator: OperatorDefinition = { ...Expand, infer: () => [{ type: x.type, shape: like.shape }] };
  return apply(operator, [x, shapeOf(like)]);
}

/** Undoes a broadcast: sums over the axes that `shape` lacks or holds as 1. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const missing = x.shape.length - shape.length;
  const leading = Array.from({ length: missing }, (_, axis) => axis);
  const total = missing > 0 ? reduceSum(x, leading) : x;
  const repeated = shape.flatMap((size, axis) => (size === 1 && total.shape[axis] !== 1 ? [axis] : []));
  return repeated.length > 0 ? reduceSum(total, repeated, { keep: true }) : total;
}
