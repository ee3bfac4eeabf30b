// An optimizer's step on a graph, for devices and for programs that are trained with elsewhere.

import { add, cast, div, exp, mul, sqrt, sub, type Operand, type Tensor } from "../../graph/index.ts";
import type { Optimizer, ScalarArithmetic, StepFacts, Trained } from "./optimizer.ts";

/** In float32. Constants stay numbers: of two operands, one is a tensor. */
const onGraph: ScalarArithmetic<Operand> = {
  constant: (value) => value,
  add: (a, b) => add(a as Tensor, b),
  sub: (a, b) => sub(a as Tensor, b),
  mul: (a, b) => mul(a as Tensor, b),
  // ONNX Runtime 1.30 makes a program that it then refuses of (1 / x) y, where y is computed after x.
  div: (a, b) => (a === 1 ? div(-1, mul(b as Tensor, -1)) : div(a as Tensor, b)),
  sqrt: (x) => sqrt(x as Tensor),
  power: (base, step, more) => powerOf(base, step as Tensor, more),
};

/** In float64: biases are corrected by 1 − base^step, of which float32 would leave few digits where the power is near 1. */
function powerOf(base: number, step: Tensor, more: number): Tensor {
  const exponent = add(cast(step, "float64"), more);
  return cast(exp(mul(exponent, Math.log(Math.max(base, 1e-300)))), "float32");
}

/** @param gradient times what the norm cap leaves @param facts scalars */
export function updateOnGraph(
  optimizer: Optimizer,
  before: Trained<Tensor>,
  gradient: Tensor,
  facts: StepFacts<Tensor>,
): Trained<Tensor> {
  const coefficients = optimizer.coefficients<Operand>(onGraph, facts);
  const after = optimizer.update<Operand>(onGraph, before, gradient, coefficients);
  return after as Trained<Tensor>;
}
