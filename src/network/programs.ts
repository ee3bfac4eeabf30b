// Turns an architecture into graphs and programs: the list of its weights, the inference program with the weights inside,
// and the same with the weights as inputs. All of them take whole utterances; a program for a stream is built in
// streaming.ts, what training differentiates in training-graphs.ts.

import {
  add,
  Graph,
  pad,
  strideDimension,
  unsqueeze,
  writeOnnx,
  zerosLike,
  type Tensor,
} from "../graph/index.ts";
import { RandomStream } from "../random.ts";
import { elementCount, type Float32Tensor } from "../tensor.ts";
import { networkFor, type Architecture } from "./architecture.ts";
import { buildNetwork, type IntermediateHeads } from "./build-network.ts";
import { checkInitialized, networkPlace } from "./network-checks.ts";
import type { WeightInitializer } from "./initializers.ts";
import { activityOutputs, fixedLayers, type ActivityOutputs } from "./layer-contexts.ts";
import type { LayerContext, StateShape, Weights } from "./network.ts";

/** The programs' input `mask`: 1 in the steps of each utterance, 0 in its padding. [longest, B, 1] */
export function stepMask(steps: readonly number[], longest: number): Float32Array {
  const mask = new Float32Array(longest * steps.length);
  for (const [b, valid] of steps.entries()) for (let t = 0; t < valid; t++) mask[t * steps.length + b] = 1;
  return mask;
}

/** A network on a graph, for whole utterances. */
export interface BuiltNetwork {
  /** [T, B, F] */
  readonly frames: Tensor;
  /** [T', B, 1] */
  readonly mask: Tensor;
  /** [T', B, V] */
  readonly logits: Tensor;
}

/** Builds the network on a graph; `layers` decides where weights come from. */
export function buildForUtterances(
  graph: Graph,
  architecture: Architecture,
  layers: LayerContext,
  heads?: IntermediateHeads,
): BuiltNetwork {
  const { stride } = networkFor(architecture);
  const frames = graph.input("frames", "float32", ["T", "B", architecture.features]);
  const mask = graph.input("mask", "float32", [strideDimension("T", stride), "B", 1]);
  return { frames, mask, logits: utteranceLogits(architecture, layers, { frames, mask }, heads) };
}

/** The logits [T', B, V] of whole utterances: `frames` [T, B, F], zero in the padding, and `mask` [T', B, 1]. */
export function utteranceLogits(
  architecture: Architecture,
  layers: LayerContext,
  { frames, mask }: Pick<BuiltNetwork, "frames" | "mask">,
  heads?: IntermediateHeads,
): Tensor {
  const { stride, lookAhead, states } = networkFor(architecture);
  const ahead = lookAhead === "utterance" ? 0 : lookAhead;
  const inputs = {
    frames: pad(frames, 0, 0, ahead),
    mask: pad(mask, 0, 0, Math.floor(ahead / stride)),
    states: states.map((state) => zerosOf(state, frames)),
  };
  return buildNetwork(architecture, layers, inputs, heads).logits;
}

/** The state at the start of an utterance, for as many as `frames` [T, B, F] holds. */
function zerosOf({ name, shape }: StateShape, frames: Tensor): Tensor {
  const single = shape.map((size) => (size === "B" ? 1 : size));
  const zeros = frames.graph.constant(name, "float32", single, new Float32Array(elementCount(single)));
  const axis = shape.indexOf("B");
  const others = shape.flatMap((_, i) => (i > axis ? [i - axis] : []));
  return add(zeros, unsqueeze(zerosLike(frames, 1, 2), others)); // [B, 1, …]
}

interface WeightPlan {
  readonly shape: readonly number[];
  readonly initializer: WeightInitializer;
}

function weightPlans(architecture: Architecture, heads: number): ReadonlyMap<string, WeightPlan> {
  const plans = new Map<string, WeightPlan>();
  const graph = new Graph();
  const weight = (name: string, shape: readonly number[], initializer: WeightInitializer): Tensor => {
    plans.set(name, { shape, initializer });
    return graph.input(name, "float32", shape);
  };
  buildForUtterances(graph, architecture, fixedLayers(weight), { count: heads });
  return plans;
}

/** The name and shape of every weight. @param heads those between layers that only training has */
export function parameterShapes(
  architecture: Architecture,
  heads = 0,
): ReadonlyMap<string, readonly number[]> {
  return new Map([...weightPlans(architecture, heads)].map(([name, { shape }]) => [name, shape]));
}

/** Fresh weights, each from its own stream of the seed. @throws EarshotError INVALID_NETWORK @param heads those between layers that only training has */
export function initializeWeights(architecture: Architecture, seed: number, heads = 0): Weights {
  const where = networkPlace(architecture.network.name);
  const create = (name: string, { shape, initializer }: WeightPlan): Float32Tensor => {
    const data = initializer(shape, new RandomStream(seed, "weight", name));
    return { type: "float32", dims: shape, data: checkInitialized(where, name, shape, data) };
  };
  return new Map([...weightPlans(architecture, heads)].map(([name, plan]) => [name, create(name, plan)]));
}

/** How weights lie in a program. */
export interface WeightStore {
  readonly weight: LayerContext["weight"];
  /**
   * Called when the graph is built, before it is written: may replace nodes, and writes weights whose numbers depend on what
   * they are used for.
   */
  readonly finish: () => void;
}
export type StoreWeights = (graph: Graph, weights: Weights) => WeightStore;

export const asConstants: StoreWeights = (graph, weights) => ({
  weight: constantWeight(graph, weights),
  finish: () => undefined,
});

/** ONNX; inputs `frames` [T, B, F] and `mask` [T', B, 1]; output `logits` [T', B, V]. */
export function inferenceProgram(
  architecture: Architecture,
  weights: Weights,
  store: StoreWeights = asConstants,
): Uint8Array {
  const graph = new Graph();
  const { weight, finish } = store(graph, weights);
  graph.output(buildForUtterances(graph, architecture, fixedLayers(weight)).logits);
  finish();
  return writeOnnx(graph, architecture.network.name);
}

/** Writes a weight into the program. */
export const constantWeight =
  (graph: Graph, weights: Weights): LayerContext["weight"] =>
  (name) => {
    const { dims, data } = weights.get(name)!;
    return graph.constant(name, "float32", dims, data);
  };

/** The inference program with the weights as inputs, and without dropout. */
export const evaluationProgram = (architecture: Architecture): Uint8Array =>
  writeOnnx(evaluationGraph(architecture), `${architecture.network.name}/evaluation`);

/** @param joinsDirections see `LayerContext` */
export function evaluationGraph(architecture: Architecture, joinsDirections?: true): Graph {
  const graph = new Graph();
  const weight = (name: string, shape: readonly number[]): Tensor => graph.input(name, "float32", shape);
  const layers = fixedLayers(weight, undefined, joinsDirections);
  graph.output(buildForUtterances(graph, architecture, layers).logits);
  return graph;
}

export interface ActivityProgram {
  readonly program: Uint8Array;
  readonly layers: readonly ActivityOutputs[];
}

/**
 * As the evaluation program, but it gives the activity of each layer that records it instead of the logits; where none
 * does, the logits, since a program must have an output.
 */
export function activityProgram(architecture: Architecture): ActivityProgram {
  const graph = new Graph();
  const layers: ActivityOutputs[] = [];
  const weight = (name: string, shape: readonly number[]): Tensor => graph.input(name, "float32", shape);
  const { logits } = buildForUtterances(
    graph,
    architecture,
    fixedLayers(weight, activityOutputs(graph, layers)),
  );
  if (layers.length === 0) graph.output(logits);
  return { program: writeOnnx(graph, `${architecture.network.name}/activity`), layers };
}
