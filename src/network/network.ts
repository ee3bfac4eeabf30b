// What a network is: a function from frames to logits on a graph, whose weights and dropout masks come from outside.
// The same function is walked to list the weights, to train, and to infer. Knows nothing of audio, text or training.

import { z } from "../settings.ts";
import type { Tensor } from "../graph/index.ts";
import type { Initializer } from "./initializers.ts";

/** Where a network gets its weights from, and what becomes of its dropout. */
export interface LayerContext {
  /** The weight of this name, created by `initializer` when training starts. */
  readonly weight: (name: string, shape: readonly number[], initializer: Initializer) => Tensor;
  /** In training: drops elements with probability `rate` and scales up the rest; otherwise the identity. */
  readonly dropout: (x: Tensor, name: string, rate: number) => Tensor;
}

export interface NetworkInputs {
  /** Feature frames, zero in the padding. [T, B, F] */
  readonly frames: Tensor;
  /** 1 inside an utterance, 0 in the padding, after the stride. [T', B, 1] */
  readonly mask: Tensor;
}

export interface NetworkDefinition<Schema extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly settings: Schema;
  /** Input frames per output step. */
  readonly stride: (settings: z.output<Schema>) => number;
  /** Logits [T', B, V], for V symbols with the blank. */
  readonly build: (
    layers: LayerContext,
    inputs: NetworkInputs,
    settings: z.output<Schema>,
    symbols: number,
  ) => Tensor;
}

export interface WeightTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}
export type Weights = ReadonlyMap<string, WeightTensor>;

/** A network with its sizes decided: plain data that a model file can hold. */
export interface Architecture {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** F, numbers in a feature frame. */
  readonly features: number;
  /** V, symbols with the blank. */
  readonly symbols: number;
}
