// The door to optimizers: a pure description of what one step does to one weight tensor. State lives in `slots`, which
// the checkpoint saves; nothing is hidden in closures. An optimizer is a file in optimizers/ and a row here.

import { z } from "../settings.ts";
import { adamw, adamwSettings } from "./optimizers/adamw.ts";
import { nesterov, nesterovSettings } from "./optimizers/nesterov.ts";

export interface StepFacts {
  readonly learningRate: number;
  /** Steps taken before this one. */
  readonly step: number;
  /** Whether weight decay applies: to matrices, not to biases. */
  readonly decays: boolean;
}

export interface Optimizer {
  /** Arrays of the weight's size that the optimizer keeps between steps, zero at first. */
  readonly slots: number;
  /** Changes weight and slots in place; reads the gradient times `scale` (the norm cap and the batch mean). */
  readonly update: (
    weight: Float32Array,
    gradient: Float32Array,
    scale: number,
    slots: readonly Float32Array[],
    facts: StepFacts,
  ) => void;
}

export const optimizerSettings = z.discriminatedUnion("name", [adamwSettings, nesterovSettings]);
export type OptimizerSettings = z.output<typeof optimizerSettings>;

export function createOptimizer(settings: OptimizerSettings): Optimizer {
  return settings.name === "adamw" ? adamw(settings) : nesterov(settings);
}
