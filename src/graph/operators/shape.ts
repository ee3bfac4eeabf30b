// Operators that give the same elements another shape, order or type, and those that make shapes.

import { formatShape, multiplyDimensions, shapeMismatch, type Dimension, type Shape } from "../dimensions.ts";
import type { ElementType } from "../../tensor.ts";
import {
  constantValues,
  DATA_TYPES,
  innermostGraph,
  integers,
  type OperatorDefinition,
  type Tensor,
} from "../graph.ts";
import { apply, areCounts, FLOATS, notDifferentiable, resolveAxes } from "../operator.ts";

export const ShapeOf: OperatorDefinition = {
  name: "Shape",
  appliedBy: "shapeOf",
  infer: ([x], { start, end }) => [
    { type: "int64", shape: [((end as number) ?? x.shape.length) - (start as number)] },
  ],
  gradient: notDifferentiable("a shape does not change with the values"),
  examples: [],
};
/** The sizes of axes `start … end − 1`, as int64. */
export function shapeOf(x: Tensor, start = 0, end = x.shape.length): Tensor {
  if (!areCounts([start, end - start, x.shape.length - end], 0)) {
    throw shapeMismatch("shapeOf", `axes ${start} … ${end - 1} are no part of ${formatShape(x.shape)}`);
  }
  return apply(ShapeOf, [x], { start, end });
}

export const Size: OperatorDefinition = {
  name: "Size",
  appliedBy: "sizeOf",
  infer: () => [{ type: "int64", shape: [] }],
  gradient: notDifferentiable("a size does not change with the values"),
  examples: [],
};
/** How many elements the tensor has, as int64. */
export const sizeOf = (x: Tensor): Tensor => apply(Size, [x]);

/** The target travels as a constant (`zeros` keep an axis, −1 infers one) or as the shape of another tensor. */
const reshapeTo = (shape: Shape): OperatorDefinition => ({
  name: "Reshape",
  infer: ([x]) => [{ type: x.type, shape }],
  gradient: ({ node, input, upstream }) => {
    const original = node.inputs[0].shape;
    const back = () =>
      expressible(upstream.shape, original) ? reshape(upstream, original) : reshapeLike(upstream, input(0));
    return [back, undefined];
  },
  examples: [],
});

export const Reshape: OperatorDefinition = {
  ...reshapeTo([]),
  examples: [
    { shapes: [[2, 3, 4]], build: (x) => reshape(x, [6, 4]) },
    { shapes: [[2, 6]], build: (x) => reshape(x, [2, 2, 3]) },
  ],
};

/** Reads the same elements with another shape. A symbolic size keeps its axis, or is the one that is inferred. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const known = shape.filter((size) => typeof size === "number");
  if (!areCounts(known, 0) || !expressible(x.shape, shape)) {
    throw shapeMismatch("reshape", `cannot tell how ${formatShape(x.shape)} becomes ${formatShape(shape)}`);
  }
  const graph = innermostGraph([x]);
  const target = shape.map((size, i) => (typeof size === "number" ? size : size === x.shape[i] ? 0 : -1));
  const attributes = emptiesAxis(x.shape, shape) ? ZERO_IS_EMPTY : {};
  return graph.add(reshapeTo(shape), [x, integers(graph, target)], attributes)[0];
}

/** A 0 in the target is an empty axis, instead of one that is kept. */
const ZERO_IS_EMPTY = { allowzero: 1 };

/** Whether the target has an empty axis that is not the operand's at this place. */
const emptiesAxis = (from: Shape, to: Shape): boolean => to.some((size, i) => size === 0 && from[i] !== 0);

/** Reads the elements of `x` with the shape that `like` has when the program runs. */
export const reshapeLike = (x: Tensor, like: Tensor): Tensor => reshapeBy(x, shapeOf(like), like.shape);

/** Reads the same elements with a shape of which only `sizes`, int64, knows the numbers when the program runs. */
export function reshapeBy(x: Tensor, sizes: Tensor, shape: Shape): Tensor {
  return innermostGraph([x, sizes]).add(reshapeTo(shape), [x, sizes], ZERO_IS_EMPTY)[0];
}

/** Whether keeping symbolic axes and inferring at most one says it all; a name that is new may stand for any size. */
function expressible(from: Shape, to: Shape): boolean {
  const inferred = to.filter((size, i) => typeof size === "string" && size !== from[i]);
  if (emptiesAxis(from, to))
    return multiplyDimensions(from) === 0 && !to.some((size) => typeof size === "string");
  if (inferred.length > (to.includes(0) ? 0 : 1)) return false;
  const named = inferred.length === 1 && !from.includes(inferred[0]);
  return named || multiplyDimensions(from) === multiplyDimensions(to);
}

export const Transpose: OperatorDefinition = {
  name: "Transpose",
  infer: ([x], { perm }) => [{ type: x.type, shape: (perm as number[]).map((axis) => x.shape[axis]) }],
  gradient: ({ node, upstream }) => {
    const perm = node.attributes.perm as number[];
    const inverse = perm.map((_, axis) => perm.indexOf(axis));
    return [() => transpose(upstream, inverse)];
  },
  examples: [{ shapes: [[2, 3, 4]], build: (x) => transpose(x, [2, 0, 1]) }],
};
/** Axis `i` of the result is axis `permutation[i]` of the operand. */
export function transpose(x: Tensor, permutation: readonly number[]): Tensor {
  const places = x.shape.map((_, axis) => permutation.indexOf(axis));
  if (permutation.length !== places.length || places.includes(-1)) {
    throw shapeMismatch(
      "transpose",
      `[${permutation.join(", ")}] does not order the axes of ${formatShape(x.shape)}`,
    );
  }
  return apply(Transpose, [x], { perm: permutation });
}

/** Swaps the last two axes. */
export function transposeLast(x: Tensor): Tensor {
  const rank = x.shape.length;
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, rank - 2), rank - 1, rank - 2]);
}

export const Unsqueeze: OperatorDefinition = {
  name: "Unsqueeze",
  infer: ([x, inserted]) => {
    const axes = constantValues(inserted);
    const sizes = [...x.shape];
    const rank = x.shape.length + axes.length;
    const shape = Array.from({ length: rank }, (_, i) => (axes.includes(i) ? 1 : sizes.shift()!));
    return [{ type: x.type, shape }];
  },
  gradient: ({ node, upstream }) => [() => squeeze(upstream, constantValues(node.inputs[1])), undefined],
  examples: [{ shapes: [[2, 3]], build: (x) => unsqueeze(x, [0, 2]) }],
};

/** Axes of size 1 at the given places of the result. */
export function unsqueeze(x: Tensor, axes: readonly number[]): Tensor {
  const resolved = resolveAxes("unsqueeze", axes, x.shape.length + axes.length);
  return x.graph.add(Unsqueeze, [x, integers(x.graph, resolved)])[0];
}

export const Squeeze: OperatorDefinition = {
  name: "Squeeze",
  infer: ([x, removed]) => {
    const axes = constantValues(removed);
    return [{ type: x.type, shape: x.shape.filter((_, axis) => !axes.includes(axis)) }];
  },
  gradient: ({ node, upstream }) => [() => unsqueeze(upstream, constantValues(node.inputs[1])), undefined],
  examples: [{ shapes: [[2, 1, 3]], build: (x) => squeeze(x, [1]) }],
};

/** Without the given axes, whose size must be 1. */
export function squeeze(x: Tensor, axes: readonly number[]): Tensor {
  const resolved = resolveAxes("squeeze", axes, x.shape.length);
  if (resolved.some((axis) => x.shape[axis] !== 1)) {
    throw shapeMismatch("squeeze", `axes ${axes.join(", ")} of ${formatShape(x.shape)} are not all 1`);
  }
  return x.graph.add(Squeeze, [x, integers(x.graph, resolved)])[0];
}

export const ConstantOfShape: OperatorDefinition = {
  name: "ConstantOfShape",
  appliedBy: "zerosLike",
  infer: () => [],
  gradient: notDifferentiable("it is constant"),
  examples: [],
};

/** Zeros of the shape that axes `start … end − 1` of `like` have when the program runs. */
export function zerosLike(like: Tensor, start: number, end: number): Tensor {
  const shape = like.shape.slice(start, end);
  const float32: OperatorDefinition = { ...ConstantOfShape, infer: () => [{ type: "float32", shape }] };
  const zeros = apply(float32, [shapeOf(like, start, end)]);
  return like.type === "float32" ? zeros : cast(zeros, like.type);
}

export const CountTo: OperatorDefinition = {
  name: "Range",
  appliedBy: "countTo",
  infer: () => [],
  gradient: notDifferentiable("it counts whole numbers"),
  examples: [],
};

/** 0, 1, 2 … below `end`, a scalar of int64: an axis of a size that only the run knows, of the name given. */
export function countTo(end: Tensor, name: Dimension): Tensor {
  const whole = (value: number) =>
    end.graph.constant(`${value}`, "int64", [], BigInt64Array.of(BigInt(value)));
  const named: OperatorDefinition = { ...CountTo, infer: () => [{ type: "int64", shape: [name] }] };
  return apply(named, [whole(0), end, whole(1)]);
}

export const Cast: OperatorDefinition = {
  name: "Cast",
  infer: ([x], { to }) => [{ type: elementTypeOf(to as number), shape: x.shape }],
  gradient: ({ node, upstream }) => {
    const { type } = node.inputs[0];
    const smooth = FLOATS.includes(type) && FLOATS.includes(upstream.type);
    return [smooth ? () => cast(upstream, type) : undefined];
  },
  examples: [
    { shapes: [[2, 3]], build: (x) => cast(x, x.type) },
    { title: "to float64 and back", shapes: [[2, 3]], build: (x) => cast(cast(x, "float64"), x.type) },
  ],
};
/** The same numbers as another element type. */
export const cast = (x: Tensor, type: ElementType): Tensor => apply(Cast, [x], { to: DATA_TYPES[type] });

function elementTypeOf(code: number): ElementType {
  return (Object.keys(DATA_TYPES) as ElementType[]).find((type) => DATA_TYPES[type] === code)!;
}
