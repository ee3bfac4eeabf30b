// What an optimizer is: a pure description of what one step does to one weight tensor, in numbers and on a graph. State lives
// in `slots`, which the checkpoint saves; nothing is hidden in closures.

import type { Tensor } from "../../graph/index.ts";

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
  /** Changes weight and slots in place; reads the gradient times `scale`, which the norm cap sets. */
  readonly update: (
    weight: Float32Array,
    gradient: Float32Array,
    scale: number,
    slots: readonly Float32Array[],
    facts: StepFacts,
  ) => void;
  /** The same on a graph, for programs that are trained with elsewhere. */
  readonly updateOnGraph: (update: GraphUpdate) => GraphUpdated;
}

export interface GraphUpdate {
  readonly weight: Tensor;
  /** Times what the norm cap leaves. */
  readonly gradient: Tensor;
  readonly slots: readonly Tensor[];
  /** A scalar, as is `step`. */
  readonly learningRate: Tensor;
  /** Steps taken before this one. */
  readonly step: Tensor;
  readonly decays: boolean;
}

export type GraphUpdated = Pick<GraphUpdate, "weight" | "slots">;
