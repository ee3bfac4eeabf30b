// Numbers in whatever order of axes a program has them: utterances into an input, rows out of an output. An order of axes
// is a text such as "BTF": B utterances, T frames or steps, F features, V tokens, and 1 for an axis of that size.

import type { Frames } from "../../audio/index.ts";
import { elementCount, type Float32Tensor } from "../../tensor.ts";

/** How far apart neighbors of each axis lie; 0 for an axis that is not there. */
type Strides = (letter: string) => number;

/** Utterances [T, F] as one tensor, zero behind the end of each. */
export function layOut(utterances: readonly Frames[], axes: string): Float32Tensor {
  const F = utterances[0]?.size ?? 1;
  const T = Math.max(0, ...utterances.map(({ frames }) => frames));
  const sizes = new Map([
    ["B", utterances.length],
    ["T", T],
    ["F", F],
  ]);
  const dims = [...axes].map((letter) => sizes.get(letter) ?? 1);
  const data = new Float32Array(utterances.length * T * F);
  const [b1, t1, f1] = ["B", "T", "F"].map(stridesOf(axes, dims));
  for (const [b, { data: own, frames }] of utterances.entries())
    for (let t = 0; t < frames; t++)
      for (let f = 0; f < F; f++) data[b * b1 + t * t1 + f * f1] = own[t * F + f];
  return { type: "float32", dims, data };
}

/** The size of an axis; 1 where it is not there. */
export function sizeAlong(axes: string, dims: readonly number[], letter: string): number {
  const at = axes.indexOf(letter);
  return at < 0 ? 1 : dims[at];
}

/** The first `steps` rows [T', V] of one utterance. */
export function rowsOf(
  { data, dims }: { readonly data: ArrayLike<number>; readonly dims: readonly number[] },
  axes: string,
  utterance: number,
  steps: number,
): Float32Array {
  const V = sizeAlong(axes, dims, "V");
  const [b1, t1, v1] = ["B", "T", "V"].map(stridesOf(axes, dims));
  const rows = new Float32Array(steps * V);
  for (let t = 0; t < steps; t++)
    for (let v = 0; v < V; v++) rows[t * V + v] = data[utterance * b1 + t * t1 + v * v1];
  return rows;
}

function stridesOf(axes: string, dims: readonly number[]): Strides {
  return (letter) => {
    const at = axes.indexOf(letter);
    return at < 0 ? 0 : elementCount(dims.slice(at + 1));
  };
}
