// The loss of a lossy codec: none at a very high rate, more the lower the rate, and the kind of loss that codecs have.

import { describe, expect, it } from "vitest";
import { limitBand, throughTransformCoder } from "../../src/audio/index.ts";
import { largestDifference, level, noise, risingTone, tone } from "./signal.ts";

const sweep = risingTone(16_000, 1.03);
/** Signal over what was lost, in dB. */
const qualityDb = (before: Float32Array, after: Float32Array): number => {
  const energy = (samples: Float32Array) => samples.reduce((sum, value) => sum + value * value, 0);
  return 10 * Math.log10(energy(before) / energy(before.map((value, n) => value - after[n])));
};

describe("a transform coder", () => {
  it("gives back every sample at a very high rate (Princen & Bradley 1986: the aliases cancel)", () => {
    for (const samples of [sweep, tone(440, 16_000, 0.1), Float32Array.from(noise(700))]) {
      const coded = throughTransformCoder(samples, 1000);
      expect(coded.length).toBe(samples.length);
      expect(largestDifference(coded, samples)).toBeLessThan(1e-6);
    }
  });

  it("loses more the lower the rate", () => {
    const qualities = [64, 32, 16, 8, 4].map((kbps) => qualityDb(sweep, throughTransformCoder(sweep, kbps)));
    for (let i = 1; i < qualities.length; i++) expect(qualities[i]).toBeLessThan(qualities[i - 1]);
    expect(qualities[0]).toBeGreaterThan(20);
    expect(qualities[4]).toBeGreaterThan(0);
  });

  it("does not delay: the sound fits best where it was", () => {
    const coded = throughTransformCoder(sweep, 24);
    const fit = (delay: number) => {
      let product = 0;
      for (let n = 100; n < sweep.length - 100; n++) product += coded[n + delay] * sweep[n];
      return product;
    };
    for (const delay of [-20, -2, -1, 1, 2, 20]) expect(fit(delay)).toBeLessThan(fit(0));
  });

  it("leaves holes at a low rate where a band is soft, and not at a high one", () => {
    const hiss = Float32Array.from(noise(16_000), (value) => 0.0005 * value);
    const tones = [300, 420, 540, 660, 780].map((hertz) => tone(hertz, 16_000, 1));
    const loud = hiss.map((value, n) => value + tones.reduce((sum, each) => sum + 0.3 * each[n], 0));
    const above = (samples: Float32Array) => level(limitBand(samples, 4000, 8000), 1000, 15_000);
    expect(above(throughTransformCoder(loud, 6))).toBeLessThan(0.3 * above(loud));
    expect(above(throughTransformCoder(loud, 128))).toBeGreaterThan(0.9 * above(loud));
  });

  it("keeps silence and nothing as they are", () => {
    expect(throughTransformCoder(new Float32Array(1000), 8)).toEqual(new Float32Array(1000));
    expect(throughTransformCoder(new Float32Array(0), 8).length).toBe(0);
  });
});
