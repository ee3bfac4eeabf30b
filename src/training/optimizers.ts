// The door to optimizers: one is a file in optimizers/ and a row here.

import { choice, type z } from "../settings.ts";
import { adamw, adamwSettings } from "./optimizers/adamw.ts";
import { nadamw, nadamwSettings } from "./optimizers/nadamw.ts";
import { nesterov, nesterovSettings } from "./optimizers/nesterov.ts";
import type { Optimizer } from "./optimizers/optimizer.ts";

export { updateOnGraph } from "./optimizers/graph-update.ts";
export type { Optimizer } from "./optimizers/optimizer.ts";
export { weightUpdate, type WeightUpdate } from "./optimizers/weight-update.ts";

export const optimizerSettings = choice([adamwSettings, nadamwSettings, nesterovSettings]);
export type OptimizerSettings = z.output<typeof optimizerSettings>;

export function createOptimizer(settings: OptimizerSettings): Optimizer {
  switch (settings.name) {
    case "adamw":
      return adamw(settings);
    case "nadamw":
      return nadamw(settings);
    case "nesterov":
      return nesterov(settings);
  }
}
