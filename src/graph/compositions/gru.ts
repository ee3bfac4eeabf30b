// The gated recurrent unit (Cho et al. 2014, arXiv 1406.1078) in the form that libraries compute: the reset gate works on
// the product with the state, not on the state before it, so that a step has one product with the matrix and not two.

import type { CompositionDefinition } from "../composition.ts";
import { formatShape, shapeMismatch } from "../dimensions.ts";
import type { Tensor } from "../graph.ts";
import { sigmoid } from "../operators/activation.ts";
import { add, mul, sub, tanh } from "../operators/elementwise.ts";
import { matMul } from "../operators/matrix.ts";
import { scan, type Direction } from "../operators/scan.ts";
import { split } from "../operators/slice.ts";

export interface GruResult {
  /** The state after every step. [T, B, H] */
  readonly outputs: Tensor;
  /** The state after the last step. [B, H] */
  readonly hidden: Tensor;
}

/** What a GRU makes of its state. */
export interface GruWeights {
  /** W. [H, 3H] */
  readonly matrix: Tensor;
  /** b, added to the candidate's product with the state before the reset gate. [H] */
  readonly bias: Tensor;
}

const exampleOf = (direction: Direction) => (x: Tensor, matrix: Tensor, bias: Tensor, hidden: Tensor) => {
  const result = gru(x, { matrix, bias }, hidden, direction);
  return add(result.outputs, mul(result.hidden, 2));
};

export const Gru: CompositionDefinition = {
  name: "gru",
  source: "Cho et al. 2014 (arXiv 1406.1078), with the reset behind the product",
  examples: [
    { title: "forward", shapes: [[4, 2, 9], [3, 9], [3], [2, 3]], build: exampleOf("forward") }, // prettier-ignore
    { title: "backward", shapes: [[4, 2, 9], [3, 9], [3], [2, 3]], build: exampleOf("backward") }, // prettier-ignore
  ],
};

/**
 * h' = (1 − z) n + z h for r = σ(x_r + h W_r), z = σ(x_z + h W_z), n = tanh(x_n + r (h W_n + b)), the parts in this order:
 * `x` [T, B, 3H] is the input's product with its weights plus the bias. Where the part z of `x` is far above zero, the state
 * stays as it was.
 */
export function gru(
  x: Tensor,
  { matrix, bias }: GruWeights,
  initial: Tensor,
  direction: Direction,
): GruResult {
  checkGates(x, matrix);
  const { states, outputs } = scan({
    states: [initial],
    sequences: [x],
    direction,
    step: ([hidden], [slice]) => {
      const after = gruStep(slice, matMul(hidden, matrix), { hidden, bias }, -1);
      return { states: [after], outputs: [after] };
    },
  });
  return { outputs: outputs[0], hidden: states[0] };
}

/** What happens to the sums before the functions that bend them: of both gates, and of the candidate. */
export interface GruSums {
  readonly gates: (sum: Tensor) => Tensor;
  readonly candidate: (sum: Tensor) => Tensor;
}

const asTheyAre: GruSums = { gates: (sum) => sum, candidate: (sum) => sum };

/** One step: what the input gives the three parts, of which `axis` holds them, and what the hidden state gives them. */
export function gruStep(
  input: Tensor,
  product: Tensor,
  { hidden, bias }: { readonly hidden: Tensor; readonly bias: Tensor },
  axis: number,
  sums: GruSums = asTheyAre,
): Tensor {
  const size = hidden.shape.at(axis) as number;
  const [x, xn] = split(input, axis, [2 * size, size]);
  const [h, hn] = split(product, axis, [2 * size, size]);
  const [reset, update] = split(sigmoid(sums.gates(add(x, h))), axis, [size, size]);
  const candidate = tanh(sums.candidate(add(xn, mul(reset, add(hn, bias)))));
  return add(candidate, mul(update, sub(hidden, candidate)));
}

function checkGates(x: Tensor, matrix: Tensor): void {
  const [size, gates] = matrix.shape;
  if (typeof size === "number" && gates === 3 * size && x.shape.at(-1) === gates) return;
  throw shapeMismatch("gru", `${formatShape(x.shape)} and ${formatShape(matrix.shape)} are not [T, B, 3H] and [H, 3H]`); // prettier-ignore
}
