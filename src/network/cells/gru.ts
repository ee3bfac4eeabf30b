// The gated recurrent unit (Cho et al. 2014) as a cell: reset gate, update gate and candidate, side by side.

import { add, gruStep, matMul, mul, sub, transpose, unsqueeze, type Tensor } from "../../graph/index.ts";
import { lecunNormal, orthogonal, sideBySide, zeros } from "../initializers.ts";
import type { CellSettings, RecurrentCell } from "./cell.ts";

export const gruCell = ({ width }: CellSettings): RecurrentCell => ({
  width,
  gates: 3,
  furtherStates: [],
  inputStart: lecunNormal,
  biasStart: zeros,
  silence: (input, mask) => holdState(input, mask, width),
  step: (layers, name) => {
    const start = sideBySide(Array(3).fill(orthogonal));
    const matrix = transpose(layers.weight(name, [width, 3 * width], start), [1, 0]);
    const bias = unsqueeze(layers.weight(`${name}.bias`, [width], zeros), [1]);
    return ([hidden], input) => {
      const output = gruStep(input, matMul(matrix, hidden), { hidden, bias }, 0);
      return { states: [output], output };
    };
  },
});

const FAR_ABOVE = 1e30;

/** Opens the update gate in the padding, so that the state stays what it was. [T', B, 3H] */
function holdState(input: Tensor, mask: Tensor, width: number): Tensor {
  const data = new Float32Array(3 * width).fill(FAR_ABOVE, width, 2 * width);
  return add(input, mul(sub(1, mask), input.graph.constant("update gate", "float32", [3 * width], data)));
}
