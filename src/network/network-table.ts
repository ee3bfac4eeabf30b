// The table of networks: a network is a file in this room and a row here. The table is open: a program may register
// networks of its own, before it reads settings or opens a model of theirs. A thread has its own table; the programs of
// training are built where training is started, so what is registered there is enough.

import { EarshotError, nearestName } from "../errors.ts";
import { openChoice, z } from "../settings.ts";
import { checkContract, checkDefinition } from "./network-checks.ts";
import { deepSpeech } from "./deep-speech.ts";
import { deepSpeech2 } from "./deep-speech-2.ts";
import { deepSpeechForward } from "./deep-speech-forward.ts";
import { deepSpeechStreaming } from "./deep-speech-streaming.ts";
import { transformer } from "./transformer.ts";
import type { Network, NetworkDefinition, NetworkSizes } from "./network.ts";

/** The name of a network and its settings, as its table has checked them and filled them in. */
export interface NetworkSettings {
  readonly name: string;
  readonly [setting: string]: unknown;
}

interface Row {
  readonly definition: NetworkDefinition;
  /** Its settings and its name, the field by which a table is chosen. */
  readonly table: ReturnType<typeof tableOf>;
}

export class NetworkTable {
  readonly #rows = new Map<string, Row>();
  /** Settings of any network in the table, chosen by `name`; the first is meant where no name is given. */
  readonly settings = openChoice<NetworkSettings>(() => [...this.#rows.values()].map(({ table }) => table));

  /** @param definitions of which the first is the default */
  constructor(definitions: readonly NetworkDefinition[]) {
    for (const definition of definitions) this.register(definition);
  }

  /** Adds a network. @throws EarshotError NETWORK_EXISTS when another has its name; INVALID_NETWORK */
  register(definition: NetworkDefinition): void {
    checkDefinition(definition);
    const { name } = definition;
    const known = this.#rows.get(name)?.definition;
    if (known === definition) return;
    if (known) throw networkExists(name);
    this.#rows.set(name, { definition, table: tableOf(definition) });
  }

  /** @throws EarshotError UNKNOWN_NETWORK, INVALID_NETWORK */
  create({ name, ...settings }: NetworkSettings, sizes: NetworkSizes): Network {
    return checkContract(name, this.#rowOf(name, name).definition.create(settings, sizes));
  }

  /** @param where what names the network @throws EarshotError UNKNOWN_NETWORK */
  checkName(name: string, where: string): void {
    this.#rowOf(name, where);
  }

  #rowOf(name: string, where: string): Row {
    const row = this.#rows.get(name);
    if (row) return row;
    throw unknownNetwork(name, [...this.#rows.keys()], where);
  }

  /** The names of those that follow a stream with the settings that they have by default. */
  forStreams(sizes: NetworkSizes): string[] {
    const follows = ({ definition }: Row): boolean => {
      const settings = definition.settings.safeParse({});
      return settings.success && definition.create(settings.data, sizes).lookAhead !== "utterance";
    };
    return [...this.#rows].flatMap(([name, row]) => (follows(row) ? [name] : []));
  }
}

const tableOf = ({ name, settings }: NetworkDefinition) =>
  z.strictObject({ name: z.literal(name), ...settings.shape });

/** The networks of this thread. */
const networks = new NetworkTable([
  deepSpeech,
  deepSpeechForward,
  deepSpeechStreaming,
  deepSpeech2,
  transformer,
]);

/** The settings of a network; a choice by `name`. */
export const networkSettings = networks.settings;

/**
 * Makes a network known by its name, to settings, model files and training alike.
 * @throws EarshotError NETWORK_EXISTS when there is another network of its name; INVALID_NETWORK where it lacks a part
 */
export function registerNetwork<Settings extends z.ZodObject>(definition: NetworkDefinition<Settings>): void {
  networks.register(definition);
}

/** The names of those that follow a stream with the settings that they have by default. */
export const networksForStreams = (sizes: NetworkSizes): string[] => networks.forStreams(sizes);

/** @throws EarshotError UNKNOWN_NETWORK */
export function createNetwork(settings: NetworkSettings, sizes: NetworkSizes): Network {
  return networks.create(settings, sizes);
}

/** @param where what names the network, such as a model file @throws EarshotError UNKNOWN_NETWORK */
export const requireNetwork = (name: string, where: string): void => networks.checkName(name, where);

function networkExists(name: string): EarshotError {
  return new EarshotError({
    code: "NETWORK_EXISTS",
    where: name,
    problem: "There is a network of this name already.",
    remedy: "Register yours under another name: model files find their network by it.",
  });
}

function unknownNetwork(name: string, names: readonly string[], where: string): EarshotError {
  const near = nearestName(name, names);
  return new EarshotError({
    code: "UNKNOWN_NETWORK",
    where,
    problem: `There is no network named "${name}".`,
    remedy: near
      ? `Did you mean "${near}"?`
      : `Networks: ${names.join(", ")}. One of your own must be registered first, by the program that opens it, with registerNetwork; elsewhere use the model that exportOnnx makes of it.`,
  });
}
