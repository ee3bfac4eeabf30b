// The pieces that operators are made of: adding a node, the element type that operands share, and the sum that undoes
// a broadcast. Each operator is one exported function named as in ONNX (operator set 18), its gradient beside it.
// Rules read attributes and constant operands only, never an argument of the call, so that a graph that was read from a
// file could be differentiated. Where the type of a result depends on more (Reshape, Expand, ConstantOfShape,
// ConvTranspose), `infer` in the table is a placeholder, and every call brings its own.

import { EarshotError } from "../errors.ts";
import type { ElementType } from "../tensor.ts";
import {
  DATA_TYPES,
  innermostGraph,
  type Attributes,
  type OperatorDefinition,
  type Tensor,
} from "./graph.ts";

/** Adds a node of this operator where its operands live, and gives its first result. */
export function apply(
  operator: OperatorDefinition,
  inputs: readonly Tensor[],
  attributes: Attributes = {},
): Tensor {
  return innermostGraph(inputs).add(operator, inputs, attributes)[0];
}

export const FLOATS: readonly ElementType[] = ["float32", "float64"];
export const NUMBERS: readonly ElementType[] = [...FLOATS, "int64"];

/** The element type that all operands share; a named error when they differ or the operator does not take it. */
export function commonType(
  operator: string,
  inputs: readonly Tensor[],
  allowed: readonly ElementType[] = Object.keys(DATA_TYPES) as ElementType[],
): ElementType {
  const [{ name, type }] = inputs;
  const odd = inputs.find((input) => input.type !== type);
  if (!odd && allowed.includes(type)) return type;
  const wanted = odd ? `"${odd.name}" is ${odd.type}` : `${operator} takes ${allowed.join(", ")}`;
  throw new EarshotError({
    code: "TYPE_MISMATCH",
    where: operator,
    problem: `"${name}" is ${type} but ${wanted}.`,
    remedy: odd
      ? "Give operands of one element type, or convert with cast()."
      : `Give ${allowed.join(" or ")}, or convert with cast().`,
  });
}

/** A negative axis counts from the end; one outside the rank is a named error. */
export function resolveAxis(operator: string, axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(resolved) && resolved >= 0 && resolved < rank) return resolved;
  throw new EarshotError({
    code: "SHAPE_MISMATCH",
    where: operator,
    problem: `Axis ${axis} does not exist in a tensor of rank ${rank}.`,
    remedy:
      rank === 0
        ? "Give a tensor that has an axis, not a scalar."
        : `Give an axis from ${-rank} to ${rank - 1}.`,
  });
}

/** Each axis counted from the start; one that is named twice is a named error. */
export function resolveAxes(operator: string, axes: readonly number[], rank: number): number[] {
  const resolved = axes.map((axis) => resolveAxis(operator, axis, rank));
  const twice = resolved.find((axis, i) => resolved.indexOf(axis) < i);
  if (twice === undefined) return resolved;
  throw new EarshotError({
    code: "SHAPE_MISMATCH",
    where: operator,
    problem: `Axes ${axes.join(", ")} name axis ${twice} twice.`,
    remedy: "Name each axis once.",
  });
}

/** Whether these are whole numbers of at least `least`. */
export function areCounts(numbers: readonly number[], least: number): boolean {
  return numbers.every((number) => Number.isSafeInteger(number) && number >= least);
}

/** Why an operator has no gradient, in the place of its rule. */
export function notDifferentiable(reason: string): { none: string } {
  return { none: reason };
}
