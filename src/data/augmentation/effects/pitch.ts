// A higher or a lower voice at the same tempo: played faster, then slowed down again at that pitch. Formants move with it,
// as in smaller and larger people.

import { changeSpeed, changeTempo } from "../../../audio/index.ts";
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
  async apply(samples, { semitones }) {
    // a whole percent, since resampling to odd rates takes long tables
    const factor = Math.round(100 * 2 ** (semitones / 12)) / 100;
    const played = changeTempo(await changeSpeed(samples, factor), 1 / factor);
    const output = new Float32Array(samples.length); // two roundings of the length may add or lose one sample
    output.set(played.subarray(0, output.length));
    return output;
  },
};
