// Two utterances in one recording: another one of the corpus follows after a gap, and the text becomes both texts, so that a
// recognizer trained on single commands hears several in a row. In the gap is digital silence only; what comes later in the
// table, rooms and noise, treats both as one recording. What may follow what, and with which text, the corpus knows.

import { cutSilence, SAMPLE_RATE_HZ } from "../../../audio/index.ts";
import type { RandomStream } from "../../../random.ts";
import { z } from "../../../settings.ts";
import { changePace, type Pace } from "../../features/pace.ts";
import { fileName, probability, range, uniformIn, type Effect, type Own } from "./effect.ts";

export const joinedSettings = z.strictObject({
  probability: probability(0).describe(
    "Share of utterances of an epoch that another one of the training set follows in the same recording, both texts with a space between: by the same speaker, where the manifest names them. An alphabet without a space joins nothing",
  ),
  gapMs: range(0, 10_000)
    .default([100, 800])
    .describe("Silence between the two, in ms, uniform in this range"),
  mostSeconds: z
    .number()
    .positive()
    .max(600)
    .default(10)
    .describe(
      "Length of both with the gap, in seconds, at most: an utterance that would become longer, or longer than data.batchFrames, stays alone, and so does one without words",
    ),
});
export type JoinedSettings = z.output<typeof joinedSettings>;

/** What two utterances become. */
export interface Joined {
  /** The recording of the second. */
  readonly path: string;
  /** Its samples at the pace of the first, at most: digital silence around it is cut off. */
  readonly samples: number;
  /** Of both. */
  readonly text: string;
  /** Of both with the gap, at least. */
  readonly frames: number;
  /** Of both with the gap. */
  readonly seconds: number;
}

/** What a corpus knows of which utterance may follow which. */
export interface Followers {
  /** Among whom one is drawn that follows an utterance, by their indices; perhaps itself among them. */
  among(own: number): readonly number[];
  /** Both as one utterance, with so many samples between; undefined where they cannot be one. */
  join(own: Own, other: number, gap: number): Joined | undefined;
}

export interface JoinedChoice extends Joined {
  /** Of both. */
  readonly pace: Pace;
  /** Samples between the two. */
  readonly gap: number;
}

export const joining: Effect<JoinedSettings, JoinedChoice, Followers> = {
  choose(settings, random, own, followers) {
    const drawn = followers && drawFollower(settings, random, own.index, followers);
    const both = drawn && followers.join(own, drawn.other, drawn.gap);
    return both && { ...both, pace: own.pace, gap: drawn.gap };
  },
  describe: ({ path, gap, text }) => ({
    joined: `with ${fileName(path)}, gap ${(gap / SAMPLE_RATE_HZ).toFixed(2)} s`,
    text,
  }),
  addedSamples: ({ gap, samples }) => gap + samples,
  async apply(samples, { path, pace, gap }, library) {
    const recorded = await library.read(path);
    const second = await changePace(cutSilence(recorded.samples).samples, pace);
    const output = new Float32Array(samples.length + gap + second.length);
    output.set(samples);
    output.set(second, samples.length + gap);
    return output;
  },
};

/** Who is to follow, and after how many samples, whether or not the two can be joined; undefined for nobody. */
export function drawFollower(
  { probability: often, gapMs }: JoinedSettings,
  random: RandomStream,
  own: number,
  followers: Pick<Followers, "among">,
): { readonly other: number; readonly gap: number } | undefined {
  if (random.uniform() >= often) return undefined;
  const candidates = followers.among(own);
  const place = random.integer(candidates.length);
  const other = candidates[place] === own ? candidates[(place + 1) % candidates.length] : candidates[place];
  const gap = Math.round((uniformIn(gapMs, random) * SAMPLE_RATE_HZ) / 1000);
  return other === own ? undefined : { other, gap };
}
