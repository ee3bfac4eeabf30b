// Row convolution (Amodei et al. 2016, arXiv 1512.02595, section 3.6), also called look-ahead convolution: each unit by
// itself takes a weighted sum of this step and a few that follow, so that a recurrence that only runs forward sees a little
// of what comes.

import type { CompositionDefinition } from "../composition.ts";
import { formatShape, shapeMismatch } from "../dimensions.ts";
import type { Tensor } from "../graph.ts";
import { add, mul } from "../operators/elementwise.ts";
import { slice } from "../operators/slice.ts";

export const RowConvolution: CompositionDefinition = {
  name: "rowConvolution",
  source: "Amodei et al. 2016 (arXiv 1512.02595), section 3.6",
  examples: [
    { shapes: [[6, 2, 3], [3, 3]], build: (x, rows) => rowConvolution(x, rows) }, // prettier-ignore
    { title: "without a step ahead", shapes: [[2, 2, 3], [1, 3]], build: (x, rows) => rowConvolution(x, rows) }, // prettier-ignore
  ],
};

/** r_t = Σ_j W_j h_{t+j}, element by element, for j = 0 … τ: h [T + τ, B, H] and W [τ + 1, H] give [T, B, H]. */
export function rowConvolution(x: Tensor, rows: Tensor): Tensor {
  const [count, units] = rows.shape;
  if (typeof count !== "number" || rows.shape.length !== 2 || units !== x.shape.at(-1)) {
    throw shapeMismatch("rowConvolution", `${formatShape(x.shape)} and ${formatShape(rows.shape)} are not [T + τ, B, H] and [τ + 1, H]`); // prettier-ignore
  }
  const part = (of: Tensor, j: number) => slice(of, 0, { start: j, trim: count - 1 - j });
  return Array.from({ length: count }, (_, j) => mul(part(x, j), part(rows, j))).reduce((sum, term) =>
    add(sum, term),
  );
}
