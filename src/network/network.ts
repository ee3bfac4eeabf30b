// What a network is: a function from frames to logits on a graph, whose weights and dropout masks come from outside.
// The same function is walked to list the weights, to train, and to infer. Knows nothing of audio, text or training.

import type { Tensor } from "../graph/index.ts";
import type { Float32Tensor } from "../tensor.ts";
import type { Initializer } from "./initializers.ts";

/** Where a network gets its weights from, and what becomes of its dropout and batch normalization. */
export interface LayerContext {
  /** The weight of this name, created by `initializer` when training starts. */
  readonly weight: (name: string, shape: readonly number[], initializer: Initializer) => Tensor;
  /** In training: drops elements with probability `rate` and scales up the rest; otherwise the identity. */
  readonly dropout: (x: Tensor, name: string, rate: number) => Tensor;
  /**
   * [T', B, H] by the mean and variance of each unit, then scaled and moved by weights: in training by the statistics of
   * the steps of the batch that `mask` [T', B, 1] does not call padding, otherwise by those kept from training.
   */
  readonly batchNormalization: (x: Tensor, name: string, mask: Tensor) => Tensor;
  /**
   * Told the result [T', B, H] of each clipped rectifier, with its ceiling and the steps that are not padding, so that
   * somebody may count the units that are off or at the clip. Changes nothing.
   */
  readonly activity: (x: Tensor, name: string, where: { ceiling: number; mask: Tensor }) => void;
}

export interface NetworkInputs {
  /** Feature frames, zero in the padding. [T, B, F] */
  readonly frames: Tensor;
  /** 1 inside an utterance, 0 in the padding, after the stride. [T', B, 1] */
  readonly mask: Tensor;
}

/** A network whose settings are decided. */
export interface Network {
  /** Input frames per output step. */
  readonly stride: number;
  /** Logits [T', B, V], for V symbols with the blank. */
  readonly build: (layers: LayerContext, inputs: NetworkInputs, symbols: number) => Tensor;
}

export type Weights = ReadonlyMap<string, Float32Tensor>;
