// Normalization: statistics by hand, each kind by hand, what it does to constant bins, and the stream's promises.

import { describe, expect, it } from "vitest";
import { parseSettings } from "../../src/settings.ts";
import {
  featureSettings,
  measureStatistics,
  NormalizationStream,
  normalizeFeatures,
  StatisticsStream,
  type FeatureSettings,
  type Frames,
} from "../../src/audio/index.ts";
import { noise } from "./signal.ts";

function frames(rows: readonly (readonly number[])[]): Frames {
  return { data: Float32Array.from(rows.flat()), frames: rows.length, size: rows[0]?.length ?? 2 };
}

function normalization(kind: FeatureSettings["normalization"], priorFrames = 200): FeatureSettings {
  return parseSettings(featureSettings, { normalization: kind, priorFrames, bins: 2 }, "test");
}

/** Two bins that wander, 300 frames. */
const wandering: Frames = {
  data: Float32Array.from(noise(600), (value, i) => 3 * value + Math.sin(i / 50)),
  frames: 300,
  size: 2,
};
const training = { mean: Float32Array.of(0.5, -1), deviation: Float32Array.of(2, 0.5) };
const part = ({ data, size }: Frames, from: number, to: number): Frames => ({
  data: data.subarray(from * size, to * size),
  frames: to - from,
  size,
});

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

describe("StatisticsStream", () => {
  const first = frames([[1, 10], [3, 10]]); // prettier-ignore
  const second = frames([[5, 10], [7, 10], [8, 4]]); // prettier-ignore

  it("merged with another equals one that saw all frames", () => {
    const [a, b] = [new StatisticsStream(), new StatisticsStream()];
    a.push(first);
    b.push(second);
    a.merge(b);
    a.merge(new StatisticsStream());
    const { mean, deviation } = measureStatistics([first, second]);
    expect(a.statistics().mean).toEqual(mean);
    expect(a.statistics().deviation).toEqual(deviation);
  });

  it("merged into an empty one is the same", () => {
    const [a, b] = [new StatisticsStream(), new StatisticsStream()];
    b.push(second);
    a.merge(b);
    expect(a.statistics()).toEqual(b.statistics());
  });

  it("begun from statistics weighs them as so many frames", () => {
    const stream = StatisticsStream.from({ mean: Float32Array.of(0), deviation: Float32Array.of(1) }, 2);
    stream.push(frames([[3], [5]])); // prettier-ignore
    const { mean, deviation } = stream.statistics(); // squares: (2 · 1 + 9 + 25) / 4 − 2² = 5
    expect(mean[0]).toBe(2);
    expect(deviation[0]).toBe(Math.fround(Math.sqrt(5)));
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

  it("speaker: by the recording and the training set, which counts as so many frames", () => {
    const prior = { mean: Float32Array.of(0), deviation: Float32Array.of(1) };
    const { data } = normalizeFeatures(frames([[3], [5]]), normalization("speaker", 2), prior); // prettier-ignore
    expect(data[0]).toBeCloseTo((3 - 2) / Math.sqrt(5), 6);
    expect(data[1]).toBeCloseTo((5 - 2) / Math.sqrt(5), 6);
  });

  it("causal: each frame by itself, those before it and the training set", () => {
    const prior = { mean: Float32Array.of(0), deviation: Float32Array.of(1) };
    const { data } = normalizeFeatures(frames([[3], [5]]), normalization("causal", 2), prior); // prettier-ignore
    expect(data[0]).toBeCloseTo((3 - 1) / Math.sqrt(8 / 3), 6); // squares: (2 + 9) / 3 − 1²
    expect(data[1]).toBeCloseTo((5 - 2) / Math.sqrt(5), 6);
  });

  it.each(["speaker", "causal"] as const)("%s nears global where the training set outweighs all", (kind) => {
    const { data } = normalizeFeatures(wandering, normalization(kind, 1e6), training);
    const global = normalizeFeatures(wandering, normalization("global"), training).data;
    data.forEach((value, i) => expect(value).toBeCloseTo(global[i], 1));
  });

  it("speaker nears utterance where the training set counts for one frame", () => {
    const { data } = normalizeFeatures(wandering, normalization("speaker", 1), training);
    const own = normalizeFeatures(wandering, normalization("utterance")).data;
    data.forEach((value, i) => expect(value).toBeCloseTo(own[i], 1));
  });

  it("speaker does not depend on the order of the frames", () => {
    const turned = { ...wandering, data: wandering.data.toReversed() };
    const flipped = { mean: training.mean.toReversed(), deviation: training.deviation.toReversed() };
    const forward = normalizeFeatures(wandering, normalization("speaker"), training).data;
    const backward = normalizeFeatures(turned, normalization("speaker"), flipped).data.toReversed();
    forward.forEach((value, i) => expect(value).toBeCloseTo(backward[i], 5));
  });

  it.each(["global", "speaker", "causal", "speech"] as const)(
    "%s without statistics, or with those of other features, is an error with its remedy",
    (kind) => {
      const other = { mean: new Float32Array(3), deviation: new Float32Array(3) };
      expect(() => normalizeFeatures(recording, normalization(kind))).toThrow(
        `Normalization "${kind}" needs statistics of 2 bins; none were given. ` +
          "Measure them over the training set with measureStatistics, or set features.normalization to utterance.",
      );
      expect(() => normalizeFeatures(recording, normalization(kind), other)).toThrow(
        "of 2 bins; 3 were given",
      );
    },
  );
});

describe("NormalizationStream", () => {
  const kinds = ["utterance", "global", "speaker", "causal", "speech", "none"] as const;

  it.each(kinds)("%s: gives the same bits for every chunking, and again after finish", (kind) => {
    const whole = normalizeFeatures(wandering, normalization(kind), training);
    const stream = new NormalizationStream(normalization(kind), training);
    for (const size of [1, 7, 299, 300]) {
      const parts: Frames[] = [];
      for (let t = 0; t < 300; t += size)
        parts.push(stream.push(part(wandering, t, Math.min(300, t + size))));
      parts.push(stream.finish());
      expect(Float32Array.from(parts.flatMap(({ data }) => [...data]))).toEqual(whole.data);
    }
  });

  it.each(["global", "causal", "none"] as const)("%s: a frame leaves at once, whatever follows", (kind) => {
    const whole = normalizeFeatures(wandering, normalization(kind), training);
    const begun = new NormalizationStream(normalization(kind), training).push(part(wandering, 0, 100));
    expect(begun.data).toEqual(part(whole, 0, 100).data);
  });

  it.each(["utterance", "speaker", "speech"] as const)("%s: frames wait for the end", (kind) => {
    const stream = new NormalizationStream(normalization(kind), training);
    expect(stream.push(wandering).frames).toBe(0);
    expect(stream.finish().frames).toBe(300);
    expect(stream.finish().frames).toBe(0);
  });
});
