// Rows of features, the form in which they go from stage to stage. Knows nothing of what the numbers mean.

/** Feature frames, row after row. */
export interface Frames {
  /** [T, F] */
  readonly data: Float32Array;
  /** T */
  readonly frames: number;
  /** F */
  readonly size: number;
}

/** One stretch of frames after another; both of one size. */
export function joinFrames(first: Frames, second: Frames): Frames {
  if (second.frames === 0) return first;
  if (first.frames === 0) return second;
  const data = new Float32Array(first.data.length + second.data.length);
  data.set(first.data);
  data.set(second.data, first.data.length);
  return { data, frames: first.frames + second.frames, size: first.size };
}
