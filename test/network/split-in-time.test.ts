// A bidirectional layer on two ranks, each with half of the time, gives what it gives on one.

import { expect, it } from "vitest";
import { openEngine } from "../../src/engine/index.ts";
import { Graph, writeOnnx } from "../../src/graph/index.ts";
import { createCell, type CellName } from "../../src/network/cells/index.ts";
import { fixedLayers } from "../../src/network/layer-contexts.ts";
import type { Weights } from "../../src/network/network.ts";
import { cellInput, runBothWays } from "../../src/network/recurrent-layer.ts";
import { bothWaysOverHalf, directionProgram } from "./split-in-time.ts";
import { memoryRanks } from "../../src/platform/index.ts";
import { RandomStream } from "../../src/random.ts";
import type { Float32Tensor } from "../../src/tensor.ts";

const [T, B, I, H] = [23, 3, 5, 7]; // an odd number of steps
const LENGTHS = [23, 15, 8]; // the middle is behind the end of one, and within another
const NAME = "h4";

const random = new RandomStream(1, "split in time");
const numbers = (size: number) => Float32Array.from({ length: size }, () => random.uniform() - 0.5);
const tensor = (dims: readonly number[], data: Float32Array): Float32Tensor => ({
  type: "float32",
  dims,
  data,
});

const x = numbers(T * B * I);
const mask = Float32Array.from({ length: T * B }, (_, i) => (Math.floor(i / B) < LENGTHS[i % B] ? 1 : 0));

/** The whole layer as a program whose weights are drawn as they are asked for. */
function wholeLayer(name: CellName): {
  cell: ReturnType<typeof createCell>;
  weights: Weights;
  program: Uint8Array;
} {
  const cell = createCell(name, { width: H, ceiling: 20, recurrentStart: 0.8, cellNormalization: "none" });
  const weights = new Map<string, Float32Tensor>();
  const graph = new Graph();
  const layers = fixedLayers((weight, shape) => {
    const drawn = tensor(shape, numbers(shape.reduce((size, length) => size * length, 1)));
    weights.set(weight, drawn);
    return graph.constant(weight, "float32", shape, drawn.data);
  });
  const inputs = graph.input("x", "float32", ["T", "B", I]);
  const steps = graph.input("mask", "float32", ["T", "B", 1]);
  graph.output(runBothWays(layers, cell, cellInput(layers, inputs, cell, NAME), { name: NAME, mask: steps }));
  return { cell, weights, program: writeOnnx(graph, "whole") };
}

it.each(["clipped", "gru", "lstm"] as const)("%s", async (name) => {
  const { cell, weights, program } = wholeLayer(name);
  const engine = await openEngine("cpu");
  const load = (bytes: Uint8Array) => engine.load(bytes, { threads: 1 });
  const whole = await load(program);
  const results = await whole.run({ x: tensor([T, B, I], x), mask: tensor([T, B, 1], mask) });
  const expected = results[whole.outputs[0]].data as Float32Array;

  const middle = Math.ceil(T / 2);
  const halves = await Promise.all(
    memoryRanks(2).map(async (ranks) => {
      const [from, to] = ranks.rank === 0 ? [0, middle] : [middle, T];
      const steps = {
        x: tensor([to - from, B, I], x.slice(from * B * I, to * B * I)),
        mask: tensor([to - from, B, 1], mask.slice(from * B, to * B)),
      };
      const run = async (direction: "forward" | "backward", states?: readonly Float32Array[]) => {
        const one = directionProgram(cell, weights, NAME, I, direction);
        const loaded = await load(one.program);
        const before = one.states.map((state, i) => [
          state.before,
          tensor([H, B], states?.[i] ?? new Float32Array(H * B)),
        ]);
        const outcome = await loaded.run({ ...steps, ...Object.fromEntries(before) });
        await loaded.close();
        return {
          output: outcome[one.output].data as Float32Array,
          states: one.states.map(({ after }) => outcome[after].data as Float32Array),
        };
      };
      const swap = async (states: readonly Float32Array[]) => {
        const all = await ranks.gather(
          new Uint8Array(Float32Array.from(states.flatMap((state) => [...state])).buffer),
        );
        const other = new Float32Array(all[1 - ranks.rank].slice().buffer);
        return states.map((_, i) => other.slice(i * H * B, (i + 1) * H * B));
      };
      return bothWaysOverHalf(ranks.rank === 0 ? "first" : "second", run, swap);
    }),
  );
  const together = halves.flatMap((half) => [...half]);
  expect(together).toHaveLength(T * B * H);
  const largest = Math.max(...together.map((value, i) => Math.abs(value - expected[i])));
  expect(largest).toBeLessThan(1e-6);
  await whole.close();
});
