// Batch normalization in a network: training normalizes by the batch and keeps moving statistics, with which the program
// for inference then gives the same; the statistics are weights, but no gradient reaches them.

import { describe, expect, it } from "vitest";
import { openEngine } from "../../src/engine/index.ts";
import { differentiate, Graph, writeOnnx, type Tensor } from "../../src/graph/index.ts";
import { followStatistics } from "../../src/network/index.ts";
import { fixedLayers, trainingLayers } from "../../src/network/layer-contexts.ts";
import type { LayerContext } from "../../src/network/network.ts";
import { RandomStream } from "../../src/random.ts";
import type { Float32Tensor, TensorData } from "../../src/tensor.ts";

const H = 3;

const build = (graph: Graph, layers: LayerContext): Tensor => {
  const [x, mask] = [H, 1].map((size) => graph.input(size === 1 ? "mask" : "x", "float32", ["T", "B", size]));
  return graph.output(layers.batchNormalization(x, "norm", mask));
};

/** What a walk asks for. */
function freshWeights(): Map<string, Float32Tensor> {
  const weights = new Map<string, Float32Tensor>();
  const graph = new Graph();
  const weight: LayerContext["weight"] = (name, shape, initializer) => {
    weights.set(name, { type: "float32", dims: shape, data: initializer(shape, new RandomStream(1, name)) });
    return graph.input(name, "float32", shape);
  };
  build(graph, fixedLayers(weight));
  return weights;
}

const feedsOf = (weights: ReadonlyMap<string, Float32Tensor>): Record<string, TensorData> =>
  Object.fromEntries(weights);

async function run(graph: Graph, known: Record<string, TensorData>) {
  const program = await (await openEngine()).load(writeOnnx(graph), { threads: 1 });
  const results = await program.run(Object.fromEntries(program.inputs.map((name) => [name, known[name]])));
  await program.close();
  return results;
}

/** Two utterances, of 4 steps and of 2. */
const batch: Record<string, TensorData> = {
  x: { type: "float32", dims: [4, 2, H], data: Float32Array.from({ length: 24 }, (_, i) => 5 + 3 * Math.sin(i)) }, // prettier-ignore
  mask: { type: "float32", dims: [4, 2, 1], data: Float32Array.of(1, 1, 1, 1, 1, 0, 1, 0) },
};
const inside = ({ data }: TensorData): number[] =>
  Array.from(data, Number).filter((_, i) => Number(batch.mask.data[Math.floor(i / H)]) === 1);

describe("batch normalization in a network", () => {
  it("starts with statistics, scale and bias that change nothing", () => {
    const values = [...freshWeights()].map(([name, { data }]) => [name, ...data]);
    expect(values).toEqual([
      ["norm.mean", 0, 0, 0],
      ["norm.variance", 1, 1, 1],
      ["norm.scale", 1, 1, 1],
      ["norm.bias", 0, 0, 0],
    ]);
  });

  it("has gradients for scale and bias, and statistics instead for the other two", () => {
    const graph = new Graph();
    const layers = trainingLayers(graph);
    const result = build(graph, layers);
    expect(layers.variables.map(({ name }) => name)).toEqual(["norm.scale", "norm.bias"]);
    expect(layers.statistics.map(({ weight }) => weight)).toEqual(["norm.mean", "norm.variance"]);
    expect(differentiate(result, layers.variables).gradients).toHaveLength(2);
  });

  it("gives at inference what it gave in training, once the statistics have followed", async () => {
    const weights = freshWeights();
    const graph = new Graph();
    const layers = trainingLayers(graph);
    const trained = build(graph, layers).name;
    const results = await run(graph, { ...batch, ...feedsOf(weights) });
    followStatistics(weights, layers.statistics, results);
    const [mean] = Array.from(results[layers.statistics[0].output].data, Number);
    expect(weights.get("norm.mean")!.data[0]).toBeCloseTo(0.1 * mean, 6);
    for (let step = 1; step < 200; step++) followStatistics(weights, layers.statistics, results);

    const inference = new Graph();
    const constant: LayerContext["weight"] = (name, shape) =>
      inference.constant(name, "float32", shape, weights.get(name)!.data);
    const given = build(inference, fixedLayers(constant)).name;
    const [expected, actual] = [inside(results[trained]), inside((await run(inference, batch))[given])];
    expect(actual).toHaveLength(6 * H);
    for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 5);
  });
});
