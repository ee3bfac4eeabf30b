// Every network of the table for tests, each cell, one recurrent layer and two, and each word that a setting may have, with
// small values: a new row, cell or kind is tested without being named.

import { networkContract, networkSettings, resolveArchitecture } from "../../src/network/index.ts";
import { cellNames } from "../../src/network/cells/index.ts";
import { blockNames } from "../../src/network/transformer/blocks.ts";
import { listSettings, z } from "../../src/settings.ts";

/** Features of a frame, and symbols with the blank. */
export const [F, V] = [5, 7];
const SMALL = {
  width: 12,
  context: 2,
  lookAhead: 3,
  rowSteps: 2,
  stride: 2,
  ceiling: 1.5,
  dropout: 0,
  layers: 2,
  heads: 2,
  kernel: 4,
  channels: 3,
};

const described = listSettings(z.strictObject({ network: networkSettings }));
export const names = [...new Set(described.flatMap(({ choice }) => choice ?? []))];
export const has = (name: string, setting: string) =>
  described.some(({ choice, path }) => choice === name && path === `network.${setting}`);

export type Variant = Readonly<Record<string, unknown>>;

const cellVariants = (name: string): Variant[] =>
  has(name, "cell")
    ? cellNames.flatMap((cell) => [1, 2].map((recurrentLayers) => ({ name, cell, recurrentLayers })))
    : [{ name }];

/** The forms that follow a stream, of a network that does so only with a memory. */
const memoryVariants = (name: string): Variant[] =>
  has(name, "memory") ? blockNames.map((block) => ({ name, block, memory: 5 })) : [];

/** With a head between its layers, of a cell that is quick to learn. */
const conditionedVariants = (name: string): Variant[] => {
  if (!has(name, "selfConditioning")) return [];
  const layers = has(name, "recurrentLayers") ? "recurrentLayers" : "layers";
  const given = { name, ...(has(name, "cell") && { cell: "gru" }), [layers]: 2, selfConditioning: 1 };
  return has(name, "memory") ? [given, { ...given, memory: 5 }] : [given];
};

/** Every other word that a setting of the network may have, with two layers where there are several. */
const wordVariants = (name: string): Variant[] =>
  described
    .filter(({ choice, path }) => choice === name && path !== "network.cell")
    .flatMap(({ path, range, default: usual }) => {
      const words = [...range.matchAll(/"([^"]+)"/g)].map(([, word]) => word);
      const several = has(name, "recurrentLayers") ? { recurrentLayers: 2 } : {};
      const key = path.replace("network.", "");
      return words.filter((word) => word !== usual).map((word) => ({ name, ...several, [key]: word }));
    });

/** The variant with small sizes, changed. */
export function settingsOf(variant: Variant, changes: Partial<typeof SMALL> = {}) {
  const sizes = Object.entries({ ...SMALL, ...changes });
  return { ...variant, ...Object.fromEntries(sizes.filter(([key]) => has(variant.name as string, key))) };
}

export const architectureOf = (variant: Variant, changes?: Partial<typeof SMALL>) =>
  resolveArchitecture(settingsOf(variant, changes), { features: F, symbols: V }, "test");

export const variants = names
  .flatMap((name) => [
    ...cellVariants(name),
    ...memoryVariants(name),
    ...wordVariants(name),
    ...conditionedVariants(name),
  ])
  .map((variant) => ({
    variant,
    title: Object.values(variant).join(", "),
    follows: networkContract(architectureOf(variant)).lookAhead !== "utterance",
  }));
