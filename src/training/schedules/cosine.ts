// Cosine annealing (Loshchilov & Hutter 2017, without restarts) behind a linear warm-up from nothing, as the AlgoPerf
// baselines have it. One cycle differs in its defaults: a longer rise, which does not begin at nothing.

import { z } from "../../settings.ts";
import type { Schedule } from "./schedule.ts";

export const cosineSettings = z.strictObject({
  name: z.literal("cosine"),
  peak: z.number().positive().default(1e-3).describe("Learning rate at the end of the warm-up."),
  warmUp: z
    .number()
    .min(0)
    .lt(1)
    .default(0.05)
    .describe("Share of the training in which the rate rises from 0 to the peak."),
  end: z.number().min(0).max(1).default(0).describe("Last rate, as a share of the peak."),
});

export function cosine({ peak, warmUp, end }: z.output<typeof cosineSettings>): Schedule {
  return ({ epoch, epochs }) => {
    const done = Math.min(1, epoch / epochs);
    if (done < warmUp) return peak * (done / warmUp);
    const left = (1 + Math.cos((Math.PI * (done - warmUp)) / (1 - warmUp))) / 2;
    return peak * (end + (1 - end) * left);
  };
}
