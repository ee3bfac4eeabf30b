// Slopes over time on a graph, as deltas.ts of the audio room has them: appended as often as the settings say, fitted as far
// on either side as frames have a signal; frames without one have no slope.

import {
  cast,
  concat,
  equal,
  gather,
  lastOf,
  mul,
  slice,
  sub,
  add,
  where,
  type Tensor,
} from "../../../graph/index.ts";
import type { GraphFrames } from "./spectral-frames.ts";

export interface SlopeSettings {
  readonly deltas: number;
  readonly deltaFrames: number;
}

/** [T, B, F] → [T, B, (1 + deltas) F]. @param floor of frames without a signal */
export function withGraphSlopes(
  { values, silent }: GraphFrames,
  { deltas, deltaFrames }: SlopeSettings,
  floor: number,
): GraphFrames {
  const sounding = sub(1, cast(silent, "float32"));
  let [known, newest] = [values, values];
  for (let order = 0; order < deltas; order++) {
    newest = slopesOf(newest, sounding, deltaFrames);
    known = concat([known, newest], 2);
    newest = where(silent, floor, newest);
  }
  return { values: deltas === 0 ? values : where(silent, floor, known), silent };
}

/** Σ n (c[t + n] − c[t − n]) / 2 Σ n², over the widest window that is all sound. */
function slopesOf(x: Tensor, sounding: Tensor, reach: number): Tensor {
  const at = neighbors(cast(x, "float64"), reach);
  const isSound = neighbors(sounding, reach);
  let slope = mul(at(0), 0);
  let sum = slope;
  let whole = isSound(0);
  let squares = 0;
  for (let n = 1; n <= reach; n++) {
    sum = add(sum, mul(sub(at(n), at(-n)), n));
    squares += n * n;
    whole = mul(whole, mul(isSound(n), isSound(-n)));
    slope = where(equal(whole, 1), mul(sum, 1 / (2 * squares)), slope);
  }
  return cast(slope, "float32");
}

/** Each frame's neighbor at a distance, the first and the last frame repeated beyond the ends. */
function neighbors(x: Tensor, reach: number): (distance: number) => Tensor {
  const first = gather(x, x.graph.constant("first", "int64", [1], BigInt64Array.of(0n)));
  const last = lastOf(x, 0, 1);
  const repeat = (row: Tensor) => Array.from({ length: reach }, () => row);
  const wide = concat([...repeat(first), x, ...repeat(last)], 0);
  return (distance) => slice(wide, 0, { start: reach + distance, trim: reach - distance });
}
