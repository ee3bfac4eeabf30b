// Gradient descent with Nesterov's momentum, the paper's optimizer (momentum 0.99; Hannun et al. 2014, section 5.1),
// in the form of Sutskever et al. 2013: v ← μ v − ε g, w ← w + μ v − ε g.

import { add, mul, sub } from "../../graph/index.ts";
import { z } from "../../settings.ts";
import type { Optimizer } from "./optimizer.ts";

export const nesterovSettings = z.strictObject({
  name: z.literal("nesterov"),
  momentum: z
    .number()
    .min(0)
    .lt(1)
    .default(0.99)
    .describe("Share of the velocity kept per step (the paper: 0.99)."),
});

export function nesterov({ momentum }: z.output<typeof nesterovSettings>): Optimizer {
  return {
    slots: 1,
    update(weight, gradient, scale, [velocity], { learningRate }) {
      const rate = learningRate * scale;
      for (let i = 0; i < weight.length; i++) {
        const step = rate * gradient[i];
        const v = momentum * velocity[i] - step;
        velocity[i] = v;
        weight[i] += momentum * v - step;
      }
    },
    updateOnGraph({ weight, gradient, slots: [velocity], learningRate }) {
      const step = mul(gradient, learningRate);
      const v = sub(mul(velocity, momentum), step);
      return { weight: sub(add(weight, mul(v, momentum)), step), slots: [v] };
    },
  };
}
