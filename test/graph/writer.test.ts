// What is written of a graph, and under which names.

import { describe, expect, it } from "vitest";
import {
  add,
  concat,
  differentiate,
  exp,
  Graph,
  mul,
  reduceSum,
  reshape,
  scan,
  slice,
  squeeze,
  tanh,
  transpose,
  unsqueeze,
  writeOnnx,
  type Tensor,
} from "../../src/graph/index.ts";
import { evaluate } from "./evaluate.ts";

/** Names stand in the bytes as they are. */
const mentions = (bytes: Uint8Array, name: string) => new TextDecoder("latin1").decode(bytes).includes(name);

const vector = (...values: number[]) => ({ dims: [values.length], values });

function sumOfColumns(): Uint8Array {
  const graph = new Graph();
  const x = graph.input("x", "float32", ["T", 2]);
  graph.output(reduceSum(add(x, 1), [0]));
  return writeOnnx(graph, "sum of columns");
}

describe("the program", () => {
  it("leaves out nodes and constants that no output needs, in the bodies of loops too", () => {
    const graph = new Graph();
    const x = graph.input("x", "float64", ["T", 2]);
    tanh(mul(x, graph.constant("unneeded", "float64", [2], new Float64Array(2))));
    const { outputs } = scan({
      states: [],
      sequences: [x],
      direction: "forward",
      step: (_, [row]) => {
        tanh(row);
        return { states: [], outputs: [exp(row)] };
      },
    });
    graph.output(outputs[0]);
    const bytes = writeOnnx(graph);
    expect(mentions(bytes, "Tanh")).toBe(false);
    expect(mentions(bytes, "unneeded")).toBe(false);
    expect(mentions(bytes, "Exp")).toBe(true);
  });

  it("is the same for the same graph, byte for byte", () => {
    expect(sumOfColumns()).toEqual(sumOfColumns());
    expect(mentions(sumOfColumns(), "sum of columns")).toBe(true);
  });

  it("keeps names apart, whatever inputs are called", async () => {
    const graph = new Graph();
    const inputs = ["Add", "Add:1", "Add", "1", "Add:1:1"].map((name) => graph.input(name, "float64", [1]));
    const sum = inputs.reduce((total: Tensor, x) => add(total, x));
    const result = graph.output(add(sum, 1));
    const names = [...inputs, ...graph.nodes.flatMap(({ outputs }) => outputs)].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const results = await evaluate(
      graph,
      Object.fromEntries(inputs.map(({ name }, i) => [name, vector(10 ** i)])),
    );
    expect(results[result.name].values).toEqual([11112]);
  });

  it("gives one output for variables whose gradient is the same", () => {
    const graph = new Graph();
    const [a, b] = ["a", "b"].map((name) => graph.input(name, "float64", [2]));
    const { gradients, upstream } = differentiate(add(a, b), [a, b]);
    expect(gradients).toEqual([upstream, upstream]);
  });
});

describe("operators that move elements", () => {
  const x = { dims: [2, 3], values: [1, 2, 3, 4, 5, 6] };
  const cases: Record<string, [(x: Tensor) => Tensor, number[], number[]]> = {
    "concat on a negative axis": [(x) => concat([x, x], -1), [2, 6], [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]],
    "reduceSum on a negative axis": [(x) => reduceSum(x, [-1]), [2], [6, 15]],
    "reduceSum on no axis": [(x) => reduceSum(x, []), [2, 3], [1, 2, 3, 4, 5, 6]],
    "unsqueeze and squeeze on negative axes": [(x) => squeeze(unsqueeze(x, [-1, 0]), [-1]), [1, 2, 3], [1, 2, 3, 4, 5, 6]],
    "a slice that leaves nothing": [(x) => slice(x, 1, { start: 1, trim: 2 }), [2, 0], []],
    "a strided slice of its end": [(x) => slice(x, 1, { start: 2, step: 5 }), [2, 1], [3, 6]],
    "a reshape by a symbolic axis": [(x) => reshape(x, [3, "N"]), [3, 2], [1, 2, 3, 4, 5, 6]],
    "transpose": [(x) => transpose(x, [1, 0]), [3, 2], [1, 4, 2, 5, 3, 6]],
  }; // prettier-ignore
  it.each(Object.entries(cases))("compute %s", async (_, [build, dims, values]) => {
    for (const shape of [
      [2, 3],
      ["N", 3],
    ]) {
      const graph = new Graph();
      const result = graph.output(build(graph.input("x", "float64", shape)));
      expect(result.shape).toHaveLength(dims.length);
      expect((await evaluate(graph, { x }))[result.name]).toEqual({ dims, values });
    }
  });
});
