// The pieces that operators are made of: adding a node, the element type that operands share, and the sum that undoes
// a broadcast. Each operator is one exported function named as in ONNX (operator set 18), its gradient beside it.

import { EarshotError } from "../errors.ts";
import {
  innermostGraph,
  type Attributes,
  type ElementType,
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

/** The element type that all operands share; a named error when they differ. */
export function commonType(operator: string, inputs: readonly Tensor[]): ElementType {
  const odd = inputs.find((input) => input.type !== inputs[0].type);
  if (!odd) return inputs[0].type;
  throw new EarshotError({
    code: "TYPE_MISMATCH",
    where: operator,
    problem: `"${inputs[0].name}" is ${inputs[0].type} but "${odd.name}" is ${odd.type}.`,
    remedy: "Give operands of one element type, or convert one of them with cast().",
  });
}

/** A negative axis counts from the end; one outside the rank is a named error. */
export function resolveAxis(operator: string, axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (resolved >= 0 && resolved < rank) return resolved;
  throw new EarshotError({
    code: "SHAPE_MISMATCH",
    where: operator,
    problem: `Axis ${axis} does not exist in a tensor of rank ${rank}.`,
    remedy: `Give an axis from ${-rank} to ${rank - 1}.`,
  });
}

/** Why an operator has no gradient, in the place of its rule. */
export function notDifferentiable(reason: string): { none: string } {
  return { none: reason };
}
