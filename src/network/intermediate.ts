// Between the repeated layers of a network: a CTC head in training (Lee & Watanabe 2021, arXiv 2102.03216), and the way
// back of its posteriors into the layers above (self-conditioning, Nozaki & Komatsu 2021, arXiv 2104.02724). A network asks
// for it with one call after each of its repeated layers, and never learns what is there. Knows nothing of losses.

import { add, matMul, mul, slice, softmax, type Tensor } from "../graph/index.ts";
import { z } from "../settings.ts";
import { lecunNormal } from "./initializers.ts";
import { dense } from "./layers.ts";
import type { LayerContext } from "./network.ts";

/** For the settings of a network of repeated layers. */
export const conditioningSettings = {
  selfConditioning: z
    .int()
    .min(0)
    .default(0)
    .describe(
      "Places between the repeated layers, evenly spaced, where the symbols as recognized so far are added to what goes on (Nozaki & Komatsu 2021); a loss there teaches them (intermediate.weight). 0 = off.",
    ),
};

/** What is read here of an architecture. */
interface ConditionedNetwork {
  readonly network: Readonly<Record<string, unknown>>;
}

/** How many places of a network condition the layers above. */
export const conditionedPlaces = ({ network }: ConditionedNetwork): number =>
  typeof network.selfConditioning === "number" ? network.selfConditioning : 0;

/**
 * The context with what the architecture and training have between layers.
 * @param heads how many training wants beside the network's own, which are all it gets where there are some
 * @param onHead takes the logits [T', B, V] of each head
 */
export function withIntermediate(
  layers: LayerContext,
  architecture: ConditionedNetwork & { readonly symbols: number },
  heads: number,
  onHead: (logits: Tensor) => void = () => undefined,
): LayerContext {
  const { symbols } = architecture;
  const conditioned = conditionedPlaces(architecture);
  const places = conditioned || heads;
  if (places === 0) return layers;
  return {
    ...layers,
    between: (below, name, where) => {
      const { layer, layers: all, mask, ahead = 0 } = where;
      const h = layers.between(below, name, where);
      if (!isPlace(layer, all, places)) return h;
      const logits = dense(layers, h, symbols, `${name}-head`, lecunNormal);
      onHead(ahead > 0 ? slice(logits, 0, { trim: ahead }) : logits);
      if (conditioned === 0) return h;
      // Without a bias: posteriors add up to 1, so that a bias would be one more of what each row of the matrix has.
      const back = layers.weight(`${name}-back.weight`, [symbols, h.shape.at(-1) as number], lecunNormal);
      return add(h, mul(matMul(softmax(logits), back), mask)); // what is zero in the padding stays so
    },
  };
}

/** Whether a place is behind this layer: the i-th of K is behind layer ⌊i L / (K + 1)⌋, none behind the last. */
function isPlace(layer: number, layers: number, places: number): boolean {
  const behind = Array.from({ length: places }, (_, i) => Math.floor(((i + 1) * layers) / (places + 1)));
  return behind.includes(layer);
}
