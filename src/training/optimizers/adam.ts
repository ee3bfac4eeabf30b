// What AdamW and NAdamW have in common, in numbers and on a graph: running means, their corrections and the decay of the
// weights. They differ in what a step takes of the running mean and of the gradient itself.

import { add, cast, div, exp, mul, sqrt, sub, type Tensor } from "../../graph/index.ts";
import type { GraphUpdate, Optimizer, StepFacts } from "./optimizer.ts";

interface Decays {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** What a step takes of the gradient's running mean, and of the gradient itself. */
interface Rates {
  readonly ofMean: number;
  readonly ofGradient: number;
}

/** One step in numbers (Loshchilov & Hutter 2019, algorithm 2); slots: the means of the gradient and of its square. */
export const adamUpdate =
  (
    { beta1, beta2, epsilon, weightDecay }: Decays & { readonly weightDecay: number },
    ratesAt: (facts: StepFacts) => Rates,
  ): Optimizer["update"] =>
  (weight, gradient, scale, [mean, square], facts) => {
    const { ofMean, ofGradient } = ratesAt(facts);
    const correction = 1 / (1 - beta2 ** (facts.step + 1));
    const keep = facts.decays ? 1 - facts.learningRate * weightDecay : 1;
    for (let i = 0; i < weight.length; i++) {
      const g = gradient[i] * scale;
      const m = beta1 * mean[i] + (1 - beta1) * g;
      const v = beta2 * square[i] + (1 - beta2) * g * g;
      mean[i] = m;
      square[i] = v;
      weight[i] = keep * weight[i] - (ofMean * m + ofGradient * g) / (Math.sqrt(v * correction) + epsilon);
    }
  };

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
