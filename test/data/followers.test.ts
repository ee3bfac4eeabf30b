// Which utterance may follow which, and what two become.

import { describe, expect, it } from "vitest";
import { followersOf, type JoiningLimits } from "../../src/data/corpus/followers.ts";
import type { PreparedUtterance } from "../../src/data/index.ts";
import { Alphabet } from "../../src/text/index.ts";

const alphabet = Alphabet.english();
const AS_RECORDED = { speed: 1, tempo: 1 };
const SLOWLY = { speed: 0.5, tempo: 1 };
/** Of so many seconds at a hop of 10 ms and a window of 20 ms, and twice as long at half the speed. */
const utterance = (text: string, seconds: number, speaker = ""): PreparedUtterance => ({
  path: `${text}.wav`,
  transcript: text,
  text,
  labels: alphabet.encode(text),
  speaker,
  split: "train",
  where: text,
  variants: [
    { ...AS_RECORDED, frames: 100 * seconds - 1, seconds },
    { ...SLOWLY, frames: 200 * seconds - 1, seconds: 2 * seconds },
  ],
});
const utterances = [
  utterance("yes", 1, "ann"),
  utterance("no", 2, "bob"),
  utterance("go", 3, "ann"),
  utterance("", 1),
  utterance("stop", 4, "eve"),
  { ...utterance("on", 1), variants: [{ ...AS_RECORDED, frames: 99, seconds: 1 }] },
];
const limits: JoiningLimits = {
  mostSeconds: 10,
  batchFrames: 2000,
  hopMs: 10,
  alphabet,
  outputSteps: (frames) => frames,
};
const followers = (changed: Partial<JoiningLimits> = {}) =>
  followersOf(
    utterances.map(({ speaker }) => speaker),
    (index) => utterances[index],
    { ...limits, ...changed },
  );
const GAP = 1600; // 0.1 s
const own = { index: 0, pace: AS_RECORDED };

describe("those who may follow an utterance", () => {
  it("are the same speaker's, where there are others by the same; else everyone's", () => {
    const { among } = followers();
    const everyone = [0, 1, 2, 3, 4, 5];
    expect([0, 1, 2, 3, 4].map(among)).toEqual([[0, 2], everyone, [0, 2], everyone, everyone]);
  });
});

describe("two utterances", () => {
  it("become one with both texts, as long as both and the gap, at the pace of the first", () => {
    expect(followers().join(own, 1, GAP)).toEqual({
      path: "no.wav",
      samples: 32_000,
      text: "yes no",
      frames: 99 + 199 + 10 - 1,
      seconds: 3.1,
    });
    expect(followers().join({ index: 0, pace: SLOWLY }, 1, GAP)).toMatchObject({
      samples: 64_000,
      frames: 199 + 399 + 10 - 1,
      seconds: 6.1,
    });
  });

  it("stay two where one has no words, or is not long enough for its text at that pace", () => {
    expect(followers().join(own, 3, GAP)).toBeUndefined();
    expect(followers().join({ ...own, index: 3 }, 0, GAP)).toBeUndefined();
    expect(followers().join(own, 5, GAP)).toBeDefined();
    expect(followers().join({ index: 0, pace: SLOWLY }, 5, GAP)).toBeUndefined();
  });

  it("stay two where they would be too long, for the settings or for a batch", () => {
    expect(followers({ mostSeconds: 3.1 }).join(own, 1, GAP)).toBeDefined();
    expect(followers({ mostSeconds: 3.05 }).join(own, 1, GAP)).toBeUndefined();
    expect(followers({ batchFrames: 99 + 210 }).join(own, 1, GAP)).toBeDefined();
    expect(followers({ batchFrames: 99 + 209 }).join(own, 1, GAP)).toBeUndefined();
  });

  it("stay two where the network gives too few steps for both texts, the space and the gap counted", () => {
    const steps = (count: number) => followers({ outputSteps: () => count }).join(own, 1, GAP);
    expect(steps(5)).toBeUndefined();
    expect(steps(6)).toBeDefined(); // "yes no"
  });

  it("stay two in an alphabet without a space", () => {
    const spaceless = Alphabet.fromSymbols([..."yesno"]);
    expect(followers({ alphabet: spaceless }).join(own, 1, GAP)).toBeUndefined();
  });
});
