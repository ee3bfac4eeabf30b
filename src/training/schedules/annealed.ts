// The paper's schedule: the rate is divided by a constant after each epoch (Hannun et al. 2014, section 5.1).

import { z } from "../../settings.ts";
import type { Schedule } from "./schedule.ts";

export const annealedSettings = z.strictObject({
  name: z.literal("annealed"),
  initial: z.number().positive().default(1e-4).describe("Learning rate of the first epoch."),
  divisor: z.number().min(1).default(1.2).describe("What the rate is divided by after each epoch."),
});

export function annealed({ initial, divisor }: z.output<typeof annealedSettings>): Schedule {
  return ({ epoch }) => initial / divisor ** Math.floor(epoch);
}
