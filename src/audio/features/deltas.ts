// Slopes of features over time, appended to each frame (The HTK Book, 5.9; Furui 1986): the least-squares slope over
// `reach` frames on either side, the first and last frame repeated beyond the edges. A second stream behind the first
// appends the slopes of the slopes. A frame without any signal has no slope, and no part in one. Knows nothing of what the
// features are.

import { joinBlocks } from "../../tensor.ts";
import { type Frames, joinFrames } from "./frames.ts";
import { isSilent, silence } from "./silent-frames.ts";

/** Gives each frame `reach` frames late; chunked equals whole, since a slope is computed from its own window alone. */
export class DeltaStream {
  readonly size: number;
  readonly #width: number;
  readonly #reach: number;
  /** Frames from `reach` before the next one on: nothing in front of the first frame, then never more than 2 reach. */
  #held = new Float32Array(0);

  /** Takes frames of `inputSize` and appends the slopes of their last `width` values. */
  constructor(inputSize: number, width: number, reach: number) {
    this.size = inputSize + width;
    this.#width = width;
    this.#reach = reach;
  }

  /** The frames whose window these complete. */
  push({ data, frames, size }: Frames): Frames {
    if (frames === 0) return { data: new Float32Array(0), frames: 0, size: this.size };
    const before = this.#held.length === 0 ? repeat(data.subarray(0, size), this.#reach) : this.#held;
    const all = joinBlocks([before, data]);
    const whole = Math.max(0, all.length / size - 2 * this.#reach);
    this.#held = all.slice(whole * size);
    return this.#append(all, whole, size);
  }

  /** The frames still held, as if the last one went on. */
  finish(): Frames {
    const size = this.size - this.#width;
    const last = repeat(this.#held.subarray(-size), this.#held.length === 0 ? 0 : this.#reach);
    const rest = this.push({ data: last, frames: last.length / size, size });
    this.#held = new Float32Array(0);
    return rest;
  }

  #append(all: Float32Array, frames: number, size: number): Frames {
    const data = new Float32Array(frames * this.size);
    const output = { data, frames, size: this.size };
    const rows = { data: all, frames: all.length / size, size };
    for (let t = 0; t < frames; t++) {
      const center = (t + this.#reach) * size;
      data.set(all.subarray(center, center + size), t * this.size);
      const reach = this.#reachWithin(rows, t + this.#reach);
      for (let f = size - this.#width; f < size; f++) {
        data[t * this.size + this.#width + f] = slope(all, center + f, size, reach);
      }
      if (isSilent(rows, t + this.#reach)) silence(output, t);
    }
    return output;
  }

  /** Frames on either side as far as all have a signal. */
  #reachWithin(rows: Frames, t: number): number {
    let reach = 0;
    while (reach < this.#reach && !isSilent(rows, t - reach - 1) && !isSilent(rows, t + reach + 1)) reach++;
    return reach;
  }
}

/** Whole frames with their slopes appended, and the slopes of these, as often as the settings say. */
export function withSlopes(
  frames: Frames,
  { deltas, deltaFrames }: { readonly deltas: number; readonly deltaFrames: number },
): Frames {
  let known = frames;
  for (let order = 0; order < deltas; order++) {
    const stage = new DeltaStream(known.size, frames.size, deltaFrames);
    known = joinFrames([stage.push(known), stage.finish()]);
  }
  return known;
}

/** Σ n (c[t + n] − c[t − n]) / 2 Σ n² */
function slope(all: Float32Array, at: number, size: number, reach: number): number {
  if (reach === 0) return 0;
  let sum = 0;
  let squares = 0;
  for (let n = 1; n <= reach; n++) {
    sum += n * (all[at + n * size] - all[at - n * size]);
    squares += n * n;
  }
  return sum / (2 * squares);
}

function repeat(frame: Float32Array, times: number): Float32Array {
  const rows = new Float32Array(frame.length * times);
  for (let n = 0; n < times; n++) rows.set(frame, n * frame.length);
  return rows;
}
