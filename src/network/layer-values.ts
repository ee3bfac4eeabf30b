// The inference program once more, but it also gives what the layers give: for pictures of one utterance at work. Which
// layers those are is said by the network itself, by what it records and by what it has between its repeated layers.

import { Graph, identity, writeOnnx, type Direction, type Tensor } from "../graph/index.ts";
import type { Architecture } from "./architecture.ts";
import { fixedLayers } from "./layer-contexts.ts";
import type { Weights } from "./network.ts";
import { buildForUtterances, constantWeight } from "./programs.ts";

/** A layer's two outputs, by name. */
export interface LayerOutputs {
  readonly name: string;
  /** [·, ·, H], whose first axis is steps. */
  readonly values: string;
  /** [·, ·, 1], 1 in the steps of the utterance. */
  readonly mask: string;
  /** Where a rectifier clips. */
  readonly ceiling?: number;
  /** Of a recurrence. */
  readonly direction?: Direction;
}

export interface LayerValuesProgram {
  /** ONNX; inputs as `inferenceProgram`. */
  readonly program: Uint8Array;
  readonly logits: string;
  /** In the order in which they are computed. */
  readonly layers: readonly LayerOutputs[];
}

export function layerValuesProgram(architecture: Architecture, weights: Weights): LayerValuesProgram {
  const graph = new Graph();
  const layers: LayerOutputs[] = [];
  const copies = new Map<Tensor, Tensor>(); // of inputs, which are no outputs as they are
  const given = (x: Tensor): string => {
    if (!graph.inputs.includes(x)) return graph.output(x).name;
    if (!copies.has(x)) copies.set(x, graph.output(identity(x)));
    return copies.get(x)!.name;
  };
  const record = (x: Tensor, name: string, mask: Tensor, facts: Partial<LayerOutputs> = {}) =>
    layers.push({ name, values: given(x), mask: given(mask), ...facts });
  const context = fixedLayers(constantWeight(graph, weights), (x, name, { mask, ceiling, direction }) =>
    record(x, name, mask, { ceiling, direction }),
  );
  const { logits } = buildForUtterances(graph, architecture, {
    ...context,
    between: (h, name, { mask }) => {
      const parts = layers.filter((layer) => layer.name.startsWith(`${name}.`));
      if (parts.length !== 1) record(h, name, mask); // of a single direction it is what that gave
      return h;
    },
  });
  const named = { logits: graph.output(logits).name, layers };
  return { program: writeOnnx(graph, `${architecture.network.name}/layers`), ...named };
}
