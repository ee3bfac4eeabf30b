// Noise under speech, made anew each time by superposing several short recordings of noise, so that no mixture comes
// twice and the network cannot memorize the noise (Hannun et al. 2014, section 4.1).

import { mixAtSnr } from "../../../audio/index.ts";
import { z } from "../../../settings.ts";
import { fileName, probability, range, uniformIn, type Effect, type Library, type Sound } from "./effect.ts";

export const noiseSettings = z.strictObject({
  paths: z
    .array(z.string().min(1))
    .default([])
    .describe("Recordings of noise: folders, or CSV lists with a column path; none = off"),
  probability: probability(0.5),
  snrDb: range(-20, 60)
    .default([5, 25])
    .describe("Speech over noise in dB, uniform in this range, both measured without pauses (ITU-T P.56)"),
  tracks: z
    .int()
    .min(1)
    .max(16)
    .default(3)
    .describe(
      "Recordings superposed, each as loud: from 1 to so many, from anywhere in each, repeated to fill up",
    ),
  like: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "Real noisy recordings: noise whose power in some frequency band is unlike theirs is rejected (Hannun et al. 2014, section 4.1); none = all is kept",
    ),
  unlikeDb: z
    .number()
    .positive()
    .max(100)
    .default(20)
    .describe("How far a band may differ, in dB, both levels made equal over all bands"),
});

export interface NoiseChoice {
  readonly snrDb: number;
  readonly tracks: readonly NoiseTrack[];
}

export interface NoiseTrack {
  readonly path: string;
  /** Where in the recording the cut begins, as a share of its length. */
  readonly start: number;
}

export const noise: Effect<z.output<typeof noiseSettings>, NoiseChoice> = {
  choose({ probability: often, snrDb, tracks }, random, _own, noises = []) {
    if (noises.length === 0 || random.uniform() >= often) return undefined;
    const count = 1 + random.integer(tracks);
    return {
      snrDb: uniformIn(snrDb, random),
      tracks: Array.from({ length: count }, () => ({
        path: noises[random.integer(noises.length)],
        start: random.uniform(),
      })),
    };
  },
  describe: ({ snrDb, tracks }) => ({
    noise: tracks.map(({ path }) => fileName(path)).join(" + "),
    "speech over noise": `${snrDb.toFixed(1)} dB`,
  }),
  async apply(samples, { snrDb, tracks }, library) {
    return mixAtSnr(samples, await mixTracks(samples.length, tracks, library), snrDb);
  },
};

/** All tracks at once, each at an active power of 1. */
export async function mixTracks(
  length: number,
  tracks: readonly NoiseTrack[],
  library: Library,
): Promise<Float32Array> {
  const mixture = new Float32Array(length);
  for (const { path, start } of tracks) addTrack(mixture, await library.read(path), start);
  return mixture;
}

/** Adds a recording at an active power of 1, from `start` on, over and over until the mixture ends. */
function addTrack(mixture: Float32Array, { samples, activePower }: Sound, start: number): void {
  const gain = 1 / Math.sqrt(activePower || 1);
  let at = Math.floor(start * samples.length);
  for (let n = 0; n < mixture.length; n++) {
    mixture[n] += gain * samples[at];
    at = at + 1 < samples.length ? at + 1 : 0;
  }
}
