// Recordings cut tightly, as a silence detector cuts them: what is soft at the beginning or end of a word, the f of
// "four" or the x of "six", is lost with the silence. It reads frames before normalization, and no audio.

import type { FeatureSettings, Frames } from "../../audio/index.ts";
import { z } from "../../settings.ts";
import { probability, range, uniformIn } from "./effects/effect.ts";
import { randomFor, type Occasion } from "./occasion.ts";

export const trimSettings = z.strictObject({
  probability: probability(0),
  belowDb: range(0, 100)
    .default([10, 30])
    .describe(
      "How far below the loudest frame speech may begin and end, in dB, uniform in this range for either end; what is softer before and after is cut off (librosa's top_db)",
    ),
});

/** The frames that are left. */
interface Trim {
  readonly start: number;
  /** The first frame after the last. */
  readonly end: number;
}

/**
 * The frames that are left on an occasion: all of them where nothing happens, and at least one.
 * @param frames [T, F] of log filter energies first, before normalization
 */
export function chooseTrim(
  frames: Frames,
  { bins }: Pick<FeatureSettings, "bins">,
  { trim }: { readonly trim: z.output<typeof trimSettings> },
  occasion: Occasion,
): Trim {
  const random = randomFor("trim", occasion);
  if (frames.frames === 0 || random.uniform() >= trim.probability) return { start: 0, end: frames.frames };
  const levels = levelsDb(frames, bins);
  const loudest = levels.reduce((most, level) => Math.max(most, level));
  if (!Number.isFinite(loudest)) return { start: 0, end: frames.frames };
  const [first, last] = [0, 1].map(() => loudest - uniformIn(trim.belowDb, random));
  return {
    start: levels.findIndex((level) => level >= first),
    end: levels.findLastIndex((level) => level >= last) + 1,
  };
}

export function trimFrames({ data, size }: Frames, { start, end }: Trim): Frames {
  return { data: data.subarray(start * size, end * size), frames: end - start, size };
}

/** Level of each frame, the power of all filters together. */
function levelsDb({ data, frames, size }: Frames, bins: number): Float64Array {
  return Float64Array.from({ length: frames }, (_, t) => {
    let power = 0;
    for (let f = t * size; f < t * size + bins; f++) power += Math.exp(data[f]);
    return 10 * Math.log10(power);
  });
}
