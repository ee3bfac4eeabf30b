// Levels of sounds whose power is known.

import { expect, it } from "vitest";
import { SoundLevelStream, soundLevels } from "../../src/audio/index.ts";

const tone = (hz: number, amplitude: number, offset = 0) =>
  Float32Array.from(
    { length: 4_000 },
    (_, n) => offset + amplitude * Math.sin((2 * Math.PI * hz * n) / 16_000),
  );

it("A tone has the level of its power, half its squared amplitude, in each 10 ms", () => {
  const { all, high } = soundLevels(tone(1_000, 0.1));
  expect(all).toHaveLength(25);
  expect(high).toHaveLength(25);
  for (const level of all) expect(level).toBeCloseTo(10 * Math.log10(0.1 ** 2 / 2), 3);
  // A difference of neighbors turns an amplitude a into 2a·sin(π·hz/rate).
  for (const level of high)
    expect(level).toBeCloseTo(10 * Math.log10((0.2 * Math.sin(Math.PI / 16)) ** 2 / 2), 1);
});

it("Zeros and a constant offset are silence", () => {
  for (const offset of [0, 0.25]) {
    const { all, high } = soundLevels(tone(0, 0, offset));
    expect([...new Set([...all, ...high])]).toEqual([-100]);
  }
  expect(soundLevels(tone(1_000, 0.1, 0.25)).all[3]).toBeCloseTo(soundLevels(tone(1_000, 0.1)).all[3], 3);
});

it("Levels do not depend on how samples are cut into chunks", () => {
  const samples = tone(437, 0.3);
  const stream = new SoundLevelStream();
  for (let at = 0; at < samples.length; at += 333) stream.push(samples.subarray(at, at + 333));
  expect(stream.levels()).toEqual(soundLevels(samples));
});
