// A network in a few words, for tables and pages: what one compares networks by first. Its settings say the rest.

import type { NetworkSettings } from "./network-table.ts";

/** As "deep-speech, 2 × gru, width 384": of these what the network has. */
export function describeNetwork({ name, ...settings }: NetworkSettings): string {
  const { cell, recurrentLayers, layers, width } = settings;
  const count = [recurrentLayers, layers].find((value) => typeof value === "number" && value > 1);
  const kind = typeof cell === "string" ? cell : undefined;
  const deep = count === undefined ? kind : `${String(count)} × ${kind ?? "layer"}`;
  const parts = [name, deep, typeof width === "number" ? `width ${width}` : undefined];
  return parts.filter((part) => part !== undefined).join(", ");
}
