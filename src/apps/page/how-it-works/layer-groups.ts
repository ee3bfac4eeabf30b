// The layers of a walk, parted where the network recurs: those below, the recurrences with their sums, those above.

import type { LayerWalk } from "./library.ts";

export interface LayerGroups {
  readonly below: readonly LayerWalk[];
  /** Each recurrent layer with its directions, and their sum where there are two. */
  readonly recurrent: readonly RecurrentGroup[];
  readonly above: readonly LayerWalk[];
}

export interface RecurrentGroup {
  readonly name: string;
  readonly directions: readonly LayerWalk[];
  readonly sum?: LayerWalk;
}

export function groupLayers(layers: readonly LayerWalk[]): LayerGroups {
  const baseOf = ({ name }: LayerWalk): string => name.replace(/\.(forward|backward)$/, "");
  const names = [...new Set(layers.filter(({ direction }) => direction).map(baseOf))];
  const isRecurrent = (layer: LayerWalk): boolean => names.includes(baseOf(layer));
  const first = layers.findIndex(isRecurrent);
  return {
    below: first < 0 ? layers : layers.slice(0, first),
    recurrent: names.map((name) => ({
      name,
      directions: layers.filter((layer) => layer.direction && baseOf(layer) === name),
      sum: layers.find((layer) => layer.name === name),
    })),
    above: first < 0 ? [] : layers.slice(first).filter((layer) => !isRecurrent(layer)),
  };
}

/** The row of a layer at a step of the network: of several in a step the first. [H] */
export function rowAt({ values, rows, units }: LayerWalk, step: number, steps: number): Float32Array {
  const row = steps === 0 ? 0 : step * Math.floor(rows / steps);
  return values.subarray(row * units, (row + 1) * units);
}
