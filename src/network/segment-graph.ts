// A network as training sees it over segments of long recordings, one after the other: the graph of a stream, with the
// weights and dropout masks as inputs and the states as inputs and outputs.

import { Graph, type Tensor } from "../graph/index.ts";
import type { Architecture } from "./architecture.ts";
import { trainingLayers, type TrainingLayers } from "./layer-contexts.ts";
import { buildForStream, type BuiltStream } from "./streaming.ts";

export interface SegmentGraph
  extends BuiltStream, Pick<TrainingLayers, "variables" | "masks" | "statistics"> {
  /** The logits [T', B, V] of each head between layers. */
  readonly heads: readonly Tensor[];
}

/**
 * @param count heads between layers beside the network's own
 * @throws EarshotError NEEDS_WHOLE_UTTERANCE when the network hands on no states
 */
export function segmentGraph(architecture: Architecture, count: number): SegmentGraph {
  const graph = new Graph();
  const layers = trainingLayers(graph);
  const { variables, masks, statistics } = layers;
  const heads: Tensor[] = [];
  const built = buildForStream(graph, architecture, layers, { count, onHead: (head) => heads.push(head) });
  return { ...built, variables, masks, statistics, heads };
}
