// A noise suppressor: what is loud stays as it is and where it is, what is soft is turned down as far as was asked.

import { describe, expect, it } from "vitest";
import { suppressNoise } from "../../src/audio/index.ts";
import { largestDifference, level, noise, risingTone, tone } from "./signal.ts";

const RATE_HZ = 16_000;
const SECOND = RATE_HZ; // in samples
const decibels = (after: number, before: number): number => 20 * Math.log10(after / before);

describe("noise suppression", () => {
  it("gives back every sample where nothing is taken for noise", () => {
    for (const samples of [
      risingTone(RATE_HZ, 1.03),
      Float32Array.from(noise(700)),
      tone(440, RATE_HZ, 0.1),
    ]) {
      const left = suppressNoise(samples, 200, 20);
      expect(left.length).toBe(samples.length);
      expect(largestDifference(left, samples)).toBeLessThan(1e-5);
    }
  });

  it("turns a soft hiss down by the floor, and leaves the tone beside it", () => {
    const loud = tone(1000, RATE_HZ, 1);
    const hiss = Float32Array.from(noise(SECOND), (value) => 0.0001 * value);
    const samples = Float32Array.from({ length: 2 * SECOND }, (_, n) =>
      n < SECOND ? loud[n] : hiss[n - SECOND],
    );
    const left = suppressNoise(samples, 30, 20);
    expect(decibels(level(left, 1000, 15_000), level(samples, 1000, 15_000))).toBeCloseTo(0, 1);
    expect(decibels(level(left, 17_000, 31_000), level(samples, 17_000, 31_000))).toBeCloseTo(-20, 1);
  });

  it("takes soft consonants with the noise: a tone 40 dB below another goes at 30 dB and stays at 60", () => {
    const soft = tone(3000, RATE_HZ, 1).map((value) => 0.01 * value);
    const samples = Float32Array.from(tone(500, RATE_HZ, 2), (value, n) =>
      n < SECOND ? value : soft[n - SECOND],
    );
    const change = (belowDb: number) =>
      decibels(level(suppressNoise(samples, belowDb, 30), 17_000, 31_000), level(samples, 17_000, 31_000));
    expect(change(30)).toBeCloseTo(-30, 1);
    expect(change(60)).toBeGreaterThan(-0.5);
  });

  it("keeps silence and nothing as they are", () => {
    expect(suppressNoise(new Float32Array(1000), 30, 20)).toEqual(new Float32Array(1000));
    expect(suppressNoise(new Float32Array(0), 30, 20).length).toBe(0);
  });
});
