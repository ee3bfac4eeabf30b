// What AdamW and NAdamW have in common on a graph: running means, their corrections and the decay of the weights.

import { add, cast, div, exp, mul, sqrt, sub, type Tensor } from "../../graph/index.ts";
import type { GraphUpdate } from "./optimizer.ts";

interface Decays {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** The running means of the gradient and of its square, and what each step is divided by. */
export function momentsOnGraph(
  { gradient, slots: [mean, square], step }: GraphUpdate,
  { beta1, beta2, epsilon }: Decays,
) {
  const m = add(mul(mean, beta1), mul(gradient, 1 - beta1));
  const v = add(mul(square, beta2), mul(mul(gradient, gradient), 1 - beta2));
  const divisor = add(sqrt(div(v, sub(1, powerOf(beta2, step, 1)))), epsilon);
  return { m, v, divisor };
}

/** The weight without what decays of it. */
export const decayedOnGraph = ({ weight, learningRate, decays }: GraphUpdate, weightDecay: number): Tensor =>
  decays ? mul(weight, sub(1, mul(learningRate, weightDecay))) : weight;

/** base^(step + more); in float64, since near 1 it is what is missing to 1 that counts. */
export function powerOf(base: number, step: Tensor, more: number): Tensor {
  const exponent = add(cast(step, "float64"), more);
  return cast(exp(mul(exponent, Math.log(Math.max(base, 1e-300)))), "float32");
}
