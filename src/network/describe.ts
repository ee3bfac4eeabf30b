// A network in a few words, for tables and pages: what one compares networks by first. Its settings say the rest.

import type { NetworkSettings } from "./network-table.ts";

/** As "deep-speech, 2 × gru, width 384" or "transformer, 6 × conformer, width 144, memory 60": of these what the network has. */
export function describeNetwork({ name, ...settings }: NetworkSettings): string {
  const { cell, block, recurrentLayers, layers, width, memory } = settings;
  const count = [recurrentLayers, layers].find((value) => typeof value === "number" && value > 1);
  const kind = [cell, block].find((value) => typeof value === "string");
  const deep = count === undefined ? kind : `${String(count)} × ${kind ?? "layers"}`;
  const sizes = Object.entries({ width, memory }).map(([size, value]) => value && `${size} ${String(value)}`);
  return [name, deep, ...sizes].filter(Boolean).join(", ");
}
