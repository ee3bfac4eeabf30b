// Weights as bytes: the same as by the definition, in one pass over each matrix.

import { describe, expect, it } from "vitest";
import { Graph, matMul, type Tensor } from "../../src/graph/index.ts";
import { storedWeights } from "../../src/model/stored-weights.ts";
import { RandomStream } from "../../src/random.ts";
import { elementCount, type Float32Tensor } from "../../src/tensor.ts";

function randomWeight(seed: number, ...dims: readonly number[]): Float32Tensor {
  const random = new RandomStream(seed, "weight");
  return {
    type: "float32",
    dims,
    data: Float32Array.from({ length: elementCount(dims) }, () => random.normal()),
  };
}

/** The definition: the largest of a channel becomes `largest`. @param channelOf an index */
function byDefinition({ data }: Float32Tensor, channelOf: (at: number) => number, largest: number) {
  const scales: number[] = [];
  for (const [at, value] of data.entries())
    scales[channelOf(at)] = Math.fround(Math.max(scales[channelOf(at)] ?? 0, Math.abs(value) / largest));
  const bytes = Array.from(data, (value, at) =>
    value === 0 ? 0 : Math.round(value / scales[channelOf(at)]),
  );
  return { bytes: Int8Array.from(bytes), scales: Float32Array.from(scales) };
}

function storedIn(
  weights: Record<string, Float32Tensor>,
  build: (graph: Graph, weight: (name: string) => Tensor) => void,
) {
  const graph = new Graph();
  const { weight, finish } = storedWeights(graph, new Map(Object.entries(weights)), "int8");
  build(graph, (name) => weight(name, [], () => new Float32Array()));
  finish();
  return (name: string) => {
    const of = (constant: string) => graph.initializers.find(({ tensor }) => tensor.name === constant)!.data;
    return { bytes: of(name), scales: of(`${name}/scale`) };
  };
}

describe("weights as bytes", () => {
  const product = randomWeight(1, 5, 70);
  const step = randomWeight(2, 5, 70);
  const letters = randomWeight(3, 5, 29);
  const kernel = randomWeight(4, 6, 3, 2, 2);
  for (let row = 0; row < 5; row++) product.data[70 * row + 8] = 0;
  kernel.data.fill(0, 12, 24);
  const stored = storedIn({ product, step, letters, kernel }, (graph, weight) => {
    const x = graph.input("x", "float32", ["T", 5]);
    graph.output(matMul(x, weight("product")));
    graph.output(matMul(x, weight("letters")));
    for (const name of ["step", "kernel"]) weight(name);
  });

  it("have seven bits in products with bytes, eight elsewhere, each column by its own range", () => {
    expect(stored("product")).toEqual(byDefinition(product, (at) => at % 70, 63));
    expect(stored("step")).toEqual(byDefinition(step, (at) => at % 70, 127));
    expect(stored("letters")).toEqual(byDefinition(letters, (at) => at % 29, 127));
    expect(stored("product").scales[8]).toBe(0);
  });

  it("of a kernel have a range for each output, and a channel of zeros stays zeros", () => {
    const expected = byDefinition(kernel, (at) => Math.floor(at / 12), 127);
    expect(stored("kernel")).toEqual(expected);
    expect([...expected.bytes.subarray(12, 24)]).toEqual(Array.from({ length: 12 }, () => 0));
  });
});
