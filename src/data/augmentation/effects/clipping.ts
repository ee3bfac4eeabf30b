// A microphone turned up too far: what is louder than a ceiling is cut off.

import { clipPeaks } from "../../../audio/index.ts";
import { z } from "../../../settings.ts";
import { probability, range, uniformIn, type Effect } from "./effect.ts";

export const clippingSettings = z.strictObject({
  probability: probability(0),
  db: range(0, 40)
    .default([3, 15])
    .describe("How far below the peak the ceiling lies, in dB, uniform in this range"),
});

export const clipping: Effect<z.output<typeof clippingSettings>, { readonly db: number }> = {
  choose({ probability: often, db }, random) {
    return random.uniform() < often ? { db: uniformIn(db, random) } : undefined;
  },
  describe: ({ db }) => ({ clipped: `${db.toFixed(1)} dB below its peak` }),
  apply: (samples, { db }) => clipPeaks(samples, db),
};
