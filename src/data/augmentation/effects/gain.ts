// Louder or softer recordings. Normalization undoes a gain, except where features lie at their floor.

import type { z } from "../../../settings.ts";
import { range, uniformIn, type Effect } from "./effect.ts";

export const gainSettings = range(-60, 20)
  .default([0, 0])
  .describe("Gain in dB, uniform in this range; [0, 0] = off. Nothing is clipped");

export const gain: Effect<z.output<typeof gainSettings>, { readonly db: number }> = {
  choose(decibels, random) {
    const db = uniformIn(decibels, random);
    return db === 0 ? undefined : { db };
  },
  describe: ({ db }) => ({ gain: `${db.toFixed(1)} dB` }),
  apply(samples, { db }) {
    const factor = 10 ** (db / 20);
    return samples.map((sample) => factor * sample);
  },
};
