// The gated recurrent unit (Cho et al. 2014) as a cell: reset gate, update gate and candidate, side by side.

import {
  add,
  gruStep,
  matMul,
  mul,
  sub,
  transposeLast,
  unsqueeze,
  type GruSums,
  type Tensor,
} from "../../graph/index.ts";
import { lecunNormal, orthogonal, sideBySide, zeros } from "../initializers.ts";
import type { LayerContext } from "../network.ts";
import type { CellSettings, RecurrentCell } from "./cell.ts";
import { normalizeColumns } from "./normalization.ts";

export const gruCell = ({ width, cellNormalization }: CellSettings): RecurrentCell => ({
  width,
  gates: 3,
  takesDirections: cellNormalization === "none",
  furtherStates: [],
  inputStart: lecunNormal,
  biasStart: zeros,
  silence: (input, mask) => holdState(input, mask, width),
  step: (layers, name) => {
    const start = sideBySide(Array(3).fill(orthogonal));
    const matrix = transposeLast(layers.weight(name, [width, 3 * width], start));
    const bias = asColumn(layers.weight(`${name}.bias`, [width], zeros));
    const sums = cellNormalization === "none" ? undefined : normalizedSums(layers, name, width);
    return ([hidden], input) => {
      const output = gruStep(input, matMul(matrix, hidden), { hidden, bias }, -2, sums);
      return { states: [output], output };
    };
  },
});

const asColumn = (x: Tensor): Tensor => unsqueeze(x, [x.shape.length]);

/** The candidate's sum is only known after the reset gate, so that it is normalized by itself. */
const normalizedSums = (layers: LayerContext, name: string, width: number): GruSums => ({
  gates: normalizeColumns(layers, `${name}.gates`, 2 * width),
  candidate: normalizeColumns(layers, `${name}.candidate`, width),
});

const FAR_ABOVE = 1e30;

/** Opens the update gate in the padding, so that the state stays what it was. [T', B, 3H] */
function holdState(input: Tensor, mask: Tensor, width: number): Tensor {
  const data = new Float32Array(3 * width).fill(FAR_ABOVE, width, 2 * width);
  return add(input, mul(sub(1, mask), input.graph.constant("update gate", "float32", [3 * width], data)));
}
