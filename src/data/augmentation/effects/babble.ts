// Other people who talk at once: other utterances of the corpus, each at the same level, so that no recordings of babble are
// needed. One voice is a speaker behind, several are a crowd.

import { mixAtSnr } from "../../../audio/index.ts";
import { z } from "../../../settings.ts";
import { probability, range, uniformIn, type Effect } from "./effect.ts";
import { mixTracks, type NoiseChoice } from "./noise.ts";

export const babbleSettings = z.strictObject({
  probability: probability(0),
  snrDb: range(-20, 60)
    .default([10, 30])
    .describe("Speech over babble in dB, uniform in this range, both measured without pauses"),
  voices: z.int().min(1).max(16).default(6).describe("Voices at once: from 1 to so many"),
});

/** Evenly from all over the corpus: so few that each is decoded once and kept (sound-library.ts), of ordinary utterances. */
const MOST_TALKERS = 64;

export const babble: Effect<z.output<typeof babbleSettings>, NoiseChoice> = {
  /** @param utterances the recordings of the corpus, in its order */
  choose({ probability: often, snrDb, voices }, random, { index: own }, utterances = []) {
    if (utterances.length < 2 || random.uniform() >= often) return undefined;
    const count = 1 + random.integer(voices);
    const talkers = Math.min(MOST_TALKERS, utterances.length);
    const other = () => {
      const index = Math.floor((random.integer(talkers) * utterances.length) / talkers);
      return utterances[index === own ? (index + 1) % utterances.length : index];
    };
    return {
      snrDb: uniformIn(snrDb, random),
      tracks: Array.from({ length: count }, () => ({ path: other(), start: random.uniform() })),
    };
  },
  describe: ({ snrDb, tracks }) => ({
    babble: tracks.length === 1 ? "1 voice" : `${tracks.length} voices`,
    "speech over babble": `${snrDb.toFixed(1)} dB`,
  }),
  async apply(samples, { snrDb, tracks }, library) {
    return mixAtSnr(samples, await mixTracks(samples.length, tracks, library), snrDb);
  },
};
