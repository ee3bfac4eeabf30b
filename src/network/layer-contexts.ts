// What a network is built with: where its weights come from, and what becomes of dropout and batch normalization. One
// context for training, where both are at work, and one for everything else.

import {
  batchNormalization,
  cast,
  div,
  equal,
  fixedBatchNormalization,
  mul,
  reduceSum,
  type Graph,
  type Shape,
  type Tensor,
} from "../graph/index.ts";
import { ones, zeros, type WeightInitializer } from "./initializers.ts";
import type { LayerContext } from "./network.ts";

/** Masks are drawn from bytes: a rate is rounded to a multiple of 1/256, and so is the scale of what is kept. */
export const DROPOUT_LEVELS = 256;

/** A dropout mask that a training step must feed: bool, true where an element is kept. */
export interface DropoutMask {
  readonly name: string;
  /** As the batch's "T" and "B" make it: [T', B, units], or [1, B, 1] where all of an utterance is dropped or kept. */
  readonly shape: Shape;
  readonly rate: number;
}

/** A weight without a gradient: after each step it moves towards an output of the forward program of its shape. */
export interface RunningStatistic {
  readonly weight: string;
  readonly output: string;
}

const unrecorded: LayerContext["recordActivity"] = () => undefined;
const nothingBetween: LayerContext["between"] = (h) => h;

/** Without dropout; batch normalization by the statistics that training kept. */
export const fixedLayers = (
  weight: LayerContext["weight"],
  recordActivity: LayerContext["recordActivity"] = unrecorded,
  joinsDirections?: true,
): LayerContext => ({
  weight,
  joinsDirections,
  recordActivity,
  between: nothingBetween,
  dropout: (x) => x,
  stochasticDepth: (branch) => branch,
  batchNormalization: (x, name, _, biasStart) => {
    const size = [x.shape.at(-1) as number];
    const statistics = {
      mean: weight(`${name}.mean`, size, zeros),
      variance: weight(`${name}.variance`, size, ones),
    };
    return fixedBatchNormalization(x, normalizationWeights(weight, name, size, biasStart), statistics);
  },
});

const normalizationWeights = (
  weight: LayerContext["weight"],
  name: string,
  size: readonly number[],
  biasStart: WeightInitializer = zeros,
) => ({
  scale: weight(`${name}.scale`, size, ones),
  bias: weight(`${name}.bias`, size, biasStart),
});

/** What training has to know of the network that was built. */
export interface TrainingLayers extends LayerContext {
  /** The inputs that are weights, in the order of their first use. */
  readonly variables: readonly Tensor[];
  readonly masks: readonly DropoutMask[];
  readonly statistics: readonly RunningStatistic[];
}

/**
 * Weights and dropout masks are inputs of the graph; the statistics of the batch become outputs.
 * @param frozen weights that stay as they are: where the statistics of a normalization are among them, it normalizes by these
 * as at inference, or else what the layers above learn would not be what they get there
 */
export function trainingLayers(
  graph: Graph,
  frozen: ReadonlySet<string> = new Set(),
  joinsDirections?: true,
): TrainingLayers {
  const variables: Tensor[] = [];
  const statistics: RunningStatistic[] = [];
  const weight: LayerContext["weight"] = (name, shape) => {
    const tensor = graph.input(name, "float32", shape);
    variables.push(tensor);
    return tensor;
  };
  const fixed = fixedLayers(weight);
  const keep = (statistic: string, batch: Tensor) =>
    statistics.push({ weight: statistic, output: graph.output(batch).name });
  return {
    variables,
    statistics,
    weight,
    joinsDirections,
    recordActivity: unrecorded,
    between: nothingBetween,
    ...droppingLayers(graph),
    batchNormalization: (x, name, mask, biasStart) => {
      if (frozen.has(`${name}.mean`) && frozen.has(`${name}.variance`))
        return fixed.batchNormalization(x, name, mask, biasStart);
      const weights = normalizationWeights(weight, name, [x.shape.at(-1) as number]);
      const { output, mean, variance } = batchNormalization(x, weights, mask);
      keep(`${name}.mean`, mean);
      keep(`${name}.variance`, variance);
      return output;
    },
  };
}

/** What drops by masks that are inputs of the graph, and the masks. */
function droppingLayers(graph: Graph): Pick<TrainingLayers, "masks" | "dropout" | "stochasticDepth"> {
  const masks: DropoutMask[] = [];
  /** By a mask of a shape that grows into that of `x`. */
  const dropped = (x: Tensor, name: string, shape: Shape, rate: number): Tensor => {
    const share = Math.round(rate * DROPOUT_LEVELS) / DROPOUT_LEVELS;
    if (share === 0) return x;
    const kept = graph.input(`keep/${name}`, "bool", shape);
    masks.push({ name: kept.name, shape, rate: share });
    return mul(x, mul(cast(kept, "float32"), 1 / (1 - share)));
  };
  return {
    masks,
    dropout: (x, name, rate) => dropped(x, name, x.shape, rate),
    stochasticDepth: (branch, name, rate) => dropped(branch, name, [1, branch.shape[1], 1], rate),
  };
}

/** The names of two outputs, scalars: the share of a layer's values that is 0, and the share at the ceiling. */
export interface ActivityOutputs {
  readonly name: string;
  readonly zeroShare: string;
  readonly clippedShare: string;
}

/** Makes two outputs of the graph for each layer that records its activity and has a clip, and lists them in `layers`. */
export function activityOutputs(graph: Graph, layers: ActivityOutputs[]): LayerContext["recordActivity"] {
  return (x, name, { ceiling, mask }) => {
    if (ceiling === undefined) return;
    const values = mul(reduceSum(mask, [0, 1, 2]), x.shape[2] as number);
    const share = (value: number) =>
      graph.output(div(reduceSum(mul(cast(equal(x, value), "float32"), mask), [0, 1, 2]), values)).name;
    layers.push({ name, zeroShare: share(0), clippedShare: share(ceiling) });
  };
}
