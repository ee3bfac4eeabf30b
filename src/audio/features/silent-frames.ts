// Frames without any signal (digital silence): each of their values lies at the floor, whatever its kind. They count in no
// statistics, and the network is given the quietest frame with a signal in their place: far below any sound that it learned
// from, they would be as extreme as the loudest speech. Knows nothing of samples.

import type { Frames } from "./frames.ts";

/**
 * The smallest power that is distinguished, about that of rounding to 16 bits: digital silence looks like the
 * quietest recording, not like an outlier that would dominate the statistics.
 */
export const POWER_FLOOR = 1e-8;

export const FLOOR = Math.fround(Math.log(POWER_FLOOR));

export function isSilent({ data, size }: Frames, t: number): boolean {
  for (let at = t * size; at < (t + 1) * size; at++) if (data[at] !== FLOOR) return false;
  return true;
}

/** Frames that were changed, with silent ones as they were. */
export function keepSilence(frames: Frames, changed: Frames): Frames {
  for (let t = 0; t < frames.frames; t++) if (isSilent(frames, t)) silence(changed, t);
  return changed;
}

export function silence({ data, size }: Frames, t: number): void {
  data.fill(FLOOR, t * size, (t + 1) * size);
}

/** The quietest of the frames that passed, in the place of silent ones; before any other these stay. */
export class QuietestFrame {
  #frame: Float32Array | undefined;
  #sum = Infinity;

  /** The frames themselves where none is silent. */
  pass(frames: Frames): Frames {
    const { data, size } = frames;
    let filled: Float32Array | undefined;
    for (let t = 0; t < frames.frames; t++) {
      if (!isSilent(frames, t)) this.#compare(data.subarray(t * size, (t + 1) * size));
      else if (this.#frame) (filled ??= data.slice()).set(this.#frame, t * size);
    }
    return filled ? { ...frames, data: filled } : frames;
  }

  #compare(frame: Float32Array): void {
    const sum = frame.reduce((total, value) => total + value, 0);
    if (sum >= this.#sum) return;
    this.#sum = sum;
    this.#frame = frame.slice();
  }
}
