// Narrow channels: what lies below or above a band is removed.

import { limitBand } from "../../../audio/index.ts";
import { z } from "../../../settings.ts";
import { probability, range, uniformIn, type Effect } from "./effect.ts";

export const bandSettings = z.strictObject({
  probability: probability(0),
  lowHz: range(0, 2000).default([0, 300]).describe("Where the band begins, in Hz, uniform in this range"),
  highHz: range(2000, 8000)
    .default([3400, 8000])
    .describe("Where the band ends, in Hz, uniform in this range (telephones: 300 to 3400)"),
});

export interface BandChoice {
  readonly lowHz: number;
  readonly highHz: number;
}

export const band: Effect<z.output<typeof bandSettings>, BandChoice> = {
  choose({ probability: often, lowHz, highHz }, random) {
    if (random.uniform() >= often) return undefined;
    return { lowHz: uniformIn(lowHz, random), highHz: uniformIn(highHz, random) };
  },
  describe: ({ lowHz, highHz }) => ({ band: `${lowHz.toFixed(0)} to ${highHz.toFixed(0)} Hz` }),
  apply: (samples, { lowHz, highHz }) => limitBand(samples, lowHz, highHz),
};
