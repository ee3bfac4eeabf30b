// A bidirectional layer split between two ranks along time (Hannun et al. 2014, section 3.2): one has the first half of the
// steps, the other the second. Each runs the direction that begins in its half, they exchange the states at the middle, and each
// runs the other direction from the states that it was given. Recurrences of both halves run at the same time; what crosses is
// one state of each direction. It pays only where a batch cannot be split instead (docs/log.md), so no training uses it.

import { Graph, writeOnnx, type Direction } from "../../src/graph/index.ts";
import type { RecurrentCell } from "../../src/network/cells/index.ts";
import { fixedLayers } from "../../src/network/layer-contexts.ts";
import { asColumns } from "../../src/network/layers.ts";
import type { Weights } from "../../src/network/network.ts";
import { constantWeight } from "../../src/network/programs.ts";
import { cellInput, cellStates, runCell } from "../../src/network/recurrent-layer.ts";

/** One direction of a layer over some steps, from given states on. */
export interface DirectionProgram {
  /** ONNX; inputs `x` [T', B, I], `mask` [T', B, 1] and the states [H, B]; outputs what the cell gives, [T', B, H], and the states. */
  readonly program: Uint8Array;
  readonly output: string;
  /** The names of each state, before and after. */
  readonly states: readonly { readonly before: string; readonly after: string }[];
}

/** @param inputs I, numbers in a step of what is below the layer */
export function directionProgram(
  cell: RecurrentCell,
  weights: Weights,
  name: string,
  inputs: number,
  direction: Direction,
): DirectionProgram {
  const graph = new Graph();
  const layers = fixedLayers(constantWeight(graph, weights));
  const x = graph.input("x", "float32", ["T", "B", inputs]);
  const mask = graph.input("mask", "float32", ["T", "B", 1]);
  const before = cellStates(cell, name).map((state) =>
    graph.input(`before/${state.name}`, "float32", state.shape),
  );
  const input = asColumns(cell.silence(cellInput(layers, x, cell, name), mask));
  const { output, states } = runCell(layers, cell, input, { name, direction, states: before, mask });
  const given = graph.output(asColumns(output)).name;
  const after = states.map((state) => graph.output(state).name);
  return {
    program: writeOnnx(graph, `${name}/${direction}`),
    output: given,
    states: before.map((state, i) => ({ before: state.name, after: after[i] })),
  };
}

/** What a direction gives over a half, [T', B, H], and the states behind it, [H, B] each. */
export interface DirectionResult {
  readonly output: Float32Array;
  readonly states: readonly Float32Array[];
}

/**
 * What the layer gives over this rank's half: the sum of both directions. [T', B, H]
 * @param run a direction over the half, from these states on, or from zeros
 * @param swap gives states to the other rank, and takes its own
 */
export async function bothWaysOverHalf(
  half: "first" | "second",
  run: (direction: Direction, states?: readonly Float32Array[]) => Promise<DirectionResult>,
  swap: (states: readonly Float32Array[]) => Promise<readonly Float32Array[]>,
): Promise<Float32Array> {
  const [own, other]: Direction[] = half === "first" ? ["forward", "backward"] : ["backward", "forward"];
  const begun = await run(own);
  const ended = await run(other, await swap(begun.states));
  return begun.output.map((value, i) => value + ended.output[i]);
}
