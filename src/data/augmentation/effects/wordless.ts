// Noise alone, in the place of an utterance, and with an empty text: without it a network learns that somebody always
// speaks, and makes words of a fan. Noise of our own making: coloured, hums, and sounds that come and go. What later happens
// to it in the table happens as to speech, but nobody talks: others neither follow nor babble (effects.ts).

import { activePower, colouredNoise, eventNoise, mainsHum, type EventNoise } from "../../../audio/index.ts";
import { z } from "../../../settings.ts";
import { drawColour, drawHum, type MadeBackground } from "./background.ts";
import { probability, range, uniformIn, type Effect } from "./effect.ts";

export const wordlessSettings = z.strictObject({
  probability: probability(0).describe(
    "Share of utterances of an epoch in whose place noise alone is learned, as long as they are and with an empty text: coloured noise, hums, knocks, bells",
  ),
  levelDb: range(-100, 0)
    .default([-60, -15])
    .describe("How loud it is, in dB of full scale, uniform in this range"),
});

export interface WordlessChoice extends MadeBackground {
  readonly levelDb: number;
  /** Sounds that come and go, and their level over the noise in dB. */
  readonly events?: EventNoise & { readonly overDb: number };
}

const [OFTEN_HUM, OFTEN_EVENTS] = [0.2, 0.6];
const EVENTS_PER_SECOND = [0.3, 6] as const;
const EVENTS_OVER_DB = [-5, 40] as const;

export const wordless: Effect<z.output<typeof wordlessSettings>, WordlessChoice> = {
  choose({ probability: often, levelDb }, random) {
    if (random.uniform() >= often) return undefined;
    const colour = drawColour(random);
    const hum = drawHum(random);
    const events = {
      perSecond: uniformIn(EVENTS_PER_SECOND, random),
      overDb: uniformIn(EVENTS_OVER_DB, random),
      seed: random.bits(),
    };
    return {
      levelDb: uniformIn(levelDb, random),
      colour,
      ...(random.uniform() < OFTEN_HUM && { hum }),
      ...(random.uniform() < OFTEN_EVENTS && { events }),
    };
  },
  describe: ({ levelDb, hum, events }) => ({
    "noise alone": [
      "in the place of the utterance",
      hum && `hum of ${hum.hertz} Hz`,
      events && "sounds that come and go",
    ]
      .filter(Boolean)
      .join(", "),
    level: `${levelDb.toFixed(1)} dB`,
    text: "none",
  }),
  apply({ length }, { levelDb, colour, hum, events }) {
    const noise = colouredNoise(length, colour);
    if (hum) addAt(noise, mainsHum(length, hum), hum.gain);
    if (events) addAt(noise, eventNoise(length, events), 10 ** (events.overDb / 20));
    const gain = 10 ** (levelDb / 20) / Math.sqrt(activePower(noise) || 1);
    return noise.map((value) => gain * value);
  },
};

function addAt(noise: Float32Array, other: Float32Array, gain: number): void {
  for (let n = 0; n < noise.length; n++) noise[n] += gain * other[n];
}
