// What a recurrent cell is to the networks that are made of one: how wide its input is, how its weights start, what keeps
// it at zero in the padding, and its step. A cell is a file in this folder and a row in the table (index.ts).

import type { Tensor } from "../../graph/index.ts";
import type { WeightInitializer } from "../initializers.ts";
import type { Cell } from "../layers.ts";
import type { LayerContext } from "../network.ts";

/** What happens to the sums that enter a cell's gates. */
export const cellNormalizations = ["none", "layer"] as const;
export type CellNormalization = (typeof cellNormalizations)[number];

/** What a network's settings say to its cells; a cell takes what concerns it. */
export interface CellSettings {
  /** H, units. */
  readonly width: number;
  /** Where a rectifier clips. */
  readonly ceiling: number;
  /** The multiple of the identity as which the matrix of a rectified cell starts. */
  readonly recurrentStart: number;
  readonly cellNormalization: CellNormalization;
}

export interface RecurrentCell {
  /** H, units of its output and of each of its states, [H, B]. */
  readonly width: number;
  /** G: its input is [T', B, G·H], the products of what is below with G matrices side by side. */
  readonly gates: number;
  /** The names of its states beside the first, which is its output. */
  readonly furtherStates: readonly string[];
  /** How the weights of its input start, and their biases. */
  readonly inputStart: WeightInitializer;
  readonly biasStart: WeightInitializer;
  /** Where its output is clipped; undefined for a cell without a rectifier. */
  readonly ceiling?: number;
  /**
   * Changes the input [T', B, G·H] where the mask [T', B, 1] is 0, so that there states of zero stay at zero. A normalized
   * cell puts the mask beside it, [T', B, G·H + 1].
   */
  readonly silence: (input: Tensor, mask: Tensor) => Tensor;
  /** Whether the step also takes columns and states of several directions, [D, …], for weights that are [D, …]. */
  readonly takesDirections: boolean;
  /** The step, over columns [G·H, B] as they are or silenced; `name` is that of the layer and its direction. */
  readonly step: (layers: LayerContext, name: string) => Cell;
}
