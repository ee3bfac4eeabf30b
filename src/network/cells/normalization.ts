// Layer normalization inside a cell (Ba et al. 2016; Zeineldeen, Zeyer, Schlüter & Ney 2020, "Layer-Normalized LSTM for
// Hybrid-HMM and End-to-End ASR", whose variant Global Joined Norm it is): at each step the sums of what the input and the
// state give all gates are normalized together. Far values in the padding would be normalized too, so here the states are
// multiplied by the mask instead.

import { concat, layerNormalization, mul, split, transpose, type Tensor } from "../../graph/index.ts";
import { ones, zeros, type WeightInitializer } from "../initializers.ts";
import type { Cell } from "../layers.ts";
import type { LayerContext } from "../network.ts";
import type { RecurrentCell } from "./cell.ts";

/** Normalizes each column of [units, B], then scales and moves its elements by weights. */
export function normalizeColumns(
  { weight }: LayerContext,
  name: string,
  units: number,
  biasStart: WeightInitializer = zeros,
): (sums: Tensor) => Tensor {
  const scale = weight(`${name}.scale`, [units], ones);
  const bias = weight(`${name}.bias`, [units], biasStart);
  return (sums) => transpose(layerNormalization(transpose(sums, [1, 0]), scale, bias), [1, 0]);
}

/** A cell whose step normalizes. What its biases start with is left to the bias of the normalization. */
export const normalizedCell = (cell: RecurrentCell): RecurrentCell => ({
  ...cell,
  biasStart: zeros,
  silence: (input, mask) => concat([input, mask], 2),
  step: (layers, name) => maskedStep(cell.step(layers, name), cell.gates * cell.width),
});

/** A step whose states are multiplied by the mask, where it comes below the `units` of the input. */
const maskedStep =
  (step: Cell, units: number): Cell =>
  (states, input) => {
    if (input.shape[0] === units) return step(states, input);
    const [sums, mask] = split(input, 0, [units, 1]);
    const after = step(states, sums);
    const masked = after.states.map((state) => mul(state, mask));
    const output = after.states.indexOf(after.output);
    return { states: masked, output: output < 0 ? mul(after.output, mask) : masked[output] };
  };
