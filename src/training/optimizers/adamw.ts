// AdamW: Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2).

import { z } from "../../settings.ts";
import { adam, biasCorrection } from "./adam.ts";
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

export const adamw = (settings: z.output<typeof adamwSettings>): Optimizer =>
  adam(settings, (on, facts) => [on.div(facts.learningRate, biasCorrection(on, settings.beta1, facts, 1))]);
