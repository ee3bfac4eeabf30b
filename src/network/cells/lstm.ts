// Long short-term memory (Hochreiter & Schmidhuber 1997; Gers et al. 2000) as a cell: input gate, forget gate, candidate and
// output gate, side by side. The forget gate starts open (bias 1: Gers et al.; Jozefowicz et al. 2015).

import { add, lstmStep, matMul, transposeLast, type Tensor } from "../../graph/index.ts";
import { lecunNormal, orthogonal, sideBySide, zeros, ones } from "../initializers.ts";
import { silencePadding } from "../layers.ts";
import type { CellSettings, RecurrentCell } from "./cell.ts";
import { normalizeColumns } from "./normalization.ts";

const same = (sums: Tensor): Tensor => sums;

const biasStart = sideBySide([zeros, ones, zeros, zeros]);

export const lstmCell = ({ width, cellNormalization }: CellSettings): RecurrentCell => ({
  width,
  gates: 4,
  takesDirections: cellNormalization === "none",
  furtherStates: ["memory"],
  inputStart: lecunNormal,
  biasStart,
  silence: silencePadding, // all gates are shut, so that nothing enters, stays or leaves
  step: (layers, name) => {
    const start = sideBySide(Array(4).fill(orthogonal));
    const matrix = transposeLast(layers.weight(name, [width, 4 * width], start));
    const normalize =
      cellNormalization === "none" ? same : normalizeColumns(layers, `${name}.norm`, 4 * width, biasStart);
    return ([before, memory], input) => {
      const { hidden, cell } = lstmStep(normalize(add(input, matMul(matrix, before))), memory, -2);
      return { states: [hidden, cell], output: hidden };
    };
  },
});
