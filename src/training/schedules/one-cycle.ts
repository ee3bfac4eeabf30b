// One cycle (Smith 2018): a linear rise to the peak, then a cosine down to almost nothing.

import { z } from "../../settings.ts";
import type { Schedule } from "./schedule.ts";

export const oneCycleSettings = z.strictObject({
  name: z.literal("one-cycle"),
  peak: z.number().positive().default(1e-3).describe("Highest learning rate."),
  rise: z.number().min(0).max(1).default(0.2).describe("Share of the training spent rising."),
  start: z.number().min(0).max(1).default(0.04).describe("First rate, as a share of the peak."),
  end: z.number().min(0).max(1).default(0.01).describe("Last rate, as a share of the peak."),
});

export function oneCycle({ peak, rise, start, end }: z.output<typeof oneCycleSettings>): Schedule {
  return ({ epoch, epochs }) => {
    const done = epoch / epochs;
    if (done < rise) return peak * (start + (1 - start) * (done / rise));
    const fall = (1 + Math.cos(Math.PI * Math.min(1, (done - rise) / (1 - rise)))) / 2;
    return peak * (end + (1 - end) * fall);
  };
}
