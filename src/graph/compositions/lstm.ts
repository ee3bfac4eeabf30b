// Long short-term memory (Hochreiter & Schmidhuber 1997), with the forget gate of Gers, Schmidhuber & Cummins 2000 and no
// peepholes: a recurrence with two states. What the input adds to the gates is one product outside the loop.

import type { CompositionDefinition } from "../composition.ts";
import { formatShape, shapeMismatch } from "../dimensions.ts";
import type { Tensor } from "../graph.ts";
import { sigmoid } from "../operators/activation.ts";
import { add, mul, tanh } from "../operators/elementwise.ts";
import { matMul } from "../operators/matrix.ts";
import { scan, type Direction } from "../operators/scan.ts";
import { split } from "../operators/slice.ts";

export interface LstmStates {
  /** h, the output of the cell. [B, H] */
  readonly hidden: Tensor;
  /** c, the memory of the cell. [B, H] */
  readonly cell: Tensor;
}

/** The states are those after the last step. */
export interface LstmResult extends LstmStates {
  /** The hidden state after every step. [T, B, H] */
  readonly outputs: Tensor;
}

const exampleOf = (direction: Direction) => (x: Tensor, weight: Tensor, hidden: Tensor, cell: Tensor) => {
  const last = lstm(x, weight, { hidden, cell }, direction);
  return add(last.outputs, add(last.hidden, mul(last.cell, 2)));
};

export const Lstm: CompositionDefinition = {
  name: "lstm",
  source: "Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000",
  examples: [
    { title: "forward", shapes: [[4, 2, 12], [3, 12], [2, 3], [2, 3]], build: exampleOf("forward") }, // prettier-ignore
    { title: "backward", shapes: [[4, 2, 12], [3, 12], [2, 3], [2, 3]], build: exampleOf("backward") }, // prettier-ignore
  ],
};

/**
 * c' = σ(f) c + σ(i) tanh(g), h' = σ(o) tanh(c'), where i, f, g, o, in this order, are the parts of x_t + h W: `x`
 * [T, B, 4H] is the input's product with its weights plus the bias, `weight` [H, 4H] is W. Where `x` is far below zero in
 * all parts, both states become zero: so they stay in the padding of a batch.
 */
export function lstm(x: Tensor, weight: Tensor, initial: LstmStates, direction: Direction): LstmResult {
  checkGates(x, weight);
  const { states, outputs } = scan({
    states: [initial.hidden, initial.cell],
    sequences: [x],
    direction,
    step: ([hidden, cell], [slice]) => {
      const after = lstmStep(add(slice, matMul(hidden, weight)), cell, -1);
      return { states: [after.hidden, after.cell], outputs: [after.hidden] };
    },
  });
  return { outputs: outputs[0], hidden: states[0], cell: states[1] };
}

/** One step: from the sum of what the input and the hidden state give the gates, of which `axis` holds the four parts. */
export function lstmStep(gates: Tensor, cell: Tensor, axis: number): LstmStates {
  const [i, f, g, o] = split(gates, axis, Array<number>(4).fill(cell.shape.at(axis) as number));
  const kept = add(mul(sigmoid(f), cell), mul(sigmoid(i), tanh(g)));
  return { hidden: mul(sigmoid(o), tanh(kept)), cell: kept };
}

function checkGates(x: Tensor, weight: Tensor): void {
  const [size, gates] = weight.shape;
  if (typeof size === "number" && gates === 4 * size && x.shape.at(-1) === gates) return;
  throw shapeMismatch("lstm", `${formatShape(x.shape)} and ${formatShape(weight.shape)} are not [T, B, 4H] and [H, 4H]`); // prettier-ignore
}
