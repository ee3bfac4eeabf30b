// A recurrent layer of any cell: the input of the cell, computed for all steps at once, and the cell over time, one way or
// both. And the settings that networks made of such layers share.

import {
  add,
  concat,
  reverse,
  split,
  squeeze,
  unsqueeze,
  type Direction,
  type Tensor,
} from "../graph/index.ts";
import { z } from "../settings.ts";
import { cellNames, cellNormalizations, type RecurrentCell } from "./cells/index.ts";
import { conditioningSettings } from "./intermediate.ts";
import { asColumns, dense, recurrence, recurrenceAhead, zeroState, type CellResult } from "./layers.ts";
import type { LayerContext, StateShape } from "./network.ts";

export const recurrentSettings = {
  recurrentStart: z
    .number()
    .min(0)
    .max(1)
    .default(0.8)
    .describe(
      "The clipped cell's matrices start as this multiple of the identity (Le et al. 2015; docs/log.md).",
    ),
  cell: z
    .enum(cellNames)
    .default("clipped")
    .describe(
      "What recurs: the paper's clipped rectifier, or a cell with gates, of three (gru) or four (lstm) times the recurrent weights.",
    ),
  recurrentLayers: z
    .int()
    .min(1)
    .max(12)
    .default(1)
    .describe("Recurrent layers, one on the other (the paper: 1); dropout also works between them."),
  cellNormalization: z
    .enum(cellNormalizations)
    .default("none")
    .describe(
      "layer: at each step the sums that enter a cell's gates are normalized together (Zeineldeen et al. 2020: deep stacks train more steadily); a step then takes longer.",
    ),
  ...conditioningSettings,
};

/** The names of so many recurrent layers: h4, the paper's, h4-2 above it, and so on. */
export const recurrentNames = (recurrentLayers: number): string[] =>
  Array.from({ length: recurrentLayers }, (_, i) => (i === 0 ? "h4" : `h4-${i + 1}`));

/** x W + b of a cell, whatever the direction. [T', B, I] → [T', B, G·H] */
export const cellInput = (layers: LayerContext, x: Tensor, cell: RecurrentCell, name: string): Tensor =>
  dense(layers, x, cell.gates * cell.width, name, cell.inputStart, cell.biasStart);

/** What a cell hands on to the next chunk: the first state, its output, has the layer's name. */
export const cellStates = ({ width, furtherStates }: RecurrentCell, name: string): StateShape[] =>
  [name, ...furtherStates.map((state) => `${name}.${state}`)].map((state) => ({
    name: state,
    shape: [width, "B"],
  }));

/** The states before the first step over an input [T', G·H, B]. */
export const startOf = ({ width, furtherStates }: RecurrentCell, input: Tensor): Tensor[] =>
  Array.from({ length: 1 + furtherStates.length }, () => zeroState(input, width));

export interface CellRun {
  readonly name: string;
  readonly direction: Direction;
  /** Before the first step, [H, B] each. */
  readonly states: readonly Tensor[];
  /** [T', B, 1] */
  readonly mask: Tensor;
  /** So many of the last steps, forward, only look ahead: the states given are those before them. 0 by default. */
  readonly ahead?: number;
}

/** The cell over its input's columns, [T', G·H, B] → [T', H, B]. */
export function runCell(
  layers: LayerContext,
  cell: RecurrentCell,
  input: Tensor,
  { name, direction, states, mask, ahead = 0 }: CellRun,
): CellResult {
  const layer = `${name}.${direction}`;
  const step = cell.step(layers, layer);
  const result =
    ahead === 0 ? recurrence(input, step, states, direction) : recurrenceAhead(input, step, states, ahead);
  layers.recordActivity(asColumns(result.output), layer, { ceiling: cell.ceiling, direction, mask });
  return result;
}

/**
 * The cell over an input [T', B, G·H] in both directions, from states of zero: the sum of what they give (Hannun et al.
 * 2014, eq. 2 and 3). [T', B, H]
 */
export function runBothWays(
  layers: LayerContext,
  cell: RecurrentCell,
  input: Tensor,
  { name, mask }: Pick<CellRun, "name" | "mask">,
): Tensor {
  const columns = asColumns(cell.silence(input, mask));
  if (layers.joinsDirections && cell.takesDirections)
    return asColumns(joinedDirections(layers, cell, columns, name));
  const run = { name, states: startOf(cell, columns), mask };
  const forward = runCell(layers, cell, columns, { ...run, direction: "forward" }).output;
  const backward = runCell(layers, cell, columns, { ...run, direction: "backward" }).output;
  return asColumns(add(forward, backward));
}

/** Both directions as a batch of two in one loop, of which the second gets its input turned around. [T', H, B] */
function joinedDirections(layers: LayerContext, cell: RecurrentCell, columns: Tensor, name: string): Tensor {
  const forward = unsqueeze(columns, [1]);
  const input = concat([forward, reverse(forward, 0)], 1); // [T', 2, G·H, B]
  const both: LayerContext = {
    ...layers,
    weight: (weight, shape, initializer) => {
      const of = (direction: Direction) =>
        unsqueeze(layers.weight(`${name}.${direction}${weight.slice(name.length)}`, shape, initializer), [0]);
      return concat([of("forward"), of("backward")], 0);
    },
  };
  const two = columns.graph.constant("directions", "float32", [2, 1, 1], new Float32Array(2));
  const states = startOf(cell, columns).map((state) => add(two, state));
  const { output } = recurrence(input, cell.step(both, name), states, "forward");
  const [ahead, back] = split(output, 1, [1, 1]).map((half) => squeeze(half, [1]));
  return add(ahead, reverse(back, 0));
}
