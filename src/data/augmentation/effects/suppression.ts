// Noise suppressors, as in telephones, headsets and conferences: weak consonants go with the noise.

import { suppressNoise } from "../../../audio/index.ts";
import { z } from "../../../settings.ts";
import { probability, range, uniformIn, type Effect } from "./effect.ts";

export const suppressionSettings = z.strictObject({
  probability: probability(0),
  belowDb: range(0, 100)
    .default([25, 55])
    .describe(
      "What is taken for noise, as dB below the loudest place of the spectrogram, uniform in this range: below 30 consonants suffer",
    ),
  floorDb: range(0, 100).default([6, 40]).describe("How far it is turned down, in dB, uniform in this range"),
});

export interface SuppressionChoice {
  readonly belowDb: number;
  readonly floorDb: number;
}

export const suppression: Effect<z.output<typeof suppressionSettings>, SuppressionChoice> = {
  choose({ probability: often, belowDb, floorDb }, random) {
    if (random.uniform() >= often) return undefined;
    return { belowDb: uniformIn(belowDb, random), floorDb: uniformIn(floorDb, random) };
  },
  describe: ({ belowDb, floorDb }) => ({
    "noise suppression": `${belowDb.toFixed(0)} dB below the loudest, by ${floorDb.toFixed(0)} dB`,
  }),
  apply: (samples, { belowDb, floorDb }) => suppressNoise(samples, belowDb, floorDb),
};
