// Digital silence: what is found and cut, what stays as it is, and how features are spared it.

import { describe, expect, it } from "vitest";
import {
  computeFeatures,
  cutSilence,
  decodeAudio,
  encodeWav,
  featureSettings,
  type FeatureSettings,
  measureStatistics,
  muteSilence,
  NormalizationStream,
  normalizeFeatures,
  partAtSilence,
  resample,
  resampleSignal,
} from "../../src/audio/index.ts";
import { noise, risingTone } from "./signal.ts";
import { joinBlocks } from "../../src/tensor.ts";

const STEP = 2 ** -15;
const sound = risingTone(16_000, 1);
sound[0] = sound[sound.length - 1] = 0.1;
const zeros = (count: number): Float32Array => new Float32Array(count);
const muted = (samples: Float32Array): Float32Array => muteSilence(samples, 16_000);

describe("digital silence", () => {
  it("is not in a recording with a noise of its own, which stays as it is at any gain", async () => {
    for (const gain of [1, 0.01]) {
      const soft = sound.map((sample) => gain * sample);
      expect(muted(soft)).toBe(soft);
      expect(cutSilence(soft)).toEqual({ samples: soft, start: 0 });
    }
    expect(await resampleSignal(sound, 44_100)).toEqual(await resample(sound, 44_100, 16_000));
  });

  it("is a stretch of zeros, of a step to either side, or of dither, and becomes zeros", () => {
    for (const steps of [0, 1, 2]) {
      const low = Float32Array.from(noise(4_000), (value) => Math.round(steps * value) * STEP);
      const drop = joinBlocks([sound, low, sound]);
      expect(muted(drop)).toEqual(joinBlocks([sound, zeros(4_000), sound]));
    }
  });

  it("is no pause of a recording so soft that its room is rounded away", () => {
    const soft = joinBlocks([sound, zeros(16_000), sound]).map((sample) => Math.round(200 * sample) * STEP);
    const kept = muted(soft);
    expect(partAtSilence(kept)).toEqual([{ samples: kept, start: 0 }]);
    expect(
      kept.every((sample, n) =>
        soft[n] === 0 ? sample !== 0 && Math.abs(sample) <= STEP / 8 : sample === soft[n],
      ),
    ).toBe(true);
  });

  it("is no constant amid a recording, nor what lasts less than 25 ms", () => {
    const held = joinBlocks([sound, zeros(4_000).fill(0.3), sound, zeros(300), sound]);
    expect(muted(held)).toBe(held);
  });

  it("goes over a click between two silences, but not over a sound", () => {
    const between = (count: number) =>
      joinBlocks([zeros(4_000), sound.subarray(0, count), zeros(4_000), sound]);
    expect(cutSilence(muted(between(32))).start).toBe(8_032);
    expect(cutSilence(muted(between(1_600))).start).toBe(4_000);
  });

  it("is cut off at the edges, but for the zeros into which a sound fades", () => {
    expect(cutSilence(joinBlocks([zeros(500), sound, zeros(7)]))).toEqual({
      samples: joinBlocks([sound, zeros(7)]),
      start: 500,
    });
    const fading = sound.map((sample, n) => (n < 400 ? STEP : sample));
    expect(cutSilence(joinBlocks([zeros(5_000), fading])).start).toBe(5_000 - 480);
    expect(cutSilence(zeros(5_000))).toEqual({ samples: zeros(0), start: 0 });
  });

  it("parts a recording where it lasts half a second", () => {
    const starts = (between: number) =>
      partAtSilence(joinBlocks([zeros(800), sound, zeros(between), sound])).map(({ start }) => start);
    expect(starts(7_999)).toEqual([800]);
    expect(starts(8_000)).toEqual([800, 24_800]);
  });

  it("is found in a file of 8 bits, whose least hum is louder than 16 bits' speech", async () => {
    const coarse = joinBlocks([
      Float32Array.from(noise(8_000), (value) => Math.round(value) / 128),
      sound.map((sample) => Math.round(sample * 128) / 128),
    ]);
    const { samples } = await decodeAudio(encodeWav(coarse, 16_000), "coarse.wav");
    expect(cutSilence(samples).start).toBe(8_000);
  });

  it("is found where dither was shaped to be loud above what is heard", async () => {
    const loud = risingTone(44_100, 1);
    loud[0] = loud[loud.length - 1] = 0.25;
    const dithered = withShapedDither(joinBlocks([zeros(44_100), loud, zeros(44_100)]));
    expect(dithered.slice(0, 44_100).reduce((most, sample) => Math.max(most, sample / STEP))).toBeGreaterThan(
      5,
    );
    const { samples, start } = cutSilence(await resampleSignal(dithered, 44_100));
    expect(Math.abs(start - 16_000)).toBeLessThan(160);
    expect(Math.abs(samples.length - 16_000)).toBeLessThan(320);
  });
});

/** To 16 bits with triangular dither and the five-tap error feedback of Lipshitz et al. 1991, for 44.1 kHz. */
function withShapedDither(samples: Float32Array): Float32Array {
  const random = noise(2 * samples.length);
  const errors = [0, 0, 0, 0, 0];
  return samples.map((sample, n) => {
    const shaped = [2.033, -2.165, 1.959, -1.59, 0.6149].reduce((sum, tap, i) => sum + tap * errors[i], 0);
    const wanted = sample / STEP - shaped;
    const rounded = Math.round(wanted + (random[2 * n] + random[2 * n + 1]) / 2);
    errors.unshift(rounded - wanted);
    errors.pop();
    return rounded * STEP;
  });
}

describe("features of a recording with digital silence inside", () => {
  const settings = (given: object): FeatureSettings => featureSettings.parse({ bins: 10, ...given });
  const dropped = joinBlocks([sound, zeros(4_800), sound]); // 4,800 samples are 30 hops
  const kinds = [
    {},
    { kind: "mfcc", coefficients: 8 },
    { kind: "linear", deltas: 2 },
    { level: "utterance" },
  ];

  it.each(kinds)("%o: the silence counts in no statistics and is as quiet as the quietest frame", (given) => {
    const chosen = settings(given);
    const raw = computeFeatures(dropped, chosen);
    const { data, size, frames } = normalizeFeatures(raw, chosen);
    const row = (t: number) => data.subarray(t * size, (t + 1) * size);
    expect(raw.frames).toBe(frames);
    for (let t = 101; t < 128; t++) expect(row(t)).toEqual(row(100));
    const rows = Array.from({ length: frames }, (_, t) => row(t));
    const signal = rows.filter((_, t) => t < 99 || t > 129);
    expect(signal.some((each) => each.every((value, f) => value === row(100)[f]))).toBe(true);
    const { mean, deviation } = measureStatistics(signal.map((each) => ({ data: each, frames: 1, size })));
    for (const value of mean) expect(Math.abs(value)).toBeLessThan(0.1);
    for (const value of deviation) expect(Math.abs(value - 1)).toBeLessThan(0.1);
  });

  it("do not move the running normalization of a stream", () => {
    const chosen = settings({ normalization: "causal", priorFrames: 10 });
    const raw = computeFeatures(sound, chosen);
    const training = measureStatistics([raw]);
    const after = (silence: number) => {
      const stream = new NormalizationStream(chosen, training);
      stream.push(raw);
      stream.push(computeFeatures(zeros(160 * silence + 320), chosen));
      return stream.push(raw).data;
    };
    expect(after(500)).toEqual(after(1));
  });
});
