// NAdamW: Adam with Nesterov's momentum (Dozat 2016, "Incorporating Nesterov momentum into Adam") and decoupled weight
// decay (Loshchilov & Hutter 2019), the optimizer of the AlgoPerf baselines. The momentum is constant, as there; PyTorch's
// NAdam warms it up unless its momentum_decay is large.

import { add, div, mul, sub } from "../../graph/index.ts";
import { z } from "../../settings.ts";
import { adamUpdate, decayedOnGraph, momentsOnGraph, powerOf } from "./adam.ts";
import { adamwSettings } from "./adamw.ts";
import type { Optimizer } from "./optimizer.ts";

export const nadamwSettings = adamwSettings.extend({ name: z.literal("nadamw") });

export function nadamw(settings: z.output<typeof nadamwSettings>): Optimizer {
  const { beta1, weightDecay } = settings;
  return {
    slots: 2,
    update: adamUpdate(settings, ({ learningRate, step }) => ({
      ofMean: (learningRate * beta1) / (1 - beta1 ** (step + 2)), // as the next step will correct it
      ofGradient: (learningRate * (1 - beta1)) / (1 - beta1 ** (step + 1)),
    })),
    updateOnGraph(update) {
      const { learningRate, step, gradient } = update;
      const { m, v, divisor } = momentsOnGraph(update, settings);
      const ahead = div(mul(learningRate, beta1), sub(1, powerOf(beta1, step, 2)));
      const now = div(mul(learningRate, 1 - beta1), sub(1, powerOf(beta1, step, 1)));
      const slide = div(add(mul(m, ahead), mul(gradient, now)), divisor);
      return { weight: sub(decayedOnGraph(update, weightDecay), slide), slots: [m, v] };
    },
  };
}
