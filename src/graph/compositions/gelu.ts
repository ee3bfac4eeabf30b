// The Gaussian error linear unit, by the error function and not by an approximation of it. Float32 only, as that is.

import type { CompositionDefinition } from "../composition.ts";
import type { Tensor } from "../graph.ts";
import { erf } from "../operators/activation.ts";
import { add, div, mul } from "../operators/elementwise.ts";

export const Gelu: CompositionDefinition = {
  name: "gelu",
  source: "Hendrycks & Gimpel 2016 (arXiv 1606.08415)",
  examples: [{ shapes: [[2, 3]], float32Only: true, build: (x) => gelu(x) }],
};

/** x Φ(x) = x/2 · (1 + erf(x / √2)) of every element (Hendrycks & Gimpel 2016). ONNX Runtime fuses this order of nodes. */
export const gelu = (x: Tensor): Tensor => mul(mul(x, add(erf(div(x, Math.SQRT2)), 1)), 0.5);
