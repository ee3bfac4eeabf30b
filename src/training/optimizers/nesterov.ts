// Gradient descent with Nesterov's momentum, the paper's optimizer (momentum 0.99; Hannun et al. 2014, section 5.1),
// in the form of Sutskever et al. 2013: v ← μ v − ε g, w ← w + μ v − ε g.

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

/** The slot is the velocity. */
export const nesterov = ({ momentum }: z.output<typeof nesterovSettings>): Optimizer => ({
  slots: 1,
  coefficients: (_, { learningRate }) => [learningRate],
  update({ constant, add, sub, mul }, { weight, slots: [velocity] }, gradient, [rate]) {
    const step = mul(rate, gradient);
    const v = sub(mul(constant(momentum), velocity), step);
    return { weight: add(weight, sub(mul(constant(momentum), v), step)), slots: [v] };
  },
});
