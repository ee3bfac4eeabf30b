// Turns an architecture into graphs and programs: the list of its weights, the inference program with the weights inside,
// the same with the weights as inputs, and the graph that training differentiates.

import { Graph, strideDimension, writeOnnx, type Tensor } from "../graph/index.ts";
import { RandomStream } from "../random.ts";
import { choice, parseSettings, type z } from "../settings.ts";
import type { Float32Tensor } from "../tensor.ts";
import { deepSpeech, deepSpeechSettings } from "./deep-speech.ts";
import type { Initializer } from "./initializers.ts";
import {
  activityOutputs,
  fixedLayers,
  trainingLayers,
  type LayerActivity,
  type TrainingLayers,
} from "./layer-contexts.ts";
import type { LayerContext, Network, NetworkInputs, Weights } from "./network.ts";

/** Every network's settings; a choice by `name`. */
export const networkSettings = choice([deepSpeechSettings]);

/** A network with its sizes decided: plain data that a model file can hold. */
export interface Architecture {
  readonly network: Readonly<z.output<typeof networkSettings>>;
  /** F, numbers in a feature frame. */
  readonly features: number;
  /** V, symbols with the blank. */
  readonly symbols: number;
}

/** A network is a file in this room, a table in the choice above and a case here. */
function networkOf({ network }: Architecture): Network {
  return deepSpeech(network);
}

/** Validates a network's settings and fills in the defaults. `where` names the file or flag for errors. */
export function resolveArchitecture(
  network: Readonly<Record<string, unknown>>,
  { features, symbols }: { readonly features: number; readonly symbols: number },
  where: string,
): Architecture {
  return { network: parseSettings(networkSettings, network, where), features, symbols };
}

/** T' = ⌈T / stride⌉, the steps that a recording of T frames gives. */
export function outputSteps(architecture: Architecture, frames: number): number {
  return Math.ceil(frames / networkOf(architecture).stride);
}

/** The programs' input `mask`: 1 in the steps of each utterance, 0 in its padding. [longest, B, 1] */
export function stepMask(steps: readonly number[], longest: number): Float32Array {
  const mask = new Float32Array(longest * steps.length);
  for (const [b, valid] of steps.entries()) for (let t = 0; t < valid; t++) mask[t * steps.length + b] = 1;
  return mask;
}

/** Builds the network on a graph; `layers` decides where weights come from. */
function buildNetwork(
  graph: Graph,
  architecture: Architecture,
  layers: LayerContext,
): NetworkInputs & { readonly logits: Tensor } {
  const network = networkOf(architecture);
  const frames = graph.input("frames", "float32", ["T", "B", architecture.features]);
  const mask = graph.input("mask", "float32", [strideDimension("T", network.stride), "B", 1]);
  return { frames, mask, logits: network.build(layers, { frames, mask }, architecture.symbols) };
}

interface WeightPlan {
  readonly shape: readonly number[];
  readonly initializer: Initializer;
}

function weightPlans(architecture: Architecture): ReadonlyMap<string, WeightPlan> {
  const plans = new Map<string, WeightPlan>();
  const graph = new Graph();
  const weight = (name: string, shape: readonly number[], initializer: Initializer): Tensor => {
    plans.set(name, { shape, initializer });
    return graph.input(name, "float32", shape);
  };
  buildNetwork(graph, architecture, fixedLayers(weight));
  return plans;
}

/** The name and shape of every weight. */
export function parameterShapes(architecture: Architecture): ReadonlyMap<string, readonly number[]> {
  return new Map([...weightPlans(architecture)].map(([name, { shape }]) => [name, shape]));
}

/** Fresh weights, each from its own stream of the seed. */
export function initializeWeights(architecture: Architecture, seed: number): Weights {
  const create = (name: string, { shape, initializer }: WeightPlan): Float32Tensor => ({
    type: "float32",
    dims: shape,
    data: initializer(shape, new RandomStream(seed, "weight", name)),
  });
  return new Map([...weightPlans(architecture)].map(([name, plan]) => [name, create(name, plan)]));
}

/** ONNX; inputs `frames` [T, B, F] and `mask` [T', B, 1]; output `logits` [T', B, V]. */
export function inferenceProgram(architecture: Architecture, weights: Weights): Uint8Array {
  const graph = new Graph();
  const weight = (name: string): Tensor => {
    const { dims, data } = weights.get(name)!;
    return graph.constant(name, "float32", dims, data);
  };
  graph.output(buildNetwork(graph, architecture, fixedLayers(weight)).logits);
  return writeOnnx(graph, architecture.network.name);
}

/** A network as training sees it: weights and dropout masks are inputs of the graph. */
export interface TrainingGraph
  extends NetworkInputs, Pick<TrainingLayers, "variables" | "masks" | "statistics"> {
  /** [T', B, V]; not yet an output. */
  readonly logits: Tensor;
  /** Input frames per output step. */
  readonly stride: number;
}

export function trainingGraph(architecture: Architecture): TrainingGraph {
  const graph = new Graph();
  const layers = trainingLayers(graph);
  const { variables, masks, statistics } = layers;
  const { stride } = networkOf(architecture);
  return { ...buildNetwork(graph, architecture, layers), variables, masks, statistics, stride };
}

/** The inference program with the weights as inputs, and without dropout. */
export function evaluationProgram(architecture: Architecture): Uint8Array {
  const graph = new Graph();
  const weight = (name: string, shape: readonly number[]): Tensor => graph.input(name, "float32", shape);
  graph.output(buildNetwork(graph, architecture, fixedLayers(weight)).logits);
  return writeOnnx(graph, `${architecture.network.name}/evaluation`);
}

export interface ActivityProgram {
  readonly program: Uint8Array;
  readonly layers: readonly LayerActivity[];
}

/** As the evaluation program, but it gives the activity of each clipped layer instead of the logits. */
export function activityProgram(architecture: Architecture): ActivityProgram {
  const graph = new Graph();
  const layers: LayerActivity[] = [];
  const weight = (name: string, shape: readonly number[]): Tensor => graph.input(name, "float32", shape);
  buildNetwork(graph, architecture, fixedLayers(weight, activityOutputs(graph, layers)));
  return { program: writeOnnx(graph, `${architecture.network.name}/activity`), layers };
}
