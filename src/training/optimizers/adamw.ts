// AdamW: Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2).

import { div, mul, sub } from "../../graph/index.ts";
import { z } from "../../settings.ts";
import { adamUpdate, decayedOnGraph, momentsOnGraph, powerOf } from "./adam.ts";
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

export function adamw(settings: z.output<typeof adamwSettings>): Optimizer {
  const { beta1, weightDecay } = settings;
  return {
    slots: 2,
    update: adamUpdate(settings, ({ learningRate, step }) => ({
      ofMean: learningRate / (1 - beta1 ** (step + 1)),
      ofGradient: 0,
    })),
    updateOnGraph(update) {
      const { m, v, divisor } = momentsOnGraph(update, settings);
      const rate = div(update.learningRate, sub(1, powerOf(beta1, update.step, 1)));
      return {
        weight: sub(decayedOnGraph(update, weightDecay), div(mul(m, rate), divisor)),
        slots: [m, v],
      };
    },
  };
}
