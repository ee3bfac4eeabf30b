// NAdamW: Adam with Nesterov's momentum (Dozat 2016, "Incorporating Nesterov momentum into Adam") and decoupled weight
// decay (Loshchilov & Hutter 2019), the optimizer of the AlgoPerf baselines. The momentum is constant, as there; PyTorch's
// NAdam warms it up unless its momentum_decay is large.

import { add, div, mul, sub } from "../../graph/index.ts";
import { z } from "../../settings.ts";
import { decayedOnGraph, momentsOnGraph, powerOf } from "./adam-on-graph.ts";
import { adamwSettings } from "./adamw.ts";
import type { Optimizer } from "./optimizer.ts";

export const nadamwSettings = adamwSettings.extend({ name: z.literal("nadamw") });

export function nadamw(settings: z.output<typeof nadamwSettings>): Optimizer {
  const { beta1, beta2, epsilon, weightDecay } = settings;
  return {
    slots: 2,
    update(weight, gradient, scale, [mean, square], { learningRate, step, decays }) {
      const ahead = (learningRate * beta1) / (1 - beta1 ** (step + 2)); // of the mean, as the next step will correct it
      const now = (learningRate * (1 - beta1)) / (1 - beta1 ** (step + 1)); // of the gradient itself
      const correction = 1 / (1 - beta2 ** (step + 1));
      const keep = decays ? 1 - learningRate * weightDecay : 1;
      for (let i = 0; i < weight.length; i++) {
        const g = gradient[i] * scale;
        const m = beta1 * mean[i] + (1 - beta1) * g;
        const v = beta2 * square[i] + (1 - beta2) * g * g;
        mean[i] = m;
        square[i] = v;
        weight[i] = keep * weight[i] - (ahead * m + now * g) / (Math.sqrt(v * correction) + epsilon);
      }
    },
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
