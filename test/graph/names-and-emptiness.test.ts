// Axes that are known by name only, and axes that hold nothing: every program and gradient must be as for numbers. The
// cases of axes without elements were found by comparison with PyTorch's autograd, which gives zeros for them.

import { describe, expect, it } from "vitest";
import { openEngine } from "../../src/engine/index.ts";
import {
  add,
  affine,
  concat,
  differentiate,
  Graph,
  lastOf,
  matMul,
  mul,
  reduceMean,
  reduceSum,
  reshape,
  scan,
  slice,
  split,
  tanh,
  writeOnnx,
  type Direction,
  type Shape,
  type Tensor,
} from "../../src/graph/index.ts";
import { elementCount, type TensorData } from "../../src/tensor.ts";

type Build = (...operands: Tensor[]) => Tensor;

/** The result and the gradients of Σ result · (1, 2, 3 …), by the two programs of `differentiate`. */
async function run(build: Build, shapes: readonly Shape[], dims: readonly number[][]): Promise<TensorData[]> {
  const forward = new Graph();
  const operands = shapes.map((shape, i) => forward.input(`x${i}`, "float32", shape));
  const result = forward.output(build(...operands));
  const backward = differentiate(result, operands);
  const engine = await openEngine();
  const programs = await Promise.all([forward, backward.graph].map((graph) => engine.load(writeOnnx(graph))));
  const feeds = Object.fromEntries(operands.map(({ name }, i) => [name, numbers(dims[i])]));
  const results = await programs[0].run(feeds);
  const upstream = numbers(results[result.name].dims, (i) => i + 1);
  const known: Record<string, TensorData> = { ...feeds, ...results, [backward.upstream.name]: upstream };
  const wanted = programs[1].inputs.map((name) => [name, known[name]]);
  const gradients = await programs[1].run(Object.fromEntries(wanted));
  await Promise.all(programs.map((program) => program.close()));
  return [results[result.name], ...backward.gradients.map(({ name }) => gradients[name])];
}

function numbers(
  dims: readonly number[],
  value: (i: number) => number = (i) => Math.sin(3 * i + 1),
): TensorData {
  return {
    type: "float32",
    dims,
    data: Float32Array.from({ length: elementCount(dims) }, (_, i) => value(i)),
  };
}

const recurrence =
  (direction: Direction, part: "states" | "outputs"): Build =>
  (h, x, w) => {
    const step = ([state]: readonly Tensor[], [input]: readonly Tensor[]) => {
      const next = tanh(add(input, matMul(state, w)));
      return { states: [next], outputs: [next] };
    };
    return scan({ states: [h], sequences: [x], direction, step })[part][0];
  };

describe("an axis known by name", () => {
  const cases: Record<string, [Build, Shape[], number[][]]> = {
    "of a strided slice": [(x) => slice(x, 0, { start: 1, trim: 1, step: 3 }), [["T", "N"]], [[9, 2]]],
    "of a strided slice on a middle axis": [(x) => slice(x, 1, { step: 2 }), [["B", "T", 3]], [[2, 5, 3]]],
    "of a stride in two steps": [
      (x) => add(slice(slice(x, 0, { step: 2 }), 0, { step: 2 }), slice(x, 0, { step: 4 })),
      [["T", 2]],
      [[7, 2]],
    ],
    "of a concatenation with a number": [(a, b) => concat([a, b], 0), [[3, "B"], ["T", "B"]], [[3, 2], [4, 2]]], // prettier-ignore
    "of a concatenation with itself and another": [
      (a, b) => concat([a, b, a], 1),
      [["B", "S"], ["B", "T"]], // prettier-ignore
      [[2, 3], [2, 4]], // prettier-ignore
    ],
    "of the last elements": [(x) => lastOf(x, 0, 2), [["T", 3]], [[5, 3]]],
    "of a joined axis that is cut again": [
      (a, b) => lastOf(slice(concat([a, b], 0), 0, { trim: 1 }), 0, 3),
      [[3, 2], ["T", 2]], // prettier-ignore
      [[3, 2], [4, 2]], // prettier-ignore
    ],
    "of a weight, with that of time": [(a, b) => matMul(a, b), [["T", 2, "H"], ["H", 4]], [[3, 2, 5], [5, 4]]], // prettier-ignore
    "of everything in a product": [(a, b) => matMul(a, b), [["T", "B", "H"], ["H", "K"]], [[3, 2, 5], [5, 4]]], // prettier-ignore
    "of a batch of matrices, repeated over time": [
      (a, b) => matMul(a, b),
      [["T", "B", 3, "H"], ["B", "H", 5]], // prettier-ignore
      [[6, 2, 3, 4], [2, 4, 5]], // prettier-ignore
    ],
  };
  it.each(Object.entries(cases))("%s gives what a number gives", async (_, [build, shapes, dims]) => {
    expect(await run(build, shapes, dims)).toEqual(await run(build, dims, dims));
  });
});

describe("an axis that holds nothing", () => {
  const cases: Record<string, [Build, Shape[], number[][]]> = {
    "after a strided slice": [(x) => slice(x, 0, { trim: 1, step: 2 }), [[1, "N"]], [[1, 3]]],
    "of a strided slice": [(x) => slice(x, 0, { step: 2 }), [[0, 3]], [[0, 3]]],
    "beside a strided slice": [(x) => slice(x, 1, { step: 2 }), [["B", "T", 3]], [[0, 5, 3]]],
    "of utterances in a dense layer": [affine, [["T", 0, 3], [3, 4], [4]], [[5, 0, 3], [3, 4], [4]]], // prettier-ignore
    "of utterances in a dense layer, when it runs": [affine, [["T", "B", 3], [3, 4], [4]], [[5, 0, 3], [3, 4], [4]]], // prettier-ignore
    "of time in a dense layer": [affine, [["T", "B", 3], [3, 4], [4]], [[0, 2, 3], [3, 4], [4]]], // prettier-ignore
    "of time in a product": [(a, b) => matMul(a, b), [["T", "B", "H"], ["H", 4]], [[0, 2, 5], [5, 4]]], // prettier-ignore
    "between two matrices": [(a, b) => matMul(a, b), [[2, 0], [0, 4]], [[2, 0], [0, 4]]], // prettier-ignore
    "of time in a loop": [recurrence("forward", "outputs"), [[2, 3], [0, 2, 3], [3, 3]], [[2, 3], [0, 2, 3], [3, 3]]], // prettier-ignore
    "of time in a loop backwards": [recurrence("backward", "outputs"), [["B", 3], [0, "B", 3], [3, 3]], [[2, 3], [0, 2, 3], [3, 3]]], // prettier-ignore
    "of utterances in a loop": [recurrence("forward", "outputs"), [["B", 3], ["T", "B", 3], [3, 3]], [[0, 3], [4, 0, 3], [3, 3]]], // prettier-ignore
    "in a concatenation": [(a, b) => slice(concat([a, b], 0), 0, { trim: 3 }), [[3, "B"], ["T", "B"]], [[3, 2], [0, 2]]], // prettier-ignore
    "in a sum that broadcasts": [(a, b) => mul(a, b), [[0, 3], [1, 3]], [[0, 3], [1, 3]]], // prettier-ignore
    "in a reshape": [(x) => reshape(x, [3, 0]), [[0, 5]], [[0, 5]]],
    "beside a mean": [(x) => reduceMean(x, [1]), [[0, 3]], [[0, 3]]],
    "of a split": [(x) => split(x, 1, [1, 2])[1], [["T", 3]], [[0, 3]]],
  };
  it.each(Object.entries(cases))("%s gives zeros of the right shapes", async (_, [build, shapes, dims]) => {
    const [, ...gradients] = await run(build, shapes, dims);
    expect(gradients.map((gradient) => gradient.dims)).toEqual(dims);
    for (const { data } of gradients)
      expect(Array.from(data, Number).every((value) => value === 0)).toBe(true);
  });

  it("leaves the states of a loop as they were", async () => {
    const dims = [[2, 3], [0, 2, 3], [3, 3]]; // prettier-ignore
    const [states, initial, ...others] = await run(recurrence("forward", "states"), dims, dims);
    expect(states).toEqual(numbers([2, 3]));
    expect(initial).toEqual(numbers([2, 3], (i) => i + 1));
    expect(others.map(({ data }) => Math.max(0, ...Array.from(data, Number)))).toEqual([0, 0]);
  });

  it("adds up to zero", async () => {
    const [sum, gradient] = await run((x) => reduceSum(x, [0]), [["T", 2]], [[0, 2]]);
    expect([Array.from(sum.data, Number), gradient.dims]).toEqual([[0, 0], [0, 2]]); // prettier-ignore
  });
});
