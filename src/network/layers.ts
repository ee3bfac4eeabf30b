// The parts that networks are made of: windows of frames, dense layers, the clipped rectifier, recurrences.

import {
  add,
  affine,
  clip,
  concat,
  mul,
  pad,
  scan,
  slice,
  sub,
  transpose,
  zerosLike,
  type Direction,
  type Tensor,
} from "../graph/index.ts";
import { zeros, type Initializer } from "./initializers.ts";
import type { LayerContext } from "./network.ts";

/** Each kept frame with `context` frames on either side, zeros beyond the ends: [T, B, F] → [⌈T/stride⌉, B, (2C+1)F]. */
export function frameWindow(frames: Tensor, context: number, stride: number): Tensor {
  const padded = pad(frames, 0, context, context);
  const width = 2 * context + 1;
  const shifts = Array.from({ length: width }, (_, start) =>
    slice(padded, 0, { start, trim: width - 1 - start, step: stride }),
  );
  return concat(shifts, 2);
}

/** x W + b, over the last axis: [T, B, I] → [T, B, outputs]. */
export function dense(
  { weight }: LayerContext,
  x: Tensor,
  outputs: number,
  name: string,
  initializer: Initializer,
): Tensor {
  const inputs = x.shape.at(-1) as number;
  const matrix = weight(`${name}.weight`, [inputs, outputs], initializer);
  return affine(x, matrix, weight(`${name}.bias`, [outputs], zeros));
}

/** g(z) = min(max(0, z), ceiling). */
export const clippedRelu =
  (ceiling: number) =>
  (z: Tensor): Tensor =>
    clip(z, 0, ceiling);

const FAR_BELOW = 1e30;

/**
 * Moves the input of a rectified recurrence far below zero in the padding, where the rectifier then holds the state at
 * zero: a padded batch equals its utterances one by one, without a mask inside the loop.
 */
export function silencePadding(input: Tensor, mask: Tensor): Tensor {
  return add(input, mul(sub(mask, 1), FAR_BELOW));
}

/**
 * [T, B, H] ↔ [T, H, B]. A recurrence runs twice as fast on states that are columns: the engine then takes the matrix as
 * the left factor, as it lies, and need not repack all of it at each step (docs/log.md).
 */
export const asColumns = (x: Tensor): Tensor => transpose(x, [0, 2, 1]);

/** The next state [H, B], from the state and the step's input. */
export type Cell = (state: Tensor, input: Tensor) => Tensor;

/** h_t = cell(h_{t∓1}, x_t) from a zero state: [T, H, B] → [T, H, B]. */
export function recurrence(input: Tensor, cell: Cell, direction: Direction): Tensor {
  const { outputs } = scan({
    states: [zerosLike(input, 1, 3)],
    sequences: [input],
    direction,
    step: ([state], [slice]) => {
      const next = cell(state, slice);
      return { states: [next], outputs: [next] };
    },
  });
  return outputs[0];
}
