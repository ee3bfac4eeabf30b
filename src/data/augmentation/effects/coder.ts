// Lossy codecs at low rates, as MP3 and Opus: the loss alone, without a bit stream. Telephones are in codec.ts.

import { throughTransformCoder } from "../../../audio/index.ts";
import { z } from "../../../settings.ts";
import { probability, range, uniformIn, type Effect } from "./effect.ts";

export const coderSettings = z.strictObject({
  probability: probability(0),
  kbps: range(4, 256).default([8, 32]).describe("Rate in kbit/s, uniform in this range"),
});

export const coder: Effect<z.output<typeof coderSettings>, { readonly kbps: number }> = {
  choose({ probability: often, kbps }, random) {
    return random.uniform() < often ? { kbps: uniformIn(kbps, random) } : undefined;
  },
  describe: ({ kbps }) => ({ coder: `${kbps.toFixed(0)} kbit/s` }),
  apply: (samples, { kbps }) => throughTransformCoder(samples, kbps),
};
