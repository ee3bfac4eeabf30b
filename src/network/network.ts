// What a network is: a function from frames to logits on a graph, whose weights and dropout masks come from outside.
// The same function is called to list the weights, to train, to infer whole utterances, and to infer a stream chunk by
// chunk. Knows nothing of audio, text or training.

import type { Direction, Tensor } from "../graph/index.ts";
import type { z } from "../settings.ts";
import type { Float32Tensor } from "../tensor.ts";
import type { WeightInitializer } from "./initializers.ts";

/** Where a network gets its weights from, and what becomes of its dropout and batch normalization. */
export interface LayerContext {
  /** The weight of this name, created by `initializer` when training starts. */
  readonly weight: (name: string, shape: readonly number[], initializer: WeightInitializer) => Tensor;
  /** Both directions of a recurrence in one loop, for devices where each product of each step is a launch. */
  readonly joinsDirections?: true;
  /** In training: drops elements with probability `rate` and scales up the rest; otherwise the identity. */
  readonly dropout: (x: Tensor, name: string, rate: number) => Tensor;
  /**
   * In training: drops all of a branch [T', B, H] for an utterance with probability `rate`, and scales up those that stay
   * (Huang et al. 2016, arXiv 1603.09382); otherwise the identity.
   */
  readonly stochasticDepth: (branch: Tensor, name: string, rate: number) => Tensor;
  /**
   * [T', B, H] by the mean and variance of each unit, then scaled and moved by weights: in training by the statistics of
   * the steps of the batch that `mask` [T', B, 1] does not call padding, otherwise by those kept from training. What it is
   * moved by starts as zeros, unless `biasStart` says otherwise.
   */
  readonly batchNormalization: (
    x: Tensor,
    name: string,
    mask: Tensor,
    biasStart?: WeightInitializer,
  ) => Tensor;
  /**
   * Takes what a layer gives, [T', B, H]. A program that measures the layers counts the units that are off or at the clip,
   * one that shows them (layer-values.ts) gives the values; every other program ignores it.
   */
  readonly recordActivity: (x: Tensor, name: string, where: RecordedLayer) => void;
  /**
   * What goes on of the result [T' + ahead, B, H] of a repeated layer, called behind each of them, the last included. The
   * identity, unless training has a loss there or the network conditions itself (intermediate.ts).
   */
  readonly between: (h: Tensor, name: string, where: RepeatedLayer) => Tensor;
}

/** What is known of a layer whose values are recorded. */
export interface RecordedLayer {
  /** Of the steps that are not padding. [T', B, 1] */
  readonly mask: Tensor;
  /** Where a rectifier clips; absent of a layer without one. */
  readonly ceiling?: number;
  /** Of a recurrence. */
  readonly direction?: Direction;
}

/** Which of a network's repeated layers, from 1, of how many. */
export interface RepeatedLayer {
  readonly layer: number;
  readonly layers: number;
  /** 1 in the steps of each utterance. [T' + ahead, B, 1] */
  readonly mask: Tensor;
  /** Steps that `h` has behind its T', to which the layers above look ahead; 0 by default. */
  readonly ahead?: number;
}

/** A tensor that one chunk of a stream hands on to the next; one axis is "B", the utterances of the batch. */
export interface StateShape {
  readonly name: string;
  readonly shape: readonly (number | "B")[];
}

export interface NetworkInputs {
  /**
   * Feature frames, zero in the padding. [T + lookAhead, B, F]: T frames that are new, and those that the last of their
   * steps look ahead to. A network that needs the whole utterance gets [T, B, F].
   */
  readonly frames: Tensor;
  /** 1 where a step's own frame is inside the utterance, 0 in the padding. [T' + ⌊lookAhead / stride⌋, B, 1] */
  readonly mask: Tensor;
  /** What the chunk before left, in the order of the network's states; all zeros at the start of an utterance. */
  readonly states: readonly Tensor[];
}

export interface NetworkResults {
  /** [T', B, V] for V symbols with the blank, T' = ⌈T / stride⌉. */
  readonly logits: Tensor;
  /** The states after the T frames, not after those looked ahead to: the next chunk begins there. */
  readonly states: readonly Tensor[];
}

/** What others must know of a network to feed it. */
export interface NetworkContract {
  /** Input frames per output step. */
  readonly stride: number;
  /** How many frames after its own a step depends on, through all layers that look ahead; "utterance": all of them. */
  readonly lookAhead: number | "utterance";
  /** What a chunk must know of those before it; none for a network that needs the whole utterance. */
  readonly states: readonly StateShape[];
  /** The frames about its own that a step sees before anything recurs or attends: for pictures; nothing is fed by it. */
  readonly context?: FrameContext;
}

export interface FrameContext {
  readonly before: number;
  readonly after: number;
}

/** A network whose settings are decided. */
export interface Network extends NetworkContract {
  readonly build: (layers: LayerContext, inputs: NetworkInputs, symbols: number) => NetworkResults;
  /** The same network with the same weights for live streams; absent where looking ahead costs next to nothing. */
  readonly delayed?: DelayedNetwork;
}

/**
 * A network that keeps what it would look ahead to as a state, and gives each step later instead: nothing is computed twice, so
 * that short chunks cost no more than long ones.
 */
export interface DelayedNetwork extends Network {
  readonly lookAhead: number;
  /** The logits of a chunk are those of so many steps before: the first of a stream belong to no step. */
  readonly delaySteps: number;
}

/** What a network is created from beside its settings. */
export interface NetworkSizes {
  /** F, numbers in a feature frame. */
  readonly features: number;
}

/** A kind of network: a row of the table of networks. */
export interface NetworkDefinition<Settings extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** Each field with its default, range and description: from here follow validation, command line and documents. */
  readonly settings: Settings;
  create(settings: Readonly<z.output<Settings>>, sizes: NetworkSizes): Network;
}

export type Weights = ReadonlyMap<string, Float32Tensor>;
