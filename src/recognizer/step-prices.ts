// What the levels of a recording say of the steps of a model: a word is not silent for long, and no sound is without a word.
// The likeliest path of CTC knows neither: it may spread a word over a pause, and leave the next one's sound unspelled. So a
// path pays for both, in an alignment. Knows nothing of symbols.

import { LEVEL_HOP_MS, type SoundLevels } from "../audio/index.ts";
import type { StepPrices } from "../ctc/index.ts";
import { soundsOf } from "./sounds.ts";

/** For each 10 ms: of fifty the levels misjudge one, ln 50 = 4. Half and twice as much put words at the same sounds. */
const PRICE = 4; // nats
/** Silence this near to a sound costs nothing: a symbol may come early or late, and the mouth is closed before a stop. */
const FREE = 40 / LEVEL_HOP_MS;
/** Farther than this from any sound the levels tell nothing: there may be words under the noise. */
const FARTHEST = 4000 / LEVEL_HOP_MS;

export interface TimedStep {
  readonly startMs: number;
  readonly endMs: number;
}

/** The prices of steps, each for the time that it stands for. */
export function stepPrices(steps: readonly TimedStep[], levels: SoundLevels): StepPrices {
  const { word, pause } = hopPrices(levels);
  const sum = (prices: Float64Array) =>
    Float64Array.from(steps, ({ startMs, endMs }) => {
      const [from, to] = [startMs, endMs].map((ms) => Math.round(ms / LEVEL_HOP_MS));
      return prices.subarray(from, to).reduce((total, price) => total + price, 0);
    });
  return { word: sum(word), pause: sum(pause) };
}

function hopPrices(levels: SoundLevels): StepPrices {
  const count = levels.all.length;
  const [word, pause] = [new Float64Array(count), new Float64Array(count)];
  const sounds = soundsOf(levels);
  for (const { from, to } of sounds) word.fill(PRICE, Math.max(0, from - FARTHEST), to + FARTHEST);
  for (const { from, to } of sounds) word.fill(0, Math.max(0, from - FREE), to + FREE);
  for (const { from, to } of sounds) pause.fill(PRICE, from, to);
  return { word, pause };
}
