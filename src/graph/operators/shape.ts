// Operators that move elements without computing: reshape, transpose, slice, concat, pad, and those that make shapes.

import { EarshotError } from "../../errors.ts";
import {
  formatShape,
  multiplyDimensions,
  sameShape,
  shapeMismatch,
  shiftDimension,
  strideDimension,
  type Dimension,
  type Shape,
} from "../dimensions.ts";
import {
  DATA_TYPES,
  innermostGraph,
  integers,
  type ElementType,
  type OperatorDefinition,
  type Tensor,
} from "../graph.ts";
import { apply, commonType, notDifferentiable, resolveAxis } from "../operator.ts";

const END = 2 ** 31 - 1; // ONNX: any end beyond the axis means its end

export const Identity: OperatorDefinition = {
  name: "Identity",
  infer: ([x]) => [x],
  gradient: ({ upstream }) => [() => upstream],
  examples: [{ shapes: [[2, 3]], build: (x) => identity(x) }],
};
/** The same values; placed in `graph`, for a body must compute what it gives. */
export const identity = (x: Tensor, graph = x.graph): Tensor => graph.add(Identity, [x])[0];

export const ShapeOf: OperatorDefinition = {
  name: "Shape",
  infer: ([x], { start, end }) => [
    { type: "int64", shape: [((end as number) ?? x.shape.length) - (start as number)] },
  ],
  gradient: notDifferentiable("a shape does not change with the values"),
  examples: [],
};
/** The sizes of axes `start … end − 1`, as int64. */
export const shapeOf = (x: Tensor, start = 0, end = x.shape.length): Tensor =>
  apply(ShapeOf, [x], { start, end });

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
  if (!expressible(x.shape, shape)) {
    throw shapeMismatch("reshape", `cannot tell how ${formatShape(x.shape)} becomes ${formatShape(shape)}`);
  }
  const graph = innermostGraph([x]);
  const target = shape.map((size, i) => (typeof size === "number" ? size : size === x.shape[i] ? 0 : -1));
  return graph.add(reshapeTo(shape), [x, integers(graph, target)])[0];
}

/** Reads the elements of `x` with the shape that `like` has when the program runs. */
export function reshapeLike(x: Tensor, like: Tensor): Tensor {
  return innermostGraph([x, like]).add(reshapeTo(like.shape), [x, shapeOf(like)])[0];
}

function expressible(from: Shape, to: Shape): boolean {
  const inferred = to.filter((size, i) => typeof size === "string" && size !== from[i]).length;
  const symbolic = [...from, ...to].some((size) => typeof size === "string");
  return inferred <= 1 && (symbolic || multiplyDimensions(from) === multiplyDimensions(to));
}

export const Transpose: OperatorDefinition = {
  name: "Transpose",
  infer: ([x], { perm }) => [{ type: x.type, shape: (perm as number[]).map((axis) => x.shape[axis]) }],
  gradient: ({ node, upstream }) => {
    const perm = node.attributes.perm as number[];
    return [
      () =>
        transpose(
          upstream,
          perm.map((_, axis) => perm.indexOf(axis)),
        ),
    ];
  },
  examples: [{ shapes: [[2, 3, 4]], build: (x) => transpose(x, [2, 0, 1]) }],
};
/** Axis `i` of the result is axis `permutation[i]` of the operand. */
export const transpose = (x: Tensor, permutation: readonly number[]): Tensor =>
  apply(Transpose, [x], { perm: permutation });

/** Swaps the last two axes. */
export function transposeLast(x: Tensor): Tensor {
  const rank = x.shape.length;
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, rank - 2), rank - 1, rank - 2]);
}

export interface Range {
  /** Elements left out at the beginning. */
  readonly start?: number;
  /** Elements left out at the end. */
  readonly trim?: number;
  readonly step?: number;
}

const sliceOf = (axis: number, { start = 0, trim = 0, step = 1 }: Range): OperatorDefinition => ({
  name: "Slice",
  infer: ([x]) => {
    const length = strideDimension(shiftDimension(x.shape[axis], -start - trim), step);
    if (typeof length === "number" && length < 0) {
      throw shapeMismatch("slice", `nothing is left of axis ${axis} of ${formatShape(x.shape)}`);
    }
    return [{ type: x.type, shape: x.shape.with(axis, length) }];
  },
  gradient: ({ node, upstream }) => {
    const length = node.inputs[0].shape[axis];
    return [
      () => pad(spread(upstream, axis, step, shiftDimension(length, -start - trim)), axis, start, trim),
    ];
  },
  examples: [],
});

export const Slice: OperatorDefinition = {
  ...sliceOf(0, {}),
  examples: [
    { shapes: [[5, 2]], build: (x) => slice(x, 0, { start: 1, trim: 2 }) },
    { shapes: [[2, 7]], build: (x) => slice(x, 1, { start: 1, trim: 1, step: 2 }) },
    { shapes: [[2, 7]], build: (x) => slice(x, -1, { step: 3 }) },
  ],
};

/** Part of one axis; counted from both ends, so that a symbolic axis stays expressible. */
export function slice(x: Tensor, axis: number, range: Range): Tensor {
  const { start = 0, trim = 0, step = 1 } = range;
  const resolved = resolveAxis("slice", axis, x.shape.length);
  const bounds = [[start], [trim === 0 ? END : -trim], [resolved], [step]].map((bound) =>
    integers(x.graph, bound),
  );
  return innermostGraph([x]).add(sliceOf(resolved, range), [x, ...bounds])[0];
}

/** The opposite of a strided slice: `step − 1` zeros after each element, cut to `length`. */
function spread(x: Tensor, axis: number, step: number, length: Dimension): Tensor {
  if (step === 1) return x;
  const size = x.shape[axis];
  if (typeof size !== "number" || typeof length !== "number") {
    throw new EarshotError({
      code: "NO_GRADIENT",
      where: "slice",
      problem: `The gradient of a slice with step ${step} needs a known length, but the axis is ${length}.`,
      remedy: "Slice with a step only what needs no gradient, or give the axis a number.",
    });
  }
  const apart = reshape(x, [...x.shape.slice(0, axis), size, 1, ...x.shape.slice(axis + 1)]);
  const spaced = pad(apart, axis + 1, 0, step - 1);
  const joined = reshape(spaced, x.shape.with(axis, size * step));
  return slice(joined, axis, { trim: size * step - length });
}

export const Concat: OperatorDefinition = {
  name: "Concat",
  infer: (inputs, attributes) => {
    const axis = attributes.axis as number;
    const [first, ...rest] = inputs;
    const odd = rest.find((x) => !sameShape(x.shape.with(axis, 0), first.shape.with(axis, 0)));
    if (odd)
      throw shapeMismatch(
        "concat",
        `${formatShape(first.shape)} and ${formatShape(odd.shape)} differ elsewhere`,
      );
    const sizes = inputs.map((x) => x.shape[axis]);
    if (sizes.some((size) => typeof size !== "number")) {
      throw shapeMismatch("concat", `the joined axis must have known sizes, not ${formatShape(sizes)}`);
    }
    const total = (sizes as number[]).reduce((sum, size) => sum + size, 0);
    return [{ type: commonType("concat", inputs), shape: first.shape.with(axis, total) }];
  },
  gradient: ({ node, upstream }) => {
    const axis = node.attributes.axis as number;
    const sizes = node.inputs.map((x) => x.shape[axis] as number);
    const total = node.outputs[0].shape[axis] as number;
    const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
    return sizes.map(
      (size, i) => () => slice(upstream, axis, { start: starts[i], trim: total - starts[i] - size }),
    );
  },
  examples: [{ shapes: [[2, 1], [2, 3]], build: (a, b) => concat([a, b], 1) }], // prettier-ignore
};
export const concat = (inputs: readonly Tensor[], axis: number): Tensor =>
  apply(Concat, inputs, { axis: resolveAxis("concat", axis, inputs[0].shape.length) });

const padOf = (axis: number, before: number, after: number): OperatorDefinition => ({
  name: "Pad",
  infer: ([x]) => [
    { type: x.type, shape: x.shape.with(axis, shiftDimension(x.shape[axis], before + after)) },
  ],
  gradient: ({ upstream }) => [() => slice(upstream, axis, { start: before, trim: after }), undefined],
  examples: [],
});

export const Pad: OperatorDefinition = {
  ...padOf(0, 0, 0),
  examples: [{ shapes: [[2, 3]], build: (x) => pad(x, 1, 2, 1) }],
};

/** Zeros before and after, along one axis. */
export function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  if (before === 0 && after === 0) return x;
  const amounts = [
    ...x.shape.map((_, i) => (i === axis ? before : 0)),
    ...x.shape.map((_, i) => (i === axis ? after : 0)),
  ];
  const graph = innermostGraph([x]);
  return graph.add(padOf(axis, before, after), [x, integers(graph, amounts)])[0];
}

const insertAxes = (axes: readonly number[]): OperatorDefinition => ({
  name: "Unsqueeze",
  infer: ([x]) => {
    const sizes = [...x.shape];
    const rank = x.shape.length + axes.length;
    return [
      {
        type: x.type,
        shape: Array.from({ length: rank }, (_, i) => (axes.includes(i) ? 1 : sizes.shift()!)),
      },
    ];
  },
  gradient: ({ upstream }) => [() => squeeze(upstream, axes), undefined],
  examples: [],
});

export const Unsqueeze: OperatorDefinition = {
  ...insertAxes([]),
  examples: [{ shapes: [[2, 3]], build: (x) => unsqueeze(x, [0, 2]) }],
};

/** Axes of size 1 at the given places of the result. */
export const unsqueeze = (x: Tensor, axes: readonly number[]): Tensor =>
  x.graph.add(insertAxes(axes), [x, integers(x.graph, axes)])[0];

export const Squeeze: OperatorDefinition = {
  name: "Squeeze",
  infer: ([x]) => [x],
  gradient: ({ upstream }) => [() => upstream, undefined],
  examples: [{ shapes: [[2, 1, 3]], build: (x) => squeeze(x, [1]) }],
};

/** Without the given axes, whose size must be 1. */
export function squeeze(x: Tensor, axes: readonly number[]): Tensor {
  if (axes.some((axis) => x.shape[axis] !== 1)) {
    throw shapeMismatch("squeeze", `axes ${axes.join(", ")} of ${formatShape(x.shape)} are not all 1`);
  }
  const operator: OperatorDefinition = {
    ...Squeeze,
    infer: () => [{ type: x.type, shape: x.shape.filter((_, axis) => !axes.includes(axis)) }],
    gradient: ({ upstream }) => [() => unsqueeze(upstream, axes), undefined],
  };
  return x.graph.add(operator, [x, integers(x.graph, axes)])[0];
}

export const ConstantOfShape: OperatorDefinition = {
  name: "ConstantOfShape",
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

export const Cast: OperatorDefinition = {
  name: "Cast",
  infer: ([x], { to }) => [{ type: elementTypeOf(to as number), shape: x.shape }],
  gradient: ({ node, upstream }) => [() => cast(upstream, node.inputs[0].type)],
  examples: [{ shapes: [[2, 3]], build: (x) => cast(x, x.type) }],
};
/** The same numbers as another element type. */
export const cast = (x: Tensor, type: ElementType): Tensor => apply(Cast, [x], { to: DATA_TYPES[type] });

function elementTypeOf(code: number): ElementType {
  return (Object.keys(DATA_TYPES) as ElementType[]).find((type) => DATA_TYPES[type] === code)!;
}
