// An architecture: which network, with which settings and sizes. Plain data that a model file can hold, from which
// everything else of a network follows.

import { EarshotError } from "../errors.ts";
import { parseSettings } from "../settings.ts";
import { createNetwork, networksForStreams, networkSettings, type NetworkSettings } from "./network-table.ts";
import type { Network, NetworkContract } from "./network.ts";

/** A network with its sizes decided. */
export interface Architecture {
  readonly network: NetworkSettings;
  /** F, numbers in a feature frame. */
  readonly features: number;
  /** V, symbols with the blank. */
  readonly symbols: number;
}

/**
 * Validates a network's settings and fills in the defaults. `where` names the file or flag for errors.
 * @throws EarshotError UNKNOWN_SETTING, INVALID_SETTING
 */
export function resolveArchitecture(
  network: Readonly<Record<string, unknown>>,
  { features, symbols }: { readonly features: number; readonly symbols: number },
  where: string,
): Architecture {
  return { network: parseSettings(networkSettings, network, where), features, symbols };
}

/** @throws EarshotError UNKNOWN_NETWORK */
export const networkFor = ({ network, features }: Architecture): Network =>
  createNetwork(network, { features });

/** The network's stride, look-ahead, states and context. @throws EarshotError UNKNOWN_NETWORK */
export function networkContract(architecture: Architecture): NetworkContract {
  const { stride, lookAhead, states, context } = networkFor(architecture);
  return { stride, lookAhead, states, context };
}

export interface StreamContract extends NetworkContract {
  readonly lookAhead: number;
}

/** The same of a network that follows a stream. @throws EarshotError NEEDS_WHOLE_UTTERANCE; UNKNOWN_NETWORK */
export function streamContract(architecture: Architecture): StreamContract {
  const { lookAhead, ...contract } = networkContract(architecture);
  if (lookAhead === "utterance") throw needsWholeUtterance(architecture);
  return { ...contract, lookAhead };
}

function needsWholeUtterance({ network, features }: Architecture): EarshotError {
  const names = networksForStreams({ features }).map((name) => `"${name}"`);
  return new EarshotError({
    code: "NEEDS_WHOLE_UTTERANCE",
    where: network.name,
    problem: "This network looks at the whole utterance, so it cannot follow a stream.",
    remedy: `Give it whole recordings, or train a network that can: ${names.join(", ")}, or one with a memory (docs/networks.md).`,
  });
}

/** T' = ⌈T / stride⌉, the steps that a recording of T frames gives. */
export function outputSteps(architecture: Architecture, frames: number): number {
  return Math.ceil(frames / networkFor(architecture).stride);
}

/**
 * How far the text of a stream is behind its sound by the network alone, whatever the machine: a step's own frames and those
 * that it looks ahead to. Undefined for a network that needs the whole utterance.
 */
export function algorithmicDelayMs(
  { stride, lookAhead }: NetworkContract,
  hopMs: number,
): number | undefined {
  return lookAhead === "utterance" ? undefined : (stride + lookAhead) * hopMs;
}
