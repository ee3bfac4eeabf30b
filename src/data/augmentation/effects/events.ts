// Sounds of our own making that come and go while someone speaks: doors, dishes, dogs, bells. Costs no recordings; recorded
// noise (noise.ts) may come on top.

import { eventNoise, mixAtSnr, type EventNoise } from "../../../audio/index.ts";
import { z } from "../../../settings.ts";
import { probability, range, uniformIn, type Effect } from "./effect.ts";

export const eventsSettings = z.strictObject({
  probability: probability(0),
  snrDb: range(-20, 60)
    .default([0, 25])
    .describe("Speech over these sounds in dB, uniform in this range, both measured without pauses"),
  perSecond: range(0.1, 20)
    .default([0.3, 4])
    .describe("How many begin in a second, uniform in this range; some are repeated"),
});

export interface EventsChoice extends EventNoise {
  readonly snrDb: number;
}

export const events: Effect<z.output<typeof eventsSettings>, EventsChoice> = {
  choose({ probability: often, snrDb, perSecond }, random) {
    if (random.uniform() >= often) return undefined;
    return {
      snrDb: uniformIn(snrDb, random),
      perSecond: uniformIn(perSecond, random),
      seed: random.bits(),
    };
  },
  describe: ({ snrDb, perSecond }) => ({
    "sounds that come and go": `${perSecond.toFixed(1)} a second`,
    "speech over them": `${snrDb.toFixed(1)} dB`,
  }),
  apply: (samples, { snrDb, ...choice }) => mixAtSnr(samples, eventNoise(samples.length, choice), snrDb),
};
