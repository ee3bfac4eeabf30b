// Recordings a few milliseconds earlier or later (Hannun et al. 2014, section 2.1: by 5 ms, half a hop).

import { SAMPLE_RATE_HZ } from "../../../audio/index.ts";
import { z } from "../../../settings.ts";
import type { Effect } from "./effect.ts";

export const shiftSettings = z
  .number()
  .min(0)
  .max(1000)
  .default(0)
  .describe("Shift in time by at most so many ms, earlier or later; 0 = off (Hannun et al. 2014: 5)");

export const shift: Effect<number, { readonly samples: number }> = {
  choose(ms, random) {
    const most = Math.round((ms * SAMPLE_RATE_HZ) / 1000);
    return most === 0 ? undefined : { samples: random.integer(2 * most + 1) - most };
  },
  describe: ({ samples }) => ({ shift: `${((1000 * samples) / SAMPLE_RATE_HZ).toFixed(1)} ms` }),
  /** Positive numbers move it later; the gap is silence. */
  apply(samples, { samples: later }) {
    return samples.map((_, n) => samples[n - later] ?? 0);
  },
};
