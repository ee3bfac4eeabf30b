// Element-wise operators, with broadcasting: arithmetic, functions, the clipped rectifier, comparison and selection.

import { EarshotError } from "../../errors.ts";
import { broadcastShapes } from "../dimensions.ts";
import { constantValues, scalar, type GradientRule, type OperatorDefinition, type Tensor } from "../graph.ts";
import { apply, commonType, FLOATS, notDifferentiable, NUMBERS } from "../operator.ts";
import { sumTo } from "./reduction.ts";
import { cast } from "./shape.ts";

/** An operand of arithmetic: a tensor, or a number that takes the other operand's type. */
export type Operand = Tensor | number;
/** Of two operands, one may be a number. */
export type Operands = readonly [a: Tensor, b: Operand] | readonly [a: Operand, b: Tensor];

const POSITIVE = [0.5, 2] as const;
const ANY = [-2, 2] as const;

/** An operator on two operands that broadcast. */
function binary(
  name: string,
  gradient: GradientRule,
  range: readonly [number, number] = ANY,
): OperatorDefinition {
  const ranges = [range, range];
  const build = (a: Tensor, b: Tensor) => apply(operator, [a, b]);
  const operator: OperatorDefinition = {
    name,
    broadcasts: true,
    infer: (inputs) => {
      const shape = broadcastShapes(inputs[0].shape, inputs[1].shape, name);
      return [{ type: commonType(name, inputs, NUMBERS), shape }];
    },
    gradient,
    examples: [
      { shapes: [[2, 3], [2, 3]], ranges, build }, // prettier-ignore
      { title: "of a bias", shapes: [[4, 2, 3], [3]], ranges, build }, // prettier-ignore
      { title: "of a column and a row", shapes: [[1, 3], [2, 1]], ranges, build }, // prettier-ignore
    ],
  };
  return operator;
}

export const Add = binary("Add", ({ node, upstream }) =>
  node.inputs.map((operand) => () => sumTo(upstream, operand.shape)),
);

export const Sub = binary("Sub", ({ node, upstream }) => [
  () => sumTo(upstream, node.inputs[0].shape),
  () => sumTo(mul(upstream, -1), node.inputs[1].shape),
]);

export const Mul = binary("Mul", ({ node, input, upstream }) => [
  () => sumTo(mul(upstream, input(1)), node.inputs[0].shape),
  () => sumTo(mul(upstream, input(0)), node.inputs[1].shape),
]);

export const Div = binary(
  "Div",
  ({ node, input, output, upstream }) => [
    () => sumTo(div(upstream, input(1)), node.inputs[0].shape),
    () => sumTo(mul(div(mul(upstream, output(0)), input(1)), -1), node.inputs[1].shape),
  ],
  POSITIVE,
);

/** a + b. Operands of arithmetic broadcast, as NumPy's do: axes are aligned from the last, those of size 1 repeated. */
export const add = (...ab: Operands): Tensor => apply(Add, tensors(ab));
/** a − b. */
export const sub = (...ab: Operands): Tensor => apply(Sub, tensors(ab));
/** a · b, element by element. */
export const mul = (...ab: Operands): Tensor => apply(Mul, tensors(ab));
/** a / b; of whole numbers, without the rest. */
export const div = (...ab: Operands): Tensor => apply(Div, tensors(ab));

function tensors([a, b]: Operands): [Tensor, Tensor] {
  if (typeof a !== "number") return [a, typeof b === "number" ? numberLike(a, b) : b];
  if (typeof b !== "number") return [numberLike(b, a), b];
  throw new EarshotError({
    code: "TYPE_MISMATCH",
    where: `${a} and ${b}`,
    problem: "Two numbers say no element type.",
    remedy: "Give a tensor for one of them.",
  });
}

/** The number as a scalar of the tensor's type. */
function numberLike({ graph, name, type }: Tensor, value: number): Tensor {
  const fits = type.startsWith("int")
    ? Number.isSafeInteger(value)
    : FLOATS.includes(type) || value === 0 || value === 1;
  if (fits) return scalar(graph, type, value);
  throw new EarshotError({
    code: "TYPE_MISMATCH",
    where: `${value}`,
    problem: `"${name}" is ${type}, which cannot hold this number.`,
    remedy: "Give a number of that type, or convert the tensor with cast().",
  });
}

/** An operator on one operand. */
export function unary(
  name: string,
  gradient: GradientRule,
  range: readonly [number, number] = ANY,
): OperatorDefinition {
  const operator: OperatorDefinition = {
    name,
    infer: ([x]) => [{ type: commonType(name, [x], FLOATS), shape: x.shape }],
    gradient,
    examples: [{ shapes: [[2, 3]], ranges: [range], build: (x) => apply(operator, [x]) }],
  };
  return operator;
}

export const Exp = unary("Exp", ({ output, upstream }) => [() => mul(upstream, output(0))]);
export const Log = unary("Log", ({ input, upstream }) => [() => div(upstream, input(0))], POSITIVE);
export const Tanh = unary("Tanh", ({ output, upstream }) => [
  () => mul(upstream, sub(1, mul(output(0), output(0)))), // 1 − tanh²
]);
export const Sqrt = unary(
  "Sqrt",
  ({ output, upstream }) => [() => div(upstream, mul(output(0), 2))],
  POSITIVE,
);
/** e^x. */
export const exp = (x: Tensor): Tensor => apply(Exp, [x]);
/** The natural logarithm. */
export const log = (x: Tensor): Tensor => apply(Log, [x]);
/** The hyperbolic tangent. */
export const tanh = (x: Tensor): Tensor => apply(Tanh, [x]);
/** The square root; its gradient at 0 is infinite. */
export const sqrt = (x: Tensor): Tensor => apply(Sqrt, [x]);

/** Broadcasts in that a step may yield a tensor from outside: its gradient is then the sum over all time. */
export const Identity: OperatorDefinition = {
  name: "Identity",
  broadcasts: true,
  infer: ([x]) => [x],
  gradient: ({ node, upstream }) => [() => sumTo(upstream, node.inputs[0].shape)],
  examples: [{ shapes: [[2, 3]], build: (x) => identity(x) }],
};
/** The same values; placed in `graph`, for a body must compute what it gives; of the name given. */
export const identity = (x: Tensor, graph = x.graph, name?: string): Tensor =>
  graph.add(Identity, [x], {}, [], name === undefined ? [] : [name])[0];

/** The slope is 1 between the bounds and 0 from them on. It follows from the result alone, so the operand need not be kept. */
export const Clip: OperatorDefinition = {
  name: "Clip",
  infer: ([x, ...bounds]) => [{ type: commonType("Clip", [x, ...bounds], NUMBERS), shape: x.shape }],
  gradient: ({ node, output, upstream }) => [
    () => {
      const [low, high] = node.inputs.slice(1).flatMap(constantValues);
      const { least, epsilon } = PRECISION[upstream.type as keyof typeof PRECISION];
      const step = (bound: number) => Math.max(Math.abs(bound) * epsilon, least);
      const inside = clipTo(output(0), low + step(low), high - step(high));
      return mul(upstream, cast(equal(inside, output(0)), upstream.type));
    },
    undefined,
    undefined,
  ],
  examples: [
    { title: "inside", shapes: [[2, 3]], ranges: [[0.1, 0.9]], build: (x) => clip(x, 0, 1) },
    { title: "below", shapes: [[2, 3]], ranges: [[-2, -0.1]], build: (x) => clip(x, 0, 1) },
    { title: "above", shapes: [[2, 3]], ranges: [[1.1, 2]], build: (x) => clip(x, 0, 1) },
  ],
};

/** The least number above 0 (of full precision) and the distance from 1 to the next. */
const PRECISION = {
  float32: { least: 2 ** -126, epsilon: 2 ** -23 },
  float64: { least: 2 ** -1022, epsilon: 2 ** -52 },
} as const;

/** min(max(low, x), high). */
export function clip(x: Tensor, low: number, high: number): Tensor {
  if (low <= high) return clipTo(x, low, high);
  throw new EarshotError({
    code: "INVALID_SETTING",
    where: "clip",
    problem: `No number lies between ${low} and ${high}.`,
    remedy: "Give the lower bound first.",
  });
}

const clipTo = (x: Tensor, low: number, high: number): Tensor =>
  apply(Clip, [x, numberLike(x, low), numberLike(x, high)]);

export const Equal: OperatorDefinition = {
  name: "Equal",
  infer: (inputs) => {
    commonType("Equal", inputs);
    return [{ type: "bool", shape: broadcastShapes(inputs[0].shape, inputs[1].shape, "Equal") }];
  },
  gradient: notDifferentiable("a comparison is constant almost everywhere"),
  examples: [],
};
/** Whether a and b are the same, as truth values. */
export const equal = (...ab: Operands): Tensor => apply(Equal, tensors(ab));

export const Less: OperatorDefinition = {
  name: "Less",
  infer: (inputs) => {
    commonType("Less", inputs, NUMBERS);
    return [{ type: "bool", shape: broadcastShapes(inputs[0].shape, inputs[1].shape, "Less") }];
  },
  gradient: notDifferentiable("a comparison is constant almost everywhere"),
  examples: [],
};
/** Whether a is below b, as truth values. */
export const less = (...ab: Operands): Tensor => apply(Less, tensors(ab));

export const Where: OperatorDefinition = {
  name: "Where",
  broadcasts: true,
  infer: ([condition, a, b]) => {
    commonType("Where", [condition], ["bool"]);
    const chosen = broadcastShapes(a.shape, b.shape, "Where");
    return [{ type: commonType("Where", [a, b]), shape: broadcastShapes(condition.shape, chosen, "Where") }];
  },
  gradient: ({ node, input, upstream }) => [
    undefined,
    () => sumTo(where(input(0), upstream, 0), node.inputs[1].shape),
    () => sumTo(where(input(0), 0, upstream), node.inputs[2].shape),
  ],
  examples: [
    { shapes: [[2, 3], [3]], build: (a, b) => where(equal(a, a), a, b) }, // prettier-ignore
    { shapes: [[2, 3], [3]], build: (a, b) => where(equal(a, b), a, b) }, // prettier-ignore
  ],
};
/** `a` where the condition holds, else `b`. */
export const where = (condition: Tensor, ...ab: Operands): Tensor =>
  apply(Where, [condition, ...tensors(ab)]);
