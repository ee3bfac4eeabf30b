// How recordings are cut, and corpora whose recordings are all cut alike, made of bursts of noise.

import { describe, expect, it } from "vitest";
import { cutAlike, measureCut, type Cut } from "../../src/data/index.ts";
import { RandomStream } from "../../src/random.ts";
import { noise } from "../audio/signal.ts";

const RATE = 16_000;

/** Something loud between two silences, over the noise of a room, in dB of full scale. */
function recording(secondsBefore: number, secondsAfter: number, levelDb = -20, roomDb = -65): Float32Array {
  const whole = noise(Math.round((secondsBefore + 1 + secondsAfter) * RATE), 3);
  const gain = (db: number) => Math.sqrt(3) * 10 ** (db / 20);
  const [start, end] = [secondsBefore * RATE, (secondsBefore + 1) * RATE];
  return Float32Array.from(whole, (value, n) => value * gain(n >= start && n < end ? levelDb : roomDb));
}

/** A corpus of such recordings. */
const cuts = (of: (random: RandomStream) => Float32Array, count = 40): Cut[] =>
  Array.from({ length: count }, (_, i) => measureCut(of(new RandomStream("cut", i))));

describe("the cut of a recording", () => {
  it("is the silence before and after, and the level of the speech", () => {
    const { msBefore, msAfter, levelDb } = measureCut(recording(0.7, 0.2));
    expect({ msBefore, msAfter }).toEqual({ msBefore: 700, msAfter: 200 });
    expect(levelDb).toBeCloseTo(-20, 0);
  });

  it("is found in a loud room, and there is none without silence", () => {
    expect(measureCut(recording(0.7, 0.2, -20, -35))).toMatchObject({ msBefore: 700, msAfter: 200 });
    expect(measureCut(recording(0, 0))).toMatchObject({ msBefore: 0, msAfter: 0 });
  });

  it("has no level in silence, and bears a few samples", () => {
    expect(measureCut(new Float32Array(RATE)).levelDb).toBeUndefined();
    expect(measureCut(new Float32Array(3))).toEqual({ msBefore: 0, msAfter: 0, levelDb: undefined });
  });
});

describe("recordings are cut alike", () => {
  const tight = cuts(() => recording(0.1, 0.05));
  const wide = cuts((random) =>
    recording(2 * random.uniform(), 2 * random.uniform(), -10 - 30 * random.uniform()),
  );

  it("where nearly all have hardly any silence at their ends, and one level", () => {
    const { ends, level } = cutAlike(tight);
    expect(ends).toBe(
      "40 of 40 recordings have less than half a second of silence at either end: before the speech 100 ms (most up to 100), behind it 50 (50)",
    );
    expect(level).toBe("most are spoken at -20 to -20 dB of full scale");
    expect(cutAlike([...tight, ...wide.slice(0, 2)]).ends).toContain("of 42 recordings");
  });

  it("not where silences and levels are as they come, nor of a few", () => {
    expect(cutAlike(wide)).toEqual({});
    expect(cutAlike([...tight, ...wide])).toEqual({});
    expect(cutAlike(tight.slice(0, 5))).toEqual({});
  });
});
