// Nothing said before and after: a recording begins and ends when a button is pressed, not when speech does. Only digital
// silence is added; what comes later in the table, rooms and noise, fills it.

import { SAMPLE_RATE_HZ } from "../../../audio/index.ts";
import { z } from "../../../settings.ts";
import { probability, range, type Effect } from "./effect.ts";

export const surroundingsSettings = z.strictObject({
  probability: probability(0),
  ms: range(0, 10_000)
    .default([0, 1500])
    .describe(
      "How much is added before, and how much after, in ms: anything in this range, more often little than much",
    ),
});

export interface SurroundingsChoice {
  readonly before: number;
  readonly after: number;
}

export const surroundings: Effect<z.output<typeof surroundingsSettings>, SurroundingsChoice> = {
  choose({ probability: often, ms }, random) {
    if (random.uniform() >= often) return undefined;
    const [least, most] = ms;
    const samples = () =>
      Math.round(((least + (most - least) * random.uniform() ** 2) * SAMPLE_RATE_HZ) / 1000);
    return { before: samples(), after: samples() };
  },
  describe: ({ before, after }) => ({ "silence around": `${inSeconds(before)} and ${inSeconds(after)}` }),
  addedSamples: ({ before, after }) => before + after,
  apply(samples, { before, after }) {
    const output = new Float32Array(before + samples.length + after);
    output.set(samples, before);
    return output;
  },
};

const inSeconds = (samples: number): string => `${(samples / SAMPLE_RATE_HZ).toFixed(2)} s`;
