// A network built on a graph, and whether what it gives is what its contract says: a mistake in a network of a program's
// own is named when its first program is built, not by a runtime in the middle of a stream. Sizes that only the run knows
// are not compared.

import { EarshotError } from "../errors.ts";
import type { Shape, Tensor } from "../graph/index.ts";
import { networkFor, type Architecture } from "./architecture.ts";
import { withIntermediate } from "./intermediate.ts";
import type { LayerContext, Network, NetworkInputs, NetworkResults } from "./network.ts";

/** Heads between layers that only training has. */
export interface IntermediateHeads {
  readonly count: number;
  /** Takes the logits [T', B, V] of each, those included that the network has anyway. */
  readonly onHead?: (logits: Tensor) => void;
}

/** @throws EarshotError UNKNOWN_NETWORK; SHAPE_MISMATCH where results do not have the shapes of the contract */
export function buildNetwork(
  architecture: Architecture,
  layers: LayerContext,
  inputs: NetworkInputs,
  heads: IntermediateHeads = { count: 0 },
  { states, build }: Network = networkFor(architecture),
): NetworkResults {
  const where = `network ${architecture.network.name}`;
  for (const { name, shape } of states) {
    if (shape.filter((size) => size === "B").length !== 1)
      throw mismatch(where, `The state "${name}" is ${shown(shape)}, where one axis must be "B".`);
  }
  const context = withIntermediate(layers, architecture, heads.count, heads.onHead);
  const results = build(context, inputs, architecture.symbols);
  checkShape(where, "The logits are", results.logits.shape, ["T'", "B", architecture.symbols]);
  if (results.states.length !== states.length)
    throw mismatch(
      where,
      `It gives ${results.states.length} states, where its contract has ${states.length}.`,
    );
  for (const [i, { name, shape }] of states.entries())
    checkShape(where, `The state "${name}" leaves as`, results.states[i].shape, shape);
  return results;
}

function checkShape(where: string, what: string, came: Shape, expected: Shape): void {
  const fits =
    came.length === expected.length &&
    came.every(
      (size, i) => typeof size === "string" || typeof expected[i] === "string" || size === expected[i],
    );
  if (!fits) throw mismatch(where, `${what} ${shown(came)} instead of ${shown(expected)}.`);
}

const shown = (shape: Shape): string => `[${shape.join(", ")}]`;

function mismatch(where: string, problem: string): EarshotError {
  const remedy = "Correct the network, or the states in its contract.";
  return new EarshotError({ code: "SHAPE_MISMATCH", where, problem, remedy });
}
