// Activation functions of one operand, and what others are composed of. The error function has no float64 kernel in
// ONNX Runtime's CPU driver. The hyperbolic tangent and the clipped rectifier live in elementwise.ts.

import type { OperatorDefinition, Tensor } from "../graph.ts";
import { apply } from "../operator.ts";
import { add, equal, exp, mul, sub, unary, where } from "./elementwise.ts";

/** The slope at 0 is 0. */
export const Relu: OperatorDefinition = {
  ...unary("Relu", ({ output, upstream }) => [() => where(equal(output(0), 0), 0, upstream)]),
  examples: [
    { title: "above 0", shapes: [[2, 3]], ranges: [[0.1, 2]], build: (x) => relu(x) },
    { title: "below 0", shapes: [[2, 3]], ranges: [[-2, -0.1]], build: (x) => relu(x) },
  ],
};
export const Sigmoid = unary("Sigmoid", ({ output, upstream }) => [
  () => mul(upstream, mul(output(0), sub(1, output(0)))), // σ (1 − σ)
]);
export const Softplus = unary("Softplus", ({ input, upstream }) => [() => mul(upstream, sigmoid(input(0)))]);
export const Sin = unary("Sin", ({ input, upstream }) => [
  () => mul(upstream, sin(add(input(0), Math.PI / 2))), // cos x
]);
const erfRule = unary("Erf", ({ input, upstream }) => [
  () => mul(upstream, exp(sub(Math.log(2 / Math.sqrt(Math.PI)), mul(input(0), input(0))))), // 2/√π · e^(−x²)
]);
export const Erf: OperatorDefinition = {
  ...erfRule,
  examples: [{ shapes: [[2, 3]], float32Only: true, build: (x) => erf(x) }],
};

/** max(0, x). */
export const relu = (x: Tensor): Tensor => apply(Relu, [x]);
/** 1 / (1 + e^(−x)). */
export const sigmoid = (x: Tensor): Tensor => apply(Sigmoid, [x]);
/** log(1 + e^x). */
export const softplus = (x: Tensor): Tensor => apply(Softplus, [x]);
/** The sine of an angle in radians. */
export const sin = (x: Tensor): Tensor => apply(Sin, [x]);
/** 2/√π · ∫ e^(−t²) dt from 0 to x. */
export const erf = (x: Tensor): Tensor => apply(Erf, [x]);
