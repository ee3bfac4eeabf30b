// A network as training sees it: weights and dropout masks are inputs of the graph. Of whole utterances; or of segments of long
// recordings, one after the other, as a stream has it: then the states are inputs and outputs, too.

import { Graph, type Tensor } from "../graph/index.ts";
import { networkFor, type Architecture } from "./architecture.ts";
import type { IntermediateHeads } from "./build-network.ts";
import { trainingLayers, type TrainingLayers } from "./layer-contexts.ts";
import type { LayerContext } from "./network.ts";
import { buildForUtterances, type BuiltNetwork } from "./programs.ts";
import { buildForStream, type BuiltStream } from "./streaming.ts";

export interface TrainingGraphOptions {
  /** Heads between layers beside the network's own; none by default. */
  readonly heads?: number;
  /** Weights that are not trained; none by default. */
  readonly frozen?: ReadonlySet<string>;
  /** See `LayerContext`. */
  readonly joinsDirections?: true;
}

interface Trained extends Pick<TrainingLayers, "variables" | "masks" | "statistics"> {
  /** The logits [T', B, V] of each head between layers. */
  readonly heads: readonly Tensor[];
}

export interface TrainingGraph extends BuiltNetwork, Trained {
  /** Input frames per output step. */
  readonly stride: number;
}

export interface SegmentGraph extends BuiltStream, Trained {}

/** @throws EarshotError UNKNOWN_NETWORK */
export function trainingGraph(architecture: Architecture, options: TrainingGraphOptions = {}): TrainingGraph {
  const built = onTrainingGraph(options, (graph, layers, heads) =>
    buildForUtterances(graph, architecture, layers, heads),
  );
  return { ...built, stride: networkFor(architecture).stride };
}

/** @throws EarshotError NEEDS_WHOLE_UTTERANCE when the network hands on no states; UNKNOWN_NETWORK */
export const segmentGraph = (architecture: Architecture, options: TrainingGraphOptions = {}): SegmentGraph =>
  onTrainingGraph(options, (graph, layers, heads) => buildForStream(graph, architecture, layers, heads));

function onTrainingGraph<Built extends object>(
  { heads: count = 0, frozen = new Set(), joinsDirections }: TrainingGraphOptions,
  build: (graph: Graph, layers: LayerContext, heads: IntermediateHeads) => Built,
): Built & Trained {
  const graph = new Graph();
  const layers = trainingLayers(graph, frozen, joinsDirections);
  const { variables, masks, statistics } = layers;
  const heads: Tensor[] = [];
  const built = build(graph, layers, { count, onHead: (logits) => heads.push(logits) });
  return { ...built, variables: variables.filter(({ name }) => !frozen.has(name)), masks, statistics, heads };
}
