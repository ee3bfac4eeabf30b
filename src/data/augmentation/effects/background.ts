// A background of our own making, from hardly audible to as loud as speech: coloured noise, steady or swelling, and
// sometimes the hum of the mains. Costs no recordings; recorded noise (noise.ts) may come on top.

import { colouredNoise, mainsHum, mixAtSnr, type NoiseColour } from "../../../audio/index.ts";
import type { RandomStream } from "../../../random.ts";
import { z } from "../../../settings.ts";
import { probability, range, uniformIn, type Effect } from "./effect.ts";

export const backgroundSettings = z.strictObject({
  probability: probability(0),
  snrDb: range(-20, 80)
    .default([5, 50])
    .describe("Speech over the background in dB, uniform in this range, speech measured without pauses"),
  humProbability: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe("Share of backgrounds that hum as the mains do"),
});

export interface MadeBackground {
  readonly colour: NoiseColour;
  readonly hum?: MadeHum;
}

interface MadeHum {
  readonly hertz: number;
  readonly decay: number;
  /** Over the noise, as a factor. */
  readonly gain: number;
  readonly seed: number;
}

export interface BackgroundChoice extends MadeBackground {
  readonly snrDb: number;
}

const MOST_SWELL_DB = 12;

export const background: Effect<z.output<typeof backgroundSettings>, BackgroundChoice> = {
  choose({ probability: often, snrDb, humProbability }, random) {
    if (random.uniform() >= often) return undefined;
    const colour = drawColour(random);
    const hum = drawHum(random);
    return { snrDb: uniformIn(snrDb, random), colour, ...(random.uniform() < humProbability && { hum }) };
  },
  describe: ({ snrDb, colour, hum }) => ({
    background: [colour.swellDb === 0 ? "steady" : "swelling", hum && `hum of ${hum.hertz} Hz`]
      .filter(Boolean)
      .join(", "),
    "speech over background": `${snrDb.toFixed(1)} dB`,
  }),
  apply(samples, { snrDb, colour, hum }) {
    const noise = colouredNoise(samples.length, colour);
    if (hum) mainsHum(samples.length, hum).forEach((value, n) => (noise[n] += hum.gain * value));
    return mixAtSnr(samples, noise, snrDb);
  },
};

export function drawColour(random: RandomStream): NoiseColour {
  const poles = [0.995, uniformIn([0.8, 0.98], random), uniformIn([-0.3, 0.6], random)];
  const weights = poles.map(() => random.uniform() ** 2);
  const swellDb = random.uniform() < 0.5 ? 0 : uniformIn([0, MOST_SWELL_DB], random);
  return { poles, weights, swellDb, seed: random.bits() };
}

export function drawHum(random: RandomStream): MadeHum {
  return {
    hertz: random.uniform() < 0.5 ? 50 : 60,
    decay: uniformIn([0.4, 0.95], random),
    gain: uniformIn([0.3, 2], random),
    seed: random.bits(),
  };
}
