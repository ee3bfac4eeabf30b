// Compositions compute what PyTorch computes, with batches and lengths that only the run knows, and padding changes
// nothing.

import { describe, expect, it } from "vitest";
import {
  attention,
  batchNormalization,
  differentiate,
  fixedBatchNormalization,
  gelu,
  Graph,
  lstm,
  mul,
  multiHeadAttention,
  rowConvolution,
  slice,
  unsqueeze,
  zerosLike,
  type Tensor,
} from "../../src/graph/index.ts";
import { evaluate, type Numbers } from "./evaluate.ts";
import pytorch from "./pytorch.json" with { type: "json" };
import { expectNear, wave } from "./pytorch.ts";

const LENGTHS = [3, 1, 2]; // steps of each utterance

/** [T, B, 1] */
const maskOf = (lengths: readonly number[], longest: number): Numbers => ({
  dims: [longest, lengths.length, 1],
  values: Array.from({ length: longest }, (_, t) => lengths.map((length) => Number(t < length))).flat(),
});

/** Steps [T, B, H] of the utterances, without their padding. */
function insideOf({ dims: [T, B, H], values }: Numbers, lengths: readonly number[]): number[] {
  const rows = Array.from({ length: T * B }, (_, i) => values.slice(i * H, (i + 1) * H));
  return rows.filter((_, i) => Math.floor(i / B) < lengths[i % B]).flat();
}

/** The same steps, with `more` steps of large numbers behind them and in what was padding before. */
function padded({ dims: [T, B, H], values }: Numbers, lengths: readonly number[], more: number): Numbers {
  const valueAt = (t: number, b: number, h: number) =>
    t < lengths[b] ? values[(t * B + b) * H + h] : 1e3 * Math.cos(t + b + h);
  const length = (T + more) * B * H;
  return {
    dims: [T + more, B, H],
    values: Array.from({ length }, (_, i) => valueAt(Math.floor(i / (B * H)), Math.floor(i / H) % B, i % H)),
  };
}

describe("gelu", () => {
  it("computes what PyTorch computes", async () => {
    const graph = new Graph();
    const result = graph.output(gelu(graph.input("x", "float32", ["N"])));
    const x = { dims: [6], values: wave([6], 0).values.map((value) => 3 * value) };
    expectNear((await evaluate(graph, { x }))[result.name], pytorch.gelu, 6);
  });
});

describe("a composition whose batch and length only the run knows", () => {
  const shapes: Record<string, readonly (number | string)[]> = {
    x: ["T", "B", 4],
    mask: ["T", "B", 1],
    scale: [4],
  };
  const feeds = { x: wave([3, 3, 4], 1), mask: maskOf(LENGTHS, 3), scale: wave([4], 2) };
  const cases: Record<string, (x: Tensor, scale: Tensor, mask: Tensor) => Tensor> = {
    attention: (x, scale, mask) => multiHeadAttention(mul(x, scale), x, x, { heads: 2, mask }),
    "batch normalization": (x, scale, mask) => batchNormalization(x, { scale, bias: scale }, mask).output,
    "an LSTM": (x, scale) => {
      const zeros = zerosLike(slice(x, 2, { trim: 3 }), 1, 3);
      return lstm(mul(x, scale), unsqueeze(scale, [0]), { hidden: zeros, cell: zeros }, "backward").outputs;
    },
  };

  async function gradientsOf(build: (typeof cases)[string], known: boolean): Promise<Numbers[]> {
    const graph = new Graph();
    const [x, scale, mask] = (["x", "scale", "mask"] as const).map((name) =>
      graph.input(name, "float64", known ? feeds[name].dims : shapes[name]),
    );
    const result = graph.output(build(x, scale, mask));
    const { graph: backward, gradients, upstream } = differentiate(result, [x, scale]);
    expect(gradients.map(({ shape }) => shape)).toEqual([x.shape, scale.shape]);
    const results = await evaluate(graph, feeds);
    const values = await evaluate(backward, {
      ...feeds,
      ...results,
      [upstream.name]: wave(results[result.name].dims, 3),
    });
    return gradients.map(({ name }) => values[name]);
  }

  it.each(Object.entries(cases))("has the same gradients: %s", async (_, build) => {
    expect(await gradientsOf(build, false)).toEqual(await gradientsOf(build, true));
  });
});

describe("attention", () => {
  const DIGITS = 7; // ONNX Runtime rounds 1/√D to float32 when it fuses it into the product
  function attentionOver(heads: number) {
    const graph = new Graph();
    const q = graph.input("q", "float64", ["T", "B", 4]);
    const [k, v] = ["k", "v"].map((name) => graph.input(name, "float64", ["S", "B", 4]));
    const mask = graph.input("mask", "float64", ["S", "B", 1]);
    const result = graph.output(multiHeadAttention(q, k, v, { heads, mask }));
    expect(result.shape).toEqual(["T", "B", 4]);
    return async (feeds: Record<string, Numbers>) => (await evaluate(graph, feeds))[result.name];
  }
  const [q, k, v] = [wave([2, 3, 4], 1), wave([3, 3, 4], 2), wave([3, 3, 4], 3)];

  it("of two heads over padded utterances computes what PyTorch's MultiheadAttention computes", async () => {
    const result = await attentionOver(2)({ q, k, v, mask: maskOf(LENGTHS, 3) });
    expectNear(result, pytorch.multiHeadAttention, DIGITS);
  });
  it("does not see padding, whatever it holds and however long it is", async () => {
    const [longK, longV] = [k, v].map((x) => padded(x, LENGTHS, 4));
    const result = await attentionOver(2)({ q, k: longK, v: longV, mask: maskOf(LENGTHS, 7) });
    expectNear(result, pytorch.multiHeadAttention, DIGITS);
  });
  it("of a query that may see nothing is the mean of the values", async () => {
    const result = await attentionOver(1)({ q, k, v, mask: maskOf([0, 0, 0], 3) });
    const mean = Array.from(
      { length: 12 },
      (_, i) => (v.values[i] + v.values[i + 12] + v.values[i + 24]) / 3,
    );
    expectNear(result, [...mean, ...mean]);
  });
  it("refuses sizes that do not fit", () => {
    const graph = new Graph();
    const x = graph.input("x", "float32", ["T", "B", 6]);
    const open = graph.input("open", "float32", ["T", "B", "H"]);
    expect(() => multiHeadAttention(x, x, x, { heads: 4 })).toThrow(
      "multiHeadAttention: [T, B, 6] does not fall into 4 heads.",
    );
    expect(() => attention(open, x, x)).toThrow(
      "attention: The last axis of the queries must be a number, not H.",
    );
  });
});

describe("batch normalization", () => {
  const x = wave([3, 3, 2], 4);
  const [scale, bias] = [wave([2], 5), wave([2], 6)];
  const expected = pytorch.batchNormalization;

  async function normalized(x: Numbers, mask: Numbers) {
    const graph = new Graph();
    const parameters = {
      scale: graph.input("scale", "float64", [2]),
      bias: graph.input("bias", "float64", [2]),
    };
    const operand = graph.input("x", "float64", ["T", "B", 2]);
    const result = batchNormalization(operand, parameters, graph.input("mask", "float64", ["T", "B", 1]));
    const [output, mean, variance] = [result.output, result.mean, result.variance].map((x) =>
      graph.output(x),
    );
    const results = await evaluate(graph, { x, mask, scale, bias });
    return { output: results[output.name], mean: results[mean.name], variance: results[variance.name] };
  }

  it("of padded utterances computes what PyTorch's BatchNorm1d computes of their frames alone", async () => {
    const { output, mean, variance } = await normalized(x, maskOf(LENGTHS, 3));
    expectNear({ dims: [], values: insideOf(output, LENGTHS) }, expected.output);
    expectNear(mean, expected.mean);
    expectNear(variance, expected.variance);
  });
  it("does not see padding, whatever it holds and however long it is", async () => {
    const { output, mean, variance } = await normalized(padded(x, LENGTHS, 5), maskOf(LENGTHS, 8));
    expectNear({ dims: [], values: insideOf(output, LENGTHS) }, expected.output);
    expectNear(mean, expected.mean);
    expectNear(variance, expected.variance);
  });
  it("gives the bias in the padding", async () => {
    const { output } = await normalized(padded(x, LENGTHS, 1), maskOf(LENGTHS, 4));
    expectNear({ dims: [], values: output.values.slice(-2) }, bias.values);
  });
  it("with fixed statistics computes what PyTorch's computes in evaluation", async () => {
    const graph = new Graph();
    const [operand, ...vectors] = ["x", "scale", "bias", "mean", "variance"].map((name) =>
      graph.input(name, "float64", name === "x" ? ["T", "B", 2] : [2]),
    );
    const [scaleOf, biasOf, mean, variance] = vectors;
    const result = fixedBatchNormalization(operand, { scale: scaleOf, bias: biasOf }, { mean, variance });
    graph.output(result);
    const statistics = { mean: expected.mean, variance: expected.unbiasedVariance };
    const feeds = Object.entries(statistics).map(([name, values]) => [name, { dims: [2], values }]);
    const results = await evaluate(graph, { x, scale, bias, ...Object.fromEntries(feeds) });
    expectNear(results[result.name], expected.fixed);
  });
});

describe("row convolution", () => {
  it("computes what PyTorch computes as a convolution of each channel apart", async () => {
    const graph = new Graph();
    const result = rowConvolution(
      graph.input("x", "float64", ["T+2", "B", 3]),
      graph.input("rows", "float64", [3, 3]),
    );
    expect(graph.output(result).shape).toEqual(["T", "B", 3]);
    const results = await evaluate(graph, { x: wave([6, 2, 3], 1), rows: wave([3, 3], 2) });
    expectNear(results[result.name], pytorch.rowConvolution);
  });
  it("refuses rows that are not as wide as what they weigh", () => {
    const graph = new Graph();
    const [x, rows] = [graph.input("x", "float32", ["T", "B", 3]), graph.input("rows", "float32", [3, 4])];
    expect(() => rowConvolution(x, rows)).toThrow(
      "rowConvolution: [T, B, 3] and [3, 4] are not [T + τ, B, H] and [τ + 1, H].",
    );
  });
});
