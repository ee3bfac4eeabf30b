// NAdamW: Adam with Nesterov's momentum (Dozat 2016, "Incorporating Nesterov momentum into Adam") and decoupled weight
// decay (Loshchilov & Hutter 2019), the optimizer of the AlgoPerf baselines. The momentum is constant, as there; PyTorch's
// NAdam warms it up unless its momentum_decay is large.

import { z } from "../../settings.ts";
import { adam, biasCorrection } from "./adam.ts";
import { adamwSettings } from "./adamw.ts";
import type { Optimizer } from "./optimizer.ts";

export const nadamwSettings = adamwSettings.extend({ name: z.literal("nadamw") });

export const nadamw = (settings: z.output<typeof nadamwSettings>): Optimizer =>
  adam(settings, (on, facts) => {
    const { beta1 } = settings;
    const share = (part: number) => on.mul(facts.learningRate, on.constant(part));
    return [
      on.div(share(beta1), biasCorrection(on, beta1, facts, 2)), // as the next step will correct it
      on.div(share(1 - beta1), biasCorrection(on, beta1, facts, 1)),
    ];
  });
