// An LSTM and a GRU compute what PyTorch computes, in both directions; padding keeps their states.

import { describe, expect, it } from "vitest";
import { Graph, gru, lstm, type Direction } from "../../src/graph/index.ts";
import { evaluate, type Numbers } from "./evaluate.ts";
import pytorch from "./pytorch.json" with { type: "json" };
import { expectNear, wave } from "./pytorch.ts";

const H = 4;

/** x W + b of the oracle's operands. [T, B, gates] */
function gatesOf(T: number, B: number, gates: number): Numbers {
  const [x, weight, bias] = [wave([T, B, 2], 4), wave([2, gates], 1), wave([gates], 3)];
  const value = (row: number, gate: number) =>
    x.values[2 * row] * weight.values[gate] + x.values[2 * row + 1] * weight.values[gates + gate];
  const values = Array.from({ length: T * B * gates }, (_, i) => {
    const gate = i % gates;
    return value(Math.floor(i / gates), gate) + bias.values[gate];
  });
  return { dims: [T, B, gates], values };
}

describe("an LSTM", () => {
  function lstmOver(direction: Direction) {
    const graph = new Graph();
    const x = graph.input("x", "float64", ["T", "B", 4 * H]);
    const states = {
      hidden: graph.input("hidden", "float64", ["B", H]),
      cell: graph.input("cell", "float64", ["B", H]),
    };
    const last = lstm(x, graph.input("weight", "float64", [H, 4 * H]), states, direction);
    const results = [last.outputs, last.hidden, last.cell].map((tensor) => graph.output(tensor));
    return async (feeds: Record<string, Numbers>) => {
      const values = await evaluate(graph, feeds);
      const [outputs, hidden, cell] = results.map(({ name }) => values[name]);
      return { outputs, hidden, cell };
    };
  }

  const weight = wave([H, 4 * H], 2);

  it.each(["forward", "backward"] as const)(
    "that runs %s computes what PyTorch computes",
    async (direction) => {
      const [hidden, cell] = [wave([2, H], 5), wave([2, H], 6)];
      const results = await lstmOver(direction)({ x: gatesOf(3, 2, 4 * H), weight, hidden, cell });
      const expected = pytorch.lstm[direction];
      expectNear(results.outputs, expected.outputs);
      expectNear(results.hidden, expected.h);
      expectNear(results.cell, expected.c);
    },
  );
  it("keeps both states at zero where its input is far below zero", async () => {
    const zeros = { dims: [2, H], values: Array.from({ length: 2 * H }, () => 0) };
    const x = gatesOf(3, 2, 4 * H);
    const silence = { dims: [2, 2, 4 * H], values: Array.from({ length: 16 * H }, () => -1e30) };
    const longer = { dims: [5, 2, 4 * H], values: [...x.values, ...silence.values] };
    const run = lstmOver("backward");
    const alone = await run({ x, weight, hidden: zeros, cell: zeros });
    const together = await run({ x: longer, weight, hidden: zeros, cell: zeros });
    expectNear(together.outputs, [...alone.outputs.values, ...zeros.values, ...zeros.values]);
  });
  it("refuses weights that do not fit", () => {
    const graph = new Graph();
    const x = graph.input("x", "float32", ["T", "B", 12]);
    const states = {
      hidden: graph.input("h", "float32", ["B", 4]),
      cell: graph.input("c", "float32", ["B", 4]),
    };
    expect(() => lstm(x, graph.input("w", "float32", [4, 16]), states, "forward")).toThrow(
      "lstm: [T, B, 12] and [4, 16] are not [T, B, 4H] and [H, 4H].",
    );
  });
});

describe("a GRU", () => {
  function gruOver(direction: Direction) {
    const graph = new Graph();
    const x = graph.input("x", "float64", ["T", "B", 3 * H]);
    const weights = {
      matrix: graph.input("matrix", "float64", [H, 3 * H]),
      bias: graph.input("bias", "float64", [H]),
    };
    const result = gru(x, weights, graph.input("hidden", "float64", ["B", H]), direction);
    const [outputs, hidden] = [result.outputs, result.hidden].map((tensor) => graph.output(tensor).name);
    return async (feeds: Record<string, Numbers>) => {
      const values = await evaluate(graph, { matrix: wave([H, 3 * H], 2), bias: wave([H], 7), ...feeds });
      return { outputs: values[outputs], hidden: values[hidden] };
    };
  }

  it.each(["forward", "backward"] as const)(
    "that runs %s computes what PyTorch computes",
    async (direction) => {
      const results = await gruOver(direction)({ x: gatesOf(3, 2, 3 * H), hidden: wave([2, H], 5) });
      expectNear(results.outputs, pytorch.gru[direction].outputs);
      expectNear(results.hidden, pytorch.gru[direction].h);
    },
  );
  it("keeps its state where the update gate's input is far above zero", async () => {
    const hidden = wave([2, H], 5);
    const held = Array.from({ length: 6 * H }, (_, i) => (Math.floor((i % (3 * H)) / H) === 1 ? 1e30 : i));
    const { outputs } = await gruOver("forward")({ x: { dims: [1, 2, 3 * H], values: held }, hidden });
    expectNear(outputs, hidden.values);
  });
  it("refuses weights that do not fit", () => {
    const graph = new Graph();
    const [x, matrix, bias, hidden] = [["T", "B", 8], [4, 12], [4], ["B", 4]].map((shape, i) =>
      graph.input(`${i}`, "float32", shape),
    );
    expect(() => gru(x, { matrix, bias }, hidden, "forward")).toThrow(
      "gru: [T, B, 8] and [4, 12] are not [T, B, 3H] and [H, 3H].",
    );
  });
});
