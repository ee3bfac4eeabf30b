// Whether a network that a program registered is what its contract says: a mistake in it is reported with the network's name when
// it is made, not by ONNX Runtime or by JavaScript in the middle of training.

import { EarshotError } from "../errors.ts";
import { elementCount } from "../tensor.ts";
import type { LayerContext, Network, NetworkDefinition } from "./network.ts";

/** How errors name a network. */
export const networkPlace = (name: string): string => `network ${name}`;

/** It may come from JavaScript, where no type was checked. @throws EarshotError INVALID_NETWORK */
export function checkDefinition({ name, settings, create }: Partial<NetworkDefinition>): void {
  if (typeof name !== "string" || name === "") throw invalidNetwork("networks", "It has no name.");
  if (settings?.shape === undefined)
    throw invalidNetwork(networkPlace(name), "It has no settings: z.strictObject({}) where there are none.");
  if (typeof create !== "function")
    throw invalidNetwork(networkPlace(name), "It has no create, which makes the network from its settings.");
}

/** @throws EarshotError INVALID_NETWORK */
export function checkContract<Checked extends Network>(name: string, network: Checked): Checked {
  const { stride, lookAhead, states, build } = network;
  const isCount = (value: unknown, least: number) => Number.isInteger(value) && (value as number) >= least;
  const where = networkPlace(name);
  if (!isCount(stride, 1))
    throw invalidNetwork(where, `Its stride is ${stride}, where it must be an integer of at least 1.`);
  if (lookAhead !== "utterance" && !isCount(lookAhead, 0))
    throw invalidNetwork(
      where,
      `Its lookAhead is ${lookAhead}, where it must be an integer of at least 0 or "utterance".`,
    );
  if (!Array.isArray(states)) throw invalidNetwork(where, "It has no states: [] where there are none.");
  if (typeof build !== "function") throw invalidNetwork(where, "It has no build.");
  return network;
}

/** The context, in which no two layers have one name. @throws EarshotError INVALID_NETWORK where a weight is named twice */
export function namedOnce(layers: LayerContext, where: string): LayerContext {
  const names = new Set<string>();
  const claim = (name: string): void => {
    if (names.has(name))
      throw invalidNetwork(where, `Two of its weights have the name "${name}".`, "Give each layer its own.");
    names.add(name);
  };
  return {
    ...layers,
    weight: (name, ...rest) => {
      claim(name);
      return layers.weight(name, ...rest);
    },
    batchNormalization: (x, name, ...rest) => {
      claim(`${name}.scale`);
      return layers.batchNormalization(x, name, ...rest);
    },
  };
}

/** @throws EarshotError INVALID_NETWORK where an initializer gives another number of values than the weight has */
export function checkInitialized(
  where: string,
  name: string,
  shape: readonly number[],
  data: Float32Array,
): Float32Array {
  if (data?.length === elementCount(shape)) return data;
  const came = data?.length === undefined ? "nothing" : `${data.length} values`;
  throw invalidNetwork(
    where,
    `The initializer of "${name}" gives ${came}, where [${shape.join(", ")}] has ${elementCount(shape)}.`,
    "Let it fill the shape that it is given.",
  );
}

export function invalidNetwork(
  where: string,
  problem: string,
  remedy = "Correct the network that is registered.",
): EarshotError {
  return new EarshotError({ code: "INVALID_NETWORK", where, problem, remedy });
}
