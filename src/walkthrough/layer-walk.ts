// What one layer gave for one utterance, and how many of its units were off or at the clip.

import type { LayerOutputs } from "../network/index.ts";
import type { TensorData } from "../tensor.ts";

export interface LayerWalk {
  /** As the network calls it: "h1", "h4.forward". */
  readonly name: string;
  readonly direction?: "forward" | "backward";
  /** Where its units clip; absent of a layer without a clip. */
  readonly ceiling?: number;
  /** H */
  readonly units: number;
  /** R: as many as the network has steps, or a multiple of that. */
  readonly rows: number;
  /** [R, H] */
  readonly values: Float32Array;
  readonly smallest: number;
  readonly largest: number;
  /** Of a layer with a clip, of all its values: the share that is 0, and that is at the clip. */
  readonly zeroShare?: number;
  readonly clippedShare?: number;
}

/** The rows of the utterance alone. @param results of a program for a single utterance */
export function layerWalk(
  { name, direction, ceiling, values, mask }: LayerOutputs,
  results: Readonly<Record<string, TensorData>>,
): LayerWalk {
  const data = rowsInside(results[values], results[mask]);
  const rows = insideRows(results[mask]).length;
  const share = (value: number): number => countOf(data, value) / Math.max(1, data.length);
  return {
    name,
    ...(direction && { direction }),
    ...(ceiling !== undefined && { ceiling, zeroShare: share(0), clippedShare: share(ceiling) }),
    units: rows === 0 ? 0 : data.length / rows,
    rows,
    values: data,
    smallest: data.reduce((a, b) => Math.min(a, b), Infinity),
    largest: data.reduce((a, b) => Math.max(a, b), -Infinity),
  };
}

/** The steps whose mask is 1. Of planes [T, bands, H] all bands of a step have one mask. */
function insideRows({ dims, data }: TensorData): number[] {
  const each = Number(dims[1]) * Number(dims[2]);
  return Array.from({ length: Number(dims[0]) }, (_, t) => t).filter((t) => Number(data[t * each]) === 1);
}

function rowsInside({ dims, data }: TensorData, mask: TensorData): Float32Array {
  const width = Number(dims[1]) * Number(dims[2]);
  const rows = insideRows(mask);
  const inside = new Float32Array(rows.length * width);
  rows.forEach((t, row) =>
    inside.set((data as Float32Array).subarray(t * width, (t + 1) * width), row * width),
  );
  return inside;
}

const countOf = (data: Float32Array, value: number): number =>
  data.reduce((count, each) => count + (each === value ? 1 : 0), 0);
