// The length of what belongs to each layer: its weights, or their gradients.

import { gradientLength } from "./gradient-length.ts";

/** Of arrays by the names of their weights. The matrix and the bias of a layer count together. */
export function layerNorms(
  arrays: Iterable<readonly [weight: string, Float32Array]>,
): Record<string, number> {
  const layers = new Map<string, Float32Array[]>();
  for (const [weight, array] of arrays) {
    const layer = weight.replace(/\.(weight|bias)$/, "");
    layers.set(layer, [...(layers.get(layer) ?? []), array]);
  }
  return Object.fromEntries([...layers].map(([layer, parts]) => [layer, gradientLength(parts)]));
}
