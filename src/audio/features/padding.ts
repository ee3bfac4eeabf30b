// Utterances side by side: how recordings of different lengths become one array for the network.

import type { Frames } from "./frames.ts";

export interface PaddedFrames {
  /** [T, B, F], time-major; zeros in the padding. */
  readonly frames: Float32Array;
  readonly T: number;
  readonly B: number;
  readonly F: number;
  /** Frames of each utterance, length B. */
  readonly lengths: readonly number[];
}

/** Stacks utterances [T, F] of different lengths into one array [T, B, F]. */
export function padFrames(utterances: readonly Frames[]): PaddedFrames {
  const lengths = utterances.map((utterance) => utterance.frames);
  const B = utterances.length;
  const T = Math.max(0, ...lengths);
  const F = utterances[0]?.size ?? 0;
  const frames = new Float32Array(T * B * F);
  for (const [b, { data }] of utterances.entries()) {
    for (let t = 0; t < lengths[b]; t++) frames.set(data.subarray(t * F, (t + 1) * F), (t * B + b) * F);
  }
  return { frames, T, B, F, lengths };
}
