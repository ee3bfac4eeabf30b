// Gemm, and a cell written with affine, inside a loop's step: weights from outside get their gradient in one product over
// all time, as those of matMul do.

import { describe, expect, it } from "vitest";
import {
  add,
  affine,
  differentiate,
  gemm,
  Graph,
  mul,
  scan,
  sigmoid,
  split,
  sub,
  tanh,
  type GradientExample,
  type Tensor,
} from "../../src/graph/index.ts";
import { evaluate } from "./evaluate.ts";
import { gradientError } from "./gradient-check.ts";

/** A gated recurrent unit (Cho et al. 2014, arXiv 1406.1078): states [..., B, 3] from sequences [T, ..., B, 3]. */
function gated(h0: Tensor, x: Tensor, gates: readonly Tensor[], candidate: readonly Tensor[]): Tensor {
  const [gateWeights, gateBias, weights, bias] = [...gates, ...candidate];
  const { outputs } = scan({
    states: [h0],
    sequences: [x],
    direction: "forward",
    step: ([h], [slice]) => {
      const [reset, update] = split(sigmoid(affine(add(slice, h), gateWeights, gateBias)), -1, [3, 3]);
      const proposed = tanh(add(slice, affine(mul(reset, h), weights, bias)));
      const next = add(mul(update, h), mul(sub(1, update), proposed));
      return { states: [next], outputs: [next] };
    },
  });
  return outputs[0];
}

const parameters = [[3, 6], [6], [3, 3], [3]]; // prettier-ignore
const build: GradientExample["build"] = (h0, x, ...weights) =>
  gated(h0, x, weights.slice(0, 2), weights.slice(2));

describe("affine in the step of a loop", () => {
  const cases: Record<string, GradientExample> = {
    "of a matrix": { shapes: [[2, 3], [4, 2, 3], ...parameters], build }, // prettier-ignore
    "of more axes": { shapes: [[2, 2, 3], [4, 2, 2, 3], ...parameters], build }, // prettier-ignore
  };
  it.each(Object.entries(cases))(
    "has gradients that agree with central differences: %s",
    async (_, example) => {
      expect(await gradientError(example, "float64", 5)).toBeLessThan(1e-6);
    },
  );

  it("may have an output whose size only the run knows", async () => {
    const graph = new Graph();
    const x = graph.input("x", "float64", ["T", "B", 2]);
    const result = affine(x, graph.input("w", "float64", [2, "O"]), graph.input("b", "float64", ["O"]));
    expect(graph.output(result).shape).toEqual(["T", "B", "O"]);
    const results = await evaluate(graph, {
      x: { dims: [2, 1, 2], values: [1, 2, 3, 4] },
      w: { dims: [2, 1], values: [10, 1] },
      b: { dims: [1], values: [100] },
    });
    expect(results[result.name]).toEqual({ dims: [2, 1, 1], values: [112, 134] });
  });
  it("takes the gradient of each weight in one product over all time", () => {
    const graph = new Graph();
    const h0 = graph.input("h0", "float32", ["B", 3]);
    const x = graph.input("x", "float32", ["T", "B", 3]);
    const weights = parameters.map((shape, i) => graph.input(`w${i}`, "float32", shape));
    const { graph: backward } = differentiate(build(h0, x, ...weights), weights);
    const products = backward.nodes.filter(({ operator }) => operator.name === "Gemm");
    const shapes = products.map(({ inputs }) => inputs.map(({ shape }) => shape));
    expect(shapes).toHaveLength(2);
    expect(shapes).toContainEqual([["B*T", 3], ["B*T", 6]]); // prettier-ignore
    expect(shapes).toContainEqual([["B*T", 3], ["B*T", 3]]); // prettier-ignore
  });
});

/** What `step` gives of h0 and x, state by state. */
const loop = (h0: Tensor, x: Tensor, step: (state: Tensor, slice: Tensor) => Tensor): Tensor =>
  scan({
    states: [h0],
    sequences: [x],
    direction: "forward",
    step: ([state], [slice]) => {
      const next = tanh(step(state, slice));
      return { states: [next], outputs: [next] };
    },
  }).outputs[0];

describe.each([
  { transposeA: false, transposeB: false },
  { transposeA: true, transposeB: false },
  { transposeA: false, transposeB: true },
  { transposeA: true, transposeB: true },
])("gemm in the step of a loop, with $transposeA and $transposeB to transpose its factors", (turned) => {
  const a = turned.transposeA ? [3, 2] : [2, 3];
  const b = turned.transposeB ? [4, 3] : [3, 4];
  const cases: Record<string, GradientExample> = {
    "its right factor": {
      shapes: [[2, 4], [5, ...a], b, [4]], // prettier-ignore
      build: (h0, x, w, c) => loop(h0, x, (state, slice) => add(gemm(slice, w, c, turned), state)),
    },
    "its left factor": {
      shapes: [[2, 4], [5, ...b], a, [2, 1]], // prettier-ignore
      build: (h0, x, w, c) => loop(h0, x, (state, slice) => add(gemm(w, slice, c, turned), state)),
    },
    "both factors": {
      shapes: [[2, 4], [5, 2, 4], a, b], // prettier-ignore
      build: (h0, x, v, w) => loop(h0, x, (state, slice) => gemm(v, w, mul(slice, state), turned)),
    },
  };
  it.each(Object.entries(cases))("has the gradient of %s from outside", async (_, example) => {
    expect(await gradientError(example, "float64", 6)).toBeLessThan(1e-6);
  });
});
