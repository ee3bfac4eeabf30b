// Calls over a bad line: packets of 20 ms are lost, some of them in a row, and what hides the loss is silence or the last
// packet again, softer each time (after ITU-T G.711 appendix I, without its search for the pitch).

import { samplesOf } from "../../../audio/index.ts";
import { RandomStream } from "../../../random.ts";
import { z } from "../../../settings.ts";
import { probability, range, uniformIn, type Effect } from "./effect.ts";

export const packetsSettings = z.strictObject({
  probability: probability(0),
  lost: range(0, 0.5)
    .default([0.01, 0.1])
    .describe("Share of the packets of 20 ms that are lost, uniform in this range"),
});

export interface PacketsChoice {
  readonly lost: number;
  /** Whether the last packet is repeated, softer; else there is silence. */
  readonly repeats: boolean;
  readonly seed: number;
}

const PACKET = samplesOf(20);
/** Losses come in bursts: a packet after a lost one is lost this often, if that is more than `lost`. */
const BURST = 0.3;
/** Of a packet that is repeated once more: 6 dB softer. */
const DECAY = 0.5;

export const packets: Effect<z.output<typeof packetsSettings>, PacketsChoice> = {
  choose({ probability: often, lost }, random) {
    if (random.uniform() >= often) return undefined;
    return { lost: uniformIn(lost, random), repeats: random.uniform() < 0.5, seed: random.bits() };
  },
  describe: ({ lost, repeats }) => ({
    "packets lost": `${(100 * lost).toFixed(1)} %, ${repeats ? "the last repeated" : "silence"}`,
  }),
  apply(samples, { lost, repeats, seed }) {
    const output = samples.slice();
    const random = new RandomStream("packets", seed);
    let isLost = false;
    for (let start = 0; start < output.length; start += PACKET) {
      isLost = random.uniform() < chanceOfLoss(lost, isLost);
      if (!isLost) continue;
      for (let n = start; n < Math.min(start + PACKET, output.length); n++) {
        output[n] = repeats && n >= PACKET ? DECAY * output[n - PACKET] : 0;
      }
    }
    return output;
  },
};

/** After a packet that was lost or not, so that in the long run the share `lost` is lost (Gilbert 1960). */
function chanceOfLoss(lost: number, wasLost: boolean): number {
  const again = Math.max(BURST, lost);
  return wasLost ? again : (lost * (1 - again)) / (1 - lost);
}
