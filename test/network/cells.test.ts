// Each cell over time: its gradients, the same numbers as the composition of its name, padding, and how it starts. All
// cells of the table are tested; a new one is without being named.

import { describe, expect, it } from "vitest";
import { openEngine } from "../../src/engine/index.ts";
import {
  Graph,
  gru,
  lstm,
  transpose,
  writeOnnx,
  type Direction,
  type Tensor,
} from "../../src/graph/index.ts";
import { cellNames, cellNormalizations, createCell } from "../../src/network/cells/index.ts";
import { fixedLayers } from "../../src/network/layer-contexts.ts";
import { initializeWeights, normal, parameterShapes, resolveArchitecture } from "../../src/network/index.ts";
import { runCell, startOf } from "../../src/network/recurrent-layer.ts";
import { RandomStream } from "../../src/random.ts";
import type { TensorData } from "../../src/tensor.ts";
import { evaluate, type Numbers } from "../graph/evaluate.ts";
import { gradientError } from "../graph/gradient-check.ts";
import pytorch from "../graph/pytorch.json" with { type: "json" };
import { expectNear, wave } from "../graph/pytorch.ts";

const H = 3;
type Name = (typeof cellNames)[number];
type Normalization = (typeof cellNormalizations)[number];
const cellOf = (name: Name, cellNormalization: Normalization = "none", width = H) =>
  createCell(name, { width, ceiling: 2, recurrentStart: 0.8, cellNormalization });

const everyCell = cellNames.flatMap((name) =>
  cellNormalizations.map((normalization) => ({ name, normalization })),
);

/** The shapes of the weights of a cell in one direction. */
function weightShapes(name: Name, normalization: Normalization): ReadonlyMap<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  const graph = new Graph();
  const weight = (weightName: string, shape: readonly number[]) => {
    shapes.set(weightName, shape);
    return graph.input(weightName, "float32", shape);
  };
  cellOf(name, normalization).step(fixedLayers(weight), "h4");
  return shapes;
}

describe.each(everyCell)("the cell $name, normalization $normalization", ({ name, normalization }) => {
  const cell = cellOf(name, normalization);
  const shapes = [...weightShapes(name, normalization)];
  const stateShapes = [H, ...cell.furtherStates.map(() => H)].map((units) => [units, 2]);

  /** All that it gives, over [4, G·H, 2], as one tensor. */
  const over =
    (direction: Direction) =>
    (input: Tensor, ...rest: Tensor[]): Tensor => {
      const states = rest.slice(0, stateShapes.length);
      const weights = rest.slice(stateShapes.length);
      const weight = (asked: string) => weights[shapes.findIndex(([known]) => known === asked)];
      const run = { name: "h4", direction, states, mask: input };
      const layers = { ...fixedLayers((asked) => weight(asked.replace(`.${direction}`, ""))) };
      return runCell(layers, cell, input, run).output;
    };

  it.each(["forward", "backward"] as const)(
    "has gradients that agree with central differences, %s",
    async (direction) => {
      const operands = [[4, cell.gates * H, 2], ...stateShapes, ...shapes.map(([, shape]) => shape)];
      const example = { shapes: operands, build: over(direction) };
      expect(await gradientError(example, "float64", 4)).toBeLessThan(1e-6);
    },
  );

  it("does not see padding on its way backward, and has zeros there", async () => {
    const graph = new Graph();
    const x = graph.input("x", "float32", ["T", "B", cell.gates * H]);
    const mask = graph.input("mask", "float32", ["T", "B", 1]);
    const columns = transpose(cell.silence(x, mask), [0, 2, 1]);
    const random = new RandomStream(1, "weights");
    const layers = fixedLayers((asked, shape) =>
      graph.constant(asked, "float32", shape, normal(1)(shape, random)),
    );
    const run = { name: "h4", direction: "backward", states: startOf(cell, columns), mask } as const;
    const output = graph.output(runCell(layers, cell, columns, run).output);
    const program = await (await openEngine()).load(writeOnnx(graph), { threads: 1 });
    const give = async (marks: readonly number[]) => {
      const tensor = (units: number, data: readonly number[]): TensorData => ({
        type: "float32",
        dims: [marks.length, 1, units],
        data: Float32Array.from(data),
      });
      const values = marks.flatMap((_, t) => wave([cell.gates * H], t).values);
      const results = await program.run({ x: tensor(cell.gates * H, values), mask: tensor(1, marks) });
      return Array.from(results[output.name].data as Float32Array);
    };
    const alone = await give([1, 1, 1]);
    const padded = await give([1, 1, 1, 0, 0]);
    expectNear({ dims: [], values: padded }, [...alone, ...Array<number>(2 * H).fill(0)], 7);
    await program.close();
  });

  it("starts from the seed with numbers that are finite, in layers of its own", () => {
    const cellSettings = { cell: name, recurrentLayers: 2, cellNormalization: normalization };
    const network = { name: "deep-speech", width: 8, ...cellSettings };
    const architecture = resolveArchitecture(network, { features: 5, symbols: 7 }, "test");
    const weights = initializeWeights(architecture, 1);
    expect(weights).toEqual(initializeWeights(architecture, 1));
    for (const { data } of weights.values()) expect(data.every(Number.isFinite)).toBe(true);
    const layers = new Set([...weights.keys()].map((key) => key.replace(/\..*/, "")));
    expect([...layers]).toEqual(["h1", "h2", "h3", "h4", "h4-2", "h5", "h6"]);
    expect(weights.get("h4-2.weight")!.dims).toEqual([8, cell.gates * 8]);
  });
});

describe("a cell in a network and the composition of its name", () => {
  const T = 4;
  const input = (gates: number) => wave([T, 2, gates * H], 1);

  it.each(["forward", "backward"] as const)("give the same LSTM, %s", async (direction) => {
    const graph = new Graph();
    const x = graph.input("x", "float64", [T, 2, 4 * H]);
    const weight = graph.input("weight", "float64", [H, 4 * H]);
    const [hidden, memory] = ["hidden", "memory"].map((name) => graph.input(name, "float64", [2, H]));
    const states = [hidden, memory].map((state) => transpose(state, [1, 0]));
    const columns = transpose(x, [0, 2, 1]);
    const run = { name: "h4", direction, states, mask: x };
    const own = runCell(fixedLayers(() => weight), cellOf("lstm"), columns, run); // prettier-ignore
    const other = lstm(x, weight, { hidden, cell: memory }, direction);
    const names = [transpose(own.output, [0, 2, 1]), other.outputs].map(
      (tensor) => graph.output(tensor).name,
    );
    const feeds = { x: input(4), weight: wave([H, 4 * H], 2), hidden: wave([2, H], 3), memory: wave([2, H], 4) }; // prettier-ignore
    const results = await evaluate(graph, feeds);
    expectNear(results[names[0]], results[names[1]].values, 12);
  });

  it.each(["forward", "backward"] as const)("give the same GRU, %s", async (direction) => {
    const graph = new Graph();
    const x = graph.input("x", "float64", [T, 2, 3 * H]);
    const [matrix, bias] = [[H, 3 * H], [H]].map((shape, i) => graph.input(`w${i}`, "float64", shape));
    const hidden = graph.input("hidden", "float64", [2, H]);
    const run = { name: "h4", direction, states: [transpose(hidden, [1, 0])], mask: x };
    const layers = fixedLayers((name) => (name.endsWith(".bias") ? bias : matrix));
    const own = runCell(layers, cellOf("gru"), transpose(x, [0, 2, 1]), run);
    const other = gru(x, { matrix, bias }, hidden, direction);
    const names = [transpose(own.output, [0, 2, 1]), other.outputs].map(
      (tensor) => graph.output(tensor).name,
    );
    const feeds = { x: input(3), w0: wave([H, 3 * H], 2), w1: wave([H], 3), hidden: wave([2, H], 4) };
    const results = await evaluate(graph, feeds);
    expectNear(results[names[0]], results[names[1]].values, 12);
  });
});

describe("a cell with layer normalization", () => {
  it.each(cellNames)("computes what PyTorch's layer_norm in its place computes: %s", async (name) => {
    const cell = cellOf(name, "layer");
    const phases: Record<string, number> = {
      "h4.forward": 2,
      "h4.forward.bias": 3,
      "h4.forward.norm.scale": 6,
      "h4.forward.norm.bias": 7,
      "h4.forward.gates.scale": 6,
      "h4.forward.gates.bias": 7,
      "h4.forward.candidate.scale": 8,
      "h4.forward.candidate.bias": 9,
    };
    const graph = new Graph();
    const feeds: Record<string, Numbers> = { x: wave([3, 2, cell.gates * H], 1) };
    const input = (title: string, numbers: Numbers) => {
      feeds[title] = numbers;
      return graph.input(title, "float64", numbers.dims);
    };
    const x = graph.input("x", "float64", ["T", 2, cell.gates * H]);
    const layers = fixedLayers((title, shape) => input(title, wave(shape, phases[title])));
    const states = ["h", ...cell.furtherStates].map((title, i) =>
      transpose(input(title, wave([2, H], 4 + i)), [1, 0]),
    );
    const run = { name: "h4", direction: "forward", states, mask: x } as const;
    const output = transpose(runCell(layers, cell, transpose(x, [0, 2, 1]), run).output, [0, 2, 1]);
    const results = await evaluate(graph.output(output).graph, feeds);
    expectNear(results[output.name], pytorch.normalizedCells[name]);
  });

  it("starts an LSTM's forget gate open, behind the normalization", () => {
    const network = { name: "deep-speech", width: 4, cell: "lstm", cellNormalization: "layer" };
    const weights = initializeWeights(resolveArchitecture(network, { features: 5, symbols: 7 }, "t"), 1);
    const open = [0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    expect([...weights.get("h4.backward.norm.bias")!.data]).toEqual(open);
    expect([...weights.get("h4.bias")!.data]).toEqual(Array(16).fill(0));
  });
});

describe("cells with gates", () => {
  const weightsOf = (cell: string, width: number) =>
    initializeWeights(
      resolveArchitecture({ name: "deep-speech", width, cell }, { features: 5, symbols: 7 }, "test"),
      1,
    );

  it.each([1, 2, 7, 32])("start with matrices that keep the length of a state, of %i units", (width) => {
    for (const [cell, gates] of [
      ["gru", 3],
      ["lstm", 4],
    ] as const) {
      // prettier-ignore
      const { data } = weightsOf(cell, width).get("h4.forward")!;
      for (let gate = 0; gate < gates; gate++) {
        const column = (j: number) =>
          Array.from({ length: width }, (_, i) => data[i * gates * width + gate * width + j]);
        const product = (i: number, j: number) =>
          column(i).reduce((sum, value, k) => sum + value * column(j)[k], 0);
        expect(product(0, 0)).toBeCloseTo(1, 5);
        expect(product(0, width - 1)).toBeCloseTo(width === 1 ? 1 : 0, 5);
      }
    }
  });

  it("start with an open forget gate, the LSTM's, and all other biases at zero", () => {
    const bias = [...weightsOf("lstm", 4).get("h4.bias")!.data];
    expect(bias).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect([...weightsOf("gru", 4).get("h4.bias")!.data]).toEqual(Array(12).fill(0));
  });

  it("have a matrix of their own in each direction, and share what the input gives", () => {
    const gruShapes = parameterShapes(
      resolveArchitecture({ width: 4, cell: "gru" }, { features: 5, symbols: 7 }, "t"),
    );
    expect([...gruShapes].filter(([name]) => name.startsWith("h4"))).toEqual([
      ["h4.weight", [4, 12]],
      ["h4.bias", [12]],
      ["h4.forward", [4, 12]],
      ["h4.forward.bias", [4]],
      ["h4.backward", [4, 12]],
      ["h4.backward.bias", [4]],
    ]);
  });
});
