// The parts that networks are made of: windows of frames, dense layers, the clipped rectifier, recurrences.

import {
  add,
  affine,
  clip,
  concat,
  FAR_BELOW,
  lastOf,
  layerNormalization,
  mul,
  pad,
  scan,
  sigmoid,
  slice,
  squeeze,
  sub,
  transpose,
  zerosLike,
  type Direction,
  type Tensor,
} from "../graph/index.ts";
import { heNormal, ones, zeros, type WeightInitializer } from "./initializers.ts";
import type { LayerContext } from "./network.ts";

/** Each kept frame with `context` frames on either side, zeros beyond the ends: [T, B, F] → [⌈T/stride⌉, B, (2C+1)F]. */
export const frameWindow = (frames: Tensor, context: number, stride: number): Tensor =>
  slidingWindow(pad(frames, 0, context, context), 2 * context + 1, stride);

/** The `width` frames from every kept one on, side by side: [T + width − 1, B, F] → [⌈T/stride⌉, B, width·F]. */
export function slidingWindow(frames: Tensor, width: number, stride: number): Tensor {
  const shifts = Array.from({ length: width }, (_, start) =>
    slice(frames, 0, { start, trim: width - 1 - start, step: stride }),
  );
  return concat(shifts, 2);
}

/** x W + b, over the last axis: [T, B, I] → [T, B, outputs]. */
export function dense(
  { weight }: LayerContext,
  x: Tensor,
  outputs: number,
  name: string,
  initializer: WeightInitializer,
  biasInitializer: WeightInitializer = zeros,
): Tensor {
  const inputs = x.shape.at(-1) as number;
  const matrix = weight(`${name}.weight`, [inputs, outputs], initializer);
  return affine(x, matrix, weight(`${name}.bias`, [outputs], biasInitializer));
}

/** What each of `layers` looks ahead of steps that they look ahead together, as even as whole numbers are. */
export const lookAheadShares = (steps: number, layers: number): number[] =>
  Array.from(
    { length: layers },
    (_, i) => Math.floor(((i + 1) * steps) / layers) - Math.floor((i * steps) / layers),
  );

/** Each step by its own mean and variance, then scaled and moved by weights (Ba et al. 2016). [..., H] */
export function normalized({ weight }: LayerContext, x: Tensor, name: string): Tensor {
  const size = [x.shape.at(-1) as number];
  return layerNormalization(x, weight(`${name}.scale`, size, ones), weight(`${name}.bias`, size, zeros));
}

/** z σ(z) (Ramachandran et al. 2017, arXiv 1710.05941). */
export const swish = (z: Tensor): Tensor => mul(z, sigmoid(z));

/** g(z) = min(max(0, z), ceiling). */
export const clippedRelu =
  (ceiling: number) =>
  (z: Tensor): Tensor =>
    clip(z, 0, ceiling);

export interface ClippedLayer {
  readonly width: number;
  /** Where the rectifier clips. */
  readonly ceiling: number;
  /** Dropped share of its units. */
  readonly dropout: number;
  /** Of the steps that are not padding. [T', B, 1] */
  readonly mask: Tensor;
}

/** g(x W + b), of which training drops a share. [T', B, I] → [T', B, width] */
export function clippedLayer(
  layers: LayerContext,
  x: Tensor,
  name: string,
  { width, ceiling, dropout, mask }: ClippedLayer,
): Tensor {
  const activations = clippedRelu(ceiling)(dense(layers, x, width, name, heNormal));
  layers.recordActivity(activations, name, { ceiling, mask });
  return layers.dropout(activations, name, dropout);
}

/**
 * Moves the input of a rectified recurrence far below zero in the padding, where the rectifier then holds the state at
 * zero: a padded batch equals its utterances one by one, without a mask inside the loop.
 */
export function silencePadding(input: Tensor, mask: Tensor): Tensor {
  return add(input, mul(sub(mask, 1), -FAR_BELOW));
}

/**
 * [T, B, H] ↔ [T, H, B]. A recurrence runs twice as fast on states that are columns: the engine then takes the matrix as
 * the left factor, as it lies, and need not repack all of it at each step (docs/log.md).
 */
export const asColumns = (x: Tensor): Tensor => transpose(x, [0, 2, 1]);

/** What a step of a recurrence gives. */
export interface CellResult {
  /** The states after the step, as many and of the same shapes as before it. */
  readonly states: readonly Tensor[];
  /** What the layer above gets of the step. */
  readonly output: Tensor;
}

/** A step of a recurrence: from the states [H, B] before it, one or several, and its input. */
export type Cell = (states: readonly Tensor[], input: Tensor) => CellResult;

/** A cell over time, from the given states on: [T, H, B] → [T, H, B], and the states after the last step. */
export function recurrence(
  input: Tensor,
  cell: Cell,
  states: readonly Tensor[],
  direction: Direction,
): CellResult {
  const result = scan({
    states,
    sequences: [input],
    direction,
    step: (before, [slice]) => {
      const { states: after, output } = cell(before, slice);
      return { states: after, outputs: [output] };
    },
  });
  return { states: result.states, output: result.outputs[0] };
}

/**
 * The same forward, where the last `ahead` steps only look ahead: the outputs of all steps, and the states before those. For
 * a cell whose first state is its output.
 */
export function recurrenceAhead(
  input: Tensor,
  cell: Cell,
  states: readonly Tensor[],
  ahead: number,
): CellResult {
  const { outputs } = scan({
    states,
    sequences: [input],
    direction: "forward",
    step: (before, [slice]) => {
      const { states: after, output } = cell(before, slice);
      return { states: after, outputs: [output, ...after.slice(1)] };
    },
  });
  const before = (steps: Tensor) => squeeze(lastOf(slice(steps, 0, { trim: ahead }), 0, 1), [0]);
  return { states: outputs.map(before), output: outputs[0] };
}

/** A state before the first step over [T, ·, B]: [H, B], with as many units as the input unless H is given. */
export function zeroState(input: Tensor, units = input.shape[1] as number): Tensor {
  const column = input.graph.constant("zeros", "float32", [units, 1], new Float32Array(units));
  return add(column, zerosLike(input, 2, 3));
}
