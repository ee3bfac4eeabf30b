// Operators that cut, join and extend along one axis: slice, split, concat, pad. Each is part of another's gradient.

import {
  addDimensions,
  formatShape,
  multiplyDimensions,
  sameShape,
  shapeMismatch,
  shiftDimension,
  strideDimension,
  type Shape,
} from "../dimensions.ts";
import {
  constantValues,
  innermostGraph,
  integers,
  type OperatorDefinition,
  type Tensor,
  type TensorType,
} from "../graph.ts";
import { apply, areCounts, commonType, notDifferentiable, resolveAxis } from "../operator.ts";
import { mul } from "./elementwise.ts";
import { reshapeBy, shapeOf, unsqueeze, zerosLike } from "./shape.ts";

const END = 2 ** 31 - 1; // ONNX: any end beyond the axis means its end

export interface Range {
  /** Elements left out at the beginning. */
  readonly start?: number;
  /** Elements left out at the end. */
  readonly trim?: number;
  readonly step?: number;
}

/** A cut along one axis, as the constant operands of a Slice say it. */
interface Cut {
  readonly axis: number;
  readonly step: number;
  /** Negative when it is counted from the end. */
  readonly start: number;
  /** Elements left out at the end. */
  readonly trim: number;
}

/** @throws EarshotError SHAPE_MISMATCH when an end is counted from the start of an axis whose length is not known */
function cutOf([x, ...bounds]: readonly Tensor[]): Cut {
  const [start, end, axis, step = 1] = bounds.map((bound) => constantValues(bound)[0]);
  if (step < 0 || end < 0 || end >= END) return { axis, step, start, trim: end < 0 ? -end : 0 };
  const { [axis]: size } = x.shape;
  if (typeof size === "number") return { axis, step, start, trim: Math.max(0, size - end) };
  throw shapeMismatch("slice", `it ends at ${end} of the ${size} elements of an axis`);
}

export const Slice: OperatorDefinition = {
  name: "Slice",
  infer: (operands) => {
    const [{ type, shape }] = operands;
    const { axis, step, start, trim } = cutOf(operands);
    if (step < 0) return [{ type, shape }];
    const kept = start < 0 ? -start - trim : shiftDimension(shape[axis], -start - trim);
    return [{ type, shape: shape.with(axis, strideDimension(kept, step)) }];
  },
  gradient: ({ node, input, upstream }) => {
    const { axis, step, start, trim } = cutOf(node.inputs);
    if (step < 0) return [() => reverse(upstream, axis)];
    if (start < 0) return [() => padBefore(upstream, slice(input(0), axis, { trim: -start }), axis)];
    const whole = () => slice(input(0), axis, { start, trim });
    const spaced = () => (step === 1 ? upstream : spread(upstream, axis, step, whole()));
    return [() => pad(spaced(), axis, start, trim)];
  },
  examples: [
    { shapes: [[5, 2]], build: (x) => slice(x, 0, { start: 1, trim: 2 }) },
    { shapes: [[2, 7]], build: (x) => slice(x, 1, { start: 1, trim: 1, step: 2 }) },
    { shapes: [[2, 7]], build: (x) => slice(x, -1, { step: 3 }) },
    { title: "backwards", shapes: [[2, 3]], build: (x) => reverse(x, 1) },
    { title: "from the end", shapes: [[2, 5]], build: (x) => lastOf(x, 1, 2) },
  ],
};

/** Zeros, as many as `others`, before `x`. */
const padBefore = (x: Tensor, others: Tensor, axis: number): Tensor =>
  concat([zerosLike(others, 0, others.shape.length), x], axis);

/** Part of one axis; counted from both ends, so that a symbolic axis stays expressible. */
export function slice(x: Tensor, axis: number, range: Range): Tensor {
  const { start = 0, trim = 0, step = 1 } = range;
  const resolved = resolveAxis("slice", axis, x.shape.length);
  if (!areCounts([start, trim], 0) || !areCounts([step], 1)) {
    throw shapeMismatch(
      "slice",
      `start ${start} and trim ${trim} must be whole numbers of at least 0, step ${step} of at least 1`,
    );
  }
  const left = shiftDimension(x.shape[resolved], -start - trim);
  if (typeof left === "number" && left < 0) {
    throw shapeMismatch("slice", `nothing is left of axis ${resolved} of ${formatShape(x.shape)}`);
  }
  return cut(x, [start, trim === 0 ? END : -trim, resolved, step]);
}

const cut = (x: Tensor, bounds: readonly number[]): Tensor =>
  x.graph.add(Slice, [x, ...bounds.map((bound) => integers(x.graph, [bound]))])[0];

/** The last `count` elements of an axis, which must have so many when the program runs. */
export function lastOf(x: Tensor, axis: number, count: number): Tensor {
  const resolved = resolveAxis("lastOf", axis, x.shape.length);
  if (!areCounts([count], 1)) throw shapeMismatch("lastOf", `it takes at least 1 element, not ${count}`);
  const { [resolved]: size } = x.shape;
  if (typeof size === "number" && size < count) {
    throw shapeMismatch("lastOf", `axis ${resolved} of ${formatShape(x.shape)} has no ${count} elements`);
  }
  return cut(x, [-count, END, resolved, 1]);
}

/** The same elements, the last of the axis first. */
export function reverse(x: Tensor, axis: number): Tensor {
  const resolved = resolveAxis("reverse", axis, x.shape.length);
  return cut(x, [-1, -END, resolved, -1]);
}

/** The beginning of every axis, as long as `like` is when the program runs. */
export function cutLike(x: Tensor, like: Tensor): Tensor {
  const operator: OperatorDefinition = {
    ...Slice,
    infer: () => [{ type: x.type, shape: like.shape }],
    gradient: notDifferentiable("its end is only known when the program runs"),
  };
  const starts = integers(x.graph, like.shape.map(() => 0)); // prettier-ignore
  return apply(operator, [x, starts, shapeOf(like)]);
}

/** The opposite of a strided slice: `step − 1` zeros after each element, cut to the length of `sliced`. */
function spread(x: Tensor, axis: number, step: number, sliced: Tensor): Tensor {
  const spaced = pad(unsqueeze(x, [axis + 1]), axis + 1, 0, step - 1);
  const { [axis]: size } = x.shape;
  const length = mul(shapeOf(x, axis, axis + 1), step);
  const sizes = [shapeOf(x, 0, axis), length, shapeOf(x, axis + 1)].filter(({ shape }) => shape[0] !== 0);
  const joined = reshapeBy(spaced, concat(sizes, 0), x.shape.with(axis, multiplyDimensions([size, step])));
  return cutLike(joined, sliced);
}

export const Concat: OperatorDefinition = {
  name: "Concat",
  infer: (inputs, attributes) => {
    const axis = attributes.axis as number;
    const [first, ...rest] = inputs;
    const others = (x: Tensor) => x.shape.map((size, i) => (i === axis ? 0 : size));
    const odd = rest.find((x) => !sameShape(others(x), others(first)));
    if (odd)
      throw shapeMismatch(
        "concat",
        `${formatShape(first.shape)} and ${formatShape(odd.shape)} differ elsewhere`,
      );
    const total = addDimensions(inputs.map((x) => x.shape[axis]));
    return [{ type: commonType("concat", inputs), shape: first.shape.with(axis, total) }];
  },
  gradient: ({ node, input, upstream }) => {
    const axis = node.attributes.axis as number;
    const sizes = node.inputs.map((x) => x.shape[axis]);
    if (areNumbers(sizes)) return partsOf(upstream, axis, sizes);
    let parts: readonly Tensor[] | undefined;
    const all = () => (parts ??= splitLike(upstream, axis, node.inputs.map((_, i) => input(i)))); // prettier-ignore
    return sizes.map((_, i) => () => all()[i]);
  },
  examples: [{ shapes: [[2, 1], [2, 3]], build: (a, b) => concat([a, b], 1) }], // prettier-ignore
};

/** Each part by itself, so that only those that are asked for are computed. */
function partsOf(x: Tensor, axis: number, sizes: readonly number[]): (() => Tensor)[] {
  const before = (i: number) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0);
  const total = before(sizes.length);
  return sizes.map((size, i) => () => slice(x, axis, { start: before(i), trim: total - before(i) - size }));
}

/** Tensors that agree in all axes but one, joined along it. */
export function concat(inputs: readonly Tensor[], axis: number): Tensor {
  if (inputs.length === 0) throw shapeMismatch("concat", "it needs at least one tensor");
  return apply(Concat, inputs, { axis: resolveAxis("concat", axis, inputs[0].shape.length) });
}

const areNumbers = (sizes: Shape): sizes is readonly number[] =>
  sizes.every((size) => typeof size === "number");

const splitTypes = (x: Tensor, axis: number, sizes: Shape): TensorType[] =>
  sizes.map((size) => ({ type: x.type, shape: x.shape.with(axis, size) }));

export const Split: OperatorDefinition = {
  name: "Split",
  infer: ([x, sizes], { axis }) => splitTypes(x, axis as number, constantValues(sizes)),
  gradient: ({ node, upstream, upstreams }) => {
    const axis = node.attributes.axis as number;
    const sizes = constantValues(node.inputs[1]);
    const nothing = () => slice(upstream, axis, { trim: upstream.shape[axis] as number });
    const zeros = (size: number) => pad(nothing(), axis, 0, size); // for a part that the result does not depend on
    return [() => concat(upstreams.map((part, i) => part ?? zeros(sizes[i])), axis), undefined]; // prettier-ignore
  },
  examples: [
    { shapes: [[5, 2]], build: (x) => concat(split(x, 0, [2, 1, 2]).toReversed(), 0) },
    { title: "of which a part is used", shapes: [[2, 6]], build: (x) => split(x, -1, [1, 3, 2])[1] },
  ],
};

/** One axis cut into consecutive parts of the given sizes. */
export function split(x: Tensor, axis: number, sizes: readonly number[]): Tensor[] {
  const resolved = resolveAxis("split", axis, x.shape.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total !== x.shape[resolved] || !areCounts(sizes, 1)) {
    throw shapeMismatch(
      "split",
      `parts of ${sizes.join(", ")} do not make up axis ${axis} of ${formatShape(x.shape)}`,
    );
  }
  return x.graph.add(Split, [x, integers(x.graph, sizes)], { axis: resolved });
}

/** One axis cut into parts as long as those of `parts` are when the program runs. */
function splitLike(x: Tensor, axis: number, parts: readonly Tensor[]): readonly Tensor[] {
  const operator: OperatorDefinition = {
    ...Split,
    infer: () => splitTypes(x, axis, parts.map(({ shape }) => shape[axis])), // prettier-ignore
    gradient: notDifferentiable("its sizes are only known when the program runs"),
  };
  const sizes = concat(parts.map((part) => shapeOf(part, axis, axis + 1)), 0); // prettier-ignore
  return innermostGraph([x, sizes]).add(operator, [x, sizes], { axis });
}

/** The zeros before and after each axis, as the constant operand of a Pad says it. */
function paddingOf([{ shape }, amounts]: readonly Tensor[]): (readonly [before: number, after: number])[] {
  const values = constantValues(amounts);
  return shape.map((_, axis) => [values[axis], values[axis + shape.length]]);
}

export const Pad: OperatorDefinition = {
  name: "Pad",
  infer: (operands) => {
    const [{ type, shape }] = operands;
    const padding = paddingOf(operands);
    return [{ type, shape: shape.map((size, i) => shiftDimension(size, padding[i][0] + padding[i][1])) }];
  },
  gradient: ({ node, upstream }) => {
    const unpad = (x: Tensor, [start, trim]: readonly [number, number], axis: number): Tensor =>
      start + trim > 0 ? slice(x, axis, { start, trim }) : x;
    return [() => paddingOf(node.inputs).reduce(unpad, upstream), undefined];
  },
  examples: [{ shapes: [[2, 3]], build: (x) => pad(x, 1, 2, 1) }],
};

/** Zeros before and after, along one axis. */
export function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  const resolved = resolveAxis("pad", axis, x.shape.length);
  if (!areCounts([before, after], 0)) {
    throw shapeMismatch(
      "pad",
      `it adds whole numbers of at least 0 elements, not ${before} and ${after}; to cut, use slice`,
    );
  }
  if (before === 0 && after === 0) return x;
  const amounts = [before, after].flatMap((amount) => x.shape.map((_, i) => (i === resolved ? amount : 0)));
  return x.graph.add(Pad, [x, integers(x.graph, amounts)])[0];
}
