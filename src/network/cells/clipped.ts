// The cell of the paper (Hannun et al. 2014, eq. 2 and 3): a plain recurrence with the clipped rectifier. It starts as an
// integrator that forgets a little (Le et al. 2015).

import { add, matMul, transposeLast, type Tensor } from "../../graph/index.ts";
import { heNormal, identityMatrix, zeros } from "../initializers.ts";
import { clippedRelu, silencePadding, type Cell } from "../layers.ts";
import type { CellSettings, RecurrentCell } from "./cell.ts";
import { normalizeColumns } from "./normalization.ts";

/** h' = g(x + W h), whose state is its output. */
export const plainCell =
  (matrix: Tensor, g: (z: Tensor) => Tensor): Cell =>
  ([state], input) => {
    const output = g(add(input, matMul(matrix, state)));
    return { states: [output], output };
  };

export const clippedCell = ({
  width,
  ceiling,
  recurrentStart,
  cellNormalization,
}: CellSettings): RecurrentCell => ({
  width,
  gates: 1,
  takesDirections: cellNormalization === "none",
  furtherStates: [],
  inputStart: heNormal,
  biasStart: zeros,
  ceiling,
  silence: silencePadding,
  step: (layers, name) => {
    const matrix = layers.weight(name, [width, width], identityMatrix(recurrentStart));
    const g = clippedRelu(ceiling);
    const columns = transposeLast(matrix);
    if (cellNormalization === "none") return plainCell(columns, g); // g(W4 h3 + b4 + Wr h)
    const normalize = normalizeColumns(layers, `${name}.norm`, width);
    return plainCell(columns, (sums) => g(normalize(sums)));
  },
});
