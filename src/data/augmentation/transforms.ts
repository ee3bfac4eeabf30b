// A user's own transforms, applied in order. Each must return frames [T, F] of the F that it was given: checked here, where
// the error can name the transform.

import type { Frames } from "../../audio/index.ts";
import { EarshotError } from "../../errors.ts";
import type { FrameTransform, Occasion } from "./occasion.ts";

/** @throws EarshotError SHAPE_MISMATCH */
export function applyTransforms(
  transforms: readonly FrameTransform[],
  frames: Frames,
  occasion: Occasion,
): Frames {
  return transforms.reduce((given, transform, i) => {
    const made: Partial<Frames> | undefined = transform(given, occasion);
    if (isShaped(made, given.size)) return made;
    throw new EarshotError({
      code: "SHAPE_MISMATCH",
      where: `transform ${transform.name || i + 1}`,
      problem: `It gave no frames [T, ${given.size}], T of at least 1, after [${given.frames}, ${given.size}].`,
      remedy:
        "Return { data, frames: T, size: F } itself, no promise of it, data being a Float32Array of T · F.",
    });
  }, frames);
}

function isShaped(made: Partial<Frames> | undefined, size: number): made is Frames {
  const { data, frames = 0 } = made ?? {};
  return frames > 0 && made?.size === size && data instanceof Float32Array && data.length === frames * size;
}
