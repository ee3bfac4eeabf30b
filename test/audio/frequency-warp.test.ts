// The warped frequency axis against tones at the places that the paper's equation gives (Jaitly & Hinton 2013, section 3).

import { describe, expect, it } from "vitest";
import {
  computeFeatures,
  featureSettings,
  warpFrequencies,
  type FeatureSettings,
} from "../../src/audio/index.ts";
import { tone } from "./signal.ts";

const kinds = ["log-mel", "linear"] as const;
const settingsOf = (input: object): FeatureSettings => featureSettings.parse({ bins: 40, ...input });
const framesOf = (hertz: number, settings: FeatureSettings) =>
  computeFeatures(tone(hertz, 16_000, 0.05), settings);

/** The loudest filter of the first frame, in filters from the first, as the center of energy around it. */
function loudest(data: Float32Array, bins: number): number {
  const energies = [...data.subarray(0, bins)].map(Math.exp);
  const peak = energies.indexOf(Math.max(...energies));
  const near = [peak - 1, peak, peak + 1].filter((bin) => bin >= 0 && bin < bins);
  const sum = near.reduce((total, bin) => total + energies[bin], 0);
  return near.reduce((total, bin) => total + (bin * energies[bin]) / sum, 0);
}

describe.each(kinds)("a warped frequency axis, %s", (kind) => {
  const settings = settingsOf({ kind });
  const warpedPeak = (hertz: number, factor: number) =>
    loudest(warpFrequencies(framesOf(hertz, settings), settings, factor).data, 40);
  const peak = (hertz: number) => loudest(framesOf(hertz, settings).data, 40);

  it.each([0.85, 0.95, 1.05, 1.15])("holds at f what stood at %f f", (factor) => {
    for (const hertz of [600, 1500, 2500, 3500]) {
      expect(Math.abs(warpedPeak(hertz * factor, factor) - peak(hertz))).toBeLessThan(0.5);
    }
  });

  it("keeps the end of the band and goes straight to it from the knee", () => {
    // S / 2 = 8000, F_hi = 4800, α = 1.2: the knee is at 4000 Hz, and 6000 Hz takes 8000 − 3200 / 4000 · 2000 = 6400 Hz.
    expect(Math.abs(warpedPeak(6400, 1.2) - peak(6000))).toBeLessThan(0.5);
    expect(warpedPeak(7900, 1.2)).toBeGreaterThan(38);
  });
});

describe("a warp", () => {
  it("by 1 changes nothing, in as many frames", () => {
    const settings = settingsOf({ kind: "linear", deltas: 1 });
    const frames = framesOf(1000, settings);
    const warped = warpFrequencies(frames, settings, 1);
    expect([warped.frames, warped.size]).toEqual([frames.frames, 82]);
    warped.data.forEach((value, i) => expect(value).toBeCloseTo(frames.data[i], 4));
  });

  it("leaves the energy of the linear kind, and warps deltas like what they are slopes of", () => {
    const settings = settingsOf({ kind: "linear", deltas: 1 });
    const { data, frames, size } = framesOf(1000, settings);
    const { data: warped } = warpFrequencies({ data, frames, size }, settings, 1.1);
    expect(warped[40]).toBe(data[40]);
    const twice = { data: data.map((value, i) => (i % size < 41 ? value : 3 * value)), frames, size };
    const tripled = warpFrequencies(twice, settings, 1.1).data;
    for (let i = 0; i < size; i++) expect(tripled[i]).toBeCloseTo(i < 41 ? warped[i] : 3 * warped[i], 4);
  });
});
