// A network built on a graph, and whether what it gives is what its contract says: a mistake in a network of a program's
// own is named when its first program is built, not by a runtime in the middle of a stream. Sizes that only the run knows
// are not compared.

import { EarshotError } from "../errors.ts";
import { shiftDimension, type Shape, type Tensor } from "../graph/index.ts";
import { networkFor, type Architecture } from "./architecture.ts";
import { withIntermediate } from "./intermediate.ts";
import { invalidNetwork, namedOnce, networkPlace } from "./network-checks.ts";
import type { LayerContext, Network, NetworkInputs, NetworkResults } from "./network.ts";

/** Heads between layers that only training has. */
export interface IntermediateHeads {
  readonly count: number;
  /** Takes the logits [T', B, V] of each, those included that the network has anyway. */
  readonly onHead?: (logits: Tensor) => void;
}

/**
 * @throws EarshotError UNKNOWN_NETWORK; INVALID_NETWORK; SHAPE_MISMATCH where shapes inside do not fit together, or results do not
 * have those of the contract
 */
export function buildNetwork(
  architecture: Architecture,
  layers: LayerContext,
  inputs: NetworkInputs,
  heads: IntermediateHeads = { count: 0 },
  network: Network = networkFor(architecture),
): NetworkResults {
  const where = networkPlace(architecture.network.name);
  const { states } = network;
  for (const { name, shape } of states) {
    if (shape.filter((size) => size === "B").length !== 1)
      throw mismatch(where, `The state "${name}" is ${shown(shape)}, where one axis must be "B".`);
  }
  const context = withIntermediate(namedOnce(layers, where), architecture, heads.count, heads.onHead);
  const results = built(where, () => network.build(context, inputs, architecture.symbols));
  checkShape(where, "The logits are", results.logits.shape, ["T'", "B", architecture.symbols]);
  checkSteps(where, network, inputs, results);
  if (results.states.length !== states.length)
    throw mismatch(
      where,
      `It gives ${results.states.length} states, where its contract has ${states.length}.`,
    );
  for (const [i, { name, shape }] of states.entries())
    checkShape(where, `The state "${name}" leaves as`, results.states[i].shape, shape);
  return results;
}

/** @throws EarshotError SHAPE_MISMATCH of an operator, with the network's name; INVALID_NETWORK where results lack a part */
function built(where: string, build: () => Partial<NetworkResults> | undefined): NetworkResults {
  let results: Partial<NetworkResults> | undefined;
  try {
    results = build();
  } catch (error) {
    if (!(error instanceof EarshotError && error.code === "SHAPE_MISMATCH")) throw error;
    throw error.with({ where: error.where === undefined ? where : `${where}: ${error.where}` });
  }
  const { logits, states } = results ?? {};
  if (logits?.shape === undefined) throw invalidNetwork(where, "Its build gives no logits.");
  if (!Array.isArray(states))
    throw invalidNetwork(where, "Its build gives no states: [] where there are none.");
  return { logits, states };
}

/** One row of logits for each step of the contract's stride. */
function checkSteps(
  where: string,
  { stride, lookAhead }: Network,
  { mask }: NetworkInputs,
  { logits }: NetworkResults,
): void {
  const ahead = lookAhead === "utterance" ? 0 : Math.floor(lookAhead / stride);
  const steps = shiftDimension(mask.shape[0], -ahead);
  const came = logits.shape[0];
  if (came === steps || typeof came !== typeof steps) return;
  throw mismatch(
    where,
    `The logits have ${came} steps, where a stride of ${stride} and a look-ahead of ${lookAhead} make ${steps}.`,
  );
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
