// A higher or a lower voice at the same tempo.

import { changePitch } from "../../../audio/index.ts";
import { z } from "../../../settings.ts";
import { probability, range, uniformIn, type Effect } from "./effect.ts";

export const pitchSettings = z.strictObject({
  probability: probability(0),
  semitones: range(-12, 12)
    .default([-2.5, 2.5])
    .describe("How much higher (above 0) or lower, in semitones, uniform in this range"),
});

export const pitch: Effect<z.output<typeof pitchSettings>, { readonly semitones: number }> = {
  choose({ probability: often, semitones }, random) {
    return random.uniform() < often ? { semitones: uniformIn(semitones, random) } : undefined;
  },
  describe: ({ semitones }) => ({ pitch: `${semitones.toFixed(1)} semitones` }),
  apply: (samples, { semitones }) => changePitch(samples, semitones),
};
