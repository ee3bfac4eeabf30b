// Normalization: statistics by hand, utterance against global, and what it does to constant bins.

import { describe, expect, it } from "vitest";
import { parseSettings } from "../../src/settings.ts";
import { featureSettings, measureStatistics, normalizeFeatures, type Frames } from "../../src/audio/index.ts";
import { noise } from "./signal.ts";

function frames(rows: readonly (readonly number[])[]): Frames {
  return { data: Float32Array.from(rows.flat()), frames: rows.length, size: rows[0]?.length ?? 2 };
}

function normalization(kind: "utterance" | "global" | "none") {
  return parseSettings(featureSettings, { normalization: kind }, "test");
}

describe("measureStatistics", () => {
  it("gives mean and population deviation of each bin", () => {
    const { mean, deviation } = measureStatistics([frames([[1, 10], [3, 10]]), frames([[5, 10], [7, 10]])]); // prettier-ignore
    expect([...mean]).toEqual([4, 10]);
    expect(deviation[0]).toBeCloseTo(Math.sqrt(5), 6);
    expect(deviation[1]).toBeCloseTo(0.001, 9); // the floor: the bin never changes
  });

  it("stays exact for many frames far from zero", () => {
    const values = Float32Array.from(noise(50_000), (value) => 1e4 + value);
    const exact = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - exact) ** 2, 0) / values.length;
    const { mean, deviation } = measureStatistics([frames(Array.from(values, (value) => [value]))]);
    expect(mean[0]).toBe(Math.fround(exact));
    expect(deviation[0]).toBeCloseTo(Math.sqrt(variance), 7);
  });

  it("takes any iterable and skips empty recordings", () => {
    const all = [frames([]), frames([[2, 4]])].values();
    expect([...measureStatistics(all).mean]).toEqual([2, 4]);
  });
});

describe("normalizeFeatures", () => {
  const recording = frames([[1, 5], [3, 5], [5, 5]]); // prettier-ignore

  it("per utterance: mean 0, deviation 1, and 0 where nothing changes", () => {
    const { data } = normalizeFeatures(recording, normalization("utterance"));
    const step = Math.fround(Math.sqrt(1.5));
    [-step, 0, 0, 0, step, 0].forEach((value, i) => expect(data[i]).toBeCloseTo(value, 6));
  });

  it("global: by the statistics of the training set", () => {
    const statistics = { mean: Float32Array.of(1, 4), deviation: Float32Array.of(2, 0.5) };
    const { data } = normalizeFeatures(recording, normalization("global"), statistics);
    expect([...data]).toEqual([0, 2, 1, 2, 2, 2]);
  });

  it("none: the frames as they are", () => {
    expect(normalizeFeatures(recording, normalization("none"))).toBe(recording);
  });

  it("leaves no frames as no frames", () => {
    expect(normalizeFeatures(frames([]), normalization("utterance")).frames).toBe(0);
  });

  it("global without statistics, or with those of other features, is an error with its remedy", () => {
    const other = { mean: new Float32Array(3), deviation: new Float32Array(3) };
    expect(() => normalizeFeatures(recording, normalization("global"))).toThrow(
      "Global normalization needs statistics of 2 bins; none were given. " +
        "Measure them over the training set with measureStatistics, or set features.normalization to utterance.",
    );
    expect(() => normalizeFeatures(recording, normalization("global"), other)).toThrow(
      "of 2 bins; 3 were given",
    );
  });
});
