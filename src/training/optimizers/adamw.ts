// AdamW: Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2).

import { z } from "../../settings.ts";
import type { Optimizer } from "./optimizer.ts";

export const adamwSettings = z.strictObject({
  name: z.literal("adamw"),
  beta1: z.number().min(0).lt(1).default(0.9).describe("Decay of the gradient's running mean."),
  beta2: z.number().min(0).lt(1).default(0.99).describe("Decay of the squared gradient's running mean."),
  epsilon: z.number().positive().default(1e-8).describe("Added to the denominator."),
  weightDecay: z
    .number()
    .min(0)
    .default(0.01)
    .describe("Share of each matrix lost per unit of learning rate."),
});

export function adamw({ beta1, beta2, epsilon, weightDecay }: z.output<typeof adamwSettings>): Optimizer {
  return {
    slots: 2,
    update(weight, gradient, scale, [mean, square], { learningRate, step, decays }) {
      const rate = learningRate / (1 - beta1 ** (step + 1));
      const correction = 1 / (1 - beta2 ** (step + 1));
      const keep = decays ? 1 - learningRate * weightDecay : 1;
      for (let i = 0; i < weight.length; i++) {
        const g = gradient[i] * scale;
        const m = beta1 * mean[i] + (1 - beta1) * g;
        const v = beta2 * square[i] + (1 - beta2) * g * g;
        mean[i] = m;
        square[i] = v;
        weight[i] = keep * weight[i] - (rate * m) / (Math.sqrt(v * correction) + epsilon);
      }
    },
  };
}
