// Rows of features, the form in which they go from stage to stage. Knows nothing of what the numbers mean.

import { joinBlocks } from "../../tensor.ts";

/** Feature frames, row after row. */
export interface Frames {
  /** [T, F] */
  readonly data: Float32Array;
  /** T */
  readonly frames: number;
  /** F */
  readonly size: number;
}

/** Stretches of frames one after another, all of one size. */
export function joinFrames(parts: readonly Frames[]): Frames {
  const filled = parts.filter(({ frames }) => frames > 0);
  if (filled.length <= 1) return filled[0] ?? parts[0] ?? { data: new Float32Array(0), frames: 0, size: 0 };
  const data = joinBlocks(filled.map((part) => part.data));
  return { data, frames: filled.reduce((sum, part) => sum + part.frames, 0), size: filled[0].size };
}
