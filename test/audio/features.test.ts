// Feature frames against other programs' numbers (fixtures/make_fixtures.py), and the stream's promises.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EarshotError } from "../../src/errors.ts";
import { parseSettings } from "../../src/settings.ts";
import {
  computeFeatures,
  featureSettings,
  featureSize,
  FeatureStream,
  type FeatureSettings,
  type Frames,
} from "../../src/audio/index.ts";
import { noise, risingTone } from "./signal.ts";

interface KnownAnswers {
  readonly origin: string;
  readonly frames: readonly number[];
  readonly logMel: readonly number[][];
  readonly linear: readonly number[][];
  readonly mfcc: readonly number[][];
  readonly deltas: readonly number[][];
}

const known = JSON.parse(
  readFileSync(new URL("fixtures/known-answers.json", import.meta.url), "utf8"),
) as KnownAnswers;

function settings(input: object = {}): FeatureSettings {
  return parseSettings(featureSettings, input, "test");
}

const scaled = (samples: ArrayLike<number>, factor: number) =>
  Float32Array.from(samples, (sample) => sample * factor);

function row(frames: Frames, t: number): number[] {
  return Array.from(frames.data.subarray(t * frames.size, (t + 1) * frames.size));
}

function worstDifference(frames: Frames, expected: readonly number[][]): number {
  const differences = known.frames.flatMap((t, i) =>
    row(frames, t).map((value, f) => Math.abs(value - expected[i][f])),
  );
  return Math.max(...differences);
}

describe("feature frames", () => {
  it("log-mel equals librosa 0.11.0 (HTK mel, no width normalization, natural log)", () => {
    const frames = computeFeatures(risingTone(16_000), settings());
    expect([frames.frames, frames.size]).toEqual([14, 80]);
    expect(worstDifference(frames, known.logMel)).toBeLessThan(1e-4);
  });

  it("linear filters with energy equal python_speech_features 0.6 with numpy 2.4.6", () => {
    const chosen = settings({ kind: "linear", bins: 40, window: "hamming", preEmphasis: 0.97 });
    const frames = computeFeatures(risingTone(16_000), chosen);
    expect([frames.frames, frames.size]).toEqual([14, 41]);
    expect(worstDifference(frames, known.linear)).toBeLessThan(1e-4);
  });

  it("mfcc equals librosa 0.11.0 over the same log-mel (DCT-II, orthonormal)", () => {
    const frames = computeFeatures(risingTone(16_000), settings({ kind: "mfcc" }));
    expect([frames.frames, frames.size]).toEqual([14, 13]);
    expect(worstDifference(frames, known.mfcc)).toBeLessThan(1e-4);
  });

  it("liftered mfcc with two orders of deltas equal python_speech_features 0.6", () => {
    const frames = computeFeatures(risingTone(16_000), settings({ kind: "mfcc", lifter: 22, deltas: 2 }));
    expect([frames.frames, frames.size]).toEqual([14, 39]);
    expect(worstDifference(frames, known.deltas)).toBeLessThan(1e-3); // of values up to 200
  });

  it("deltas of a single frame are zero, for want of neighbors", () => {
    const frames = computeFeatures(risingTone(16_000).subarray(0, 320), settings({ deltas: 1 }));
    expect([frames.frames, frames.size]).toEqual([1, 160]);
    expect(
      row(frames, 0)
        .slice(80)
        .every((slope) => slope === 0),
    ).toBe(true);
  });

  it("a pure tone is loudest in the filter that is centered on it", () => {
    const tone = Float32Array.from(
      { length: 1600 },
      (_, n) => 0.5 * Math.sin((2 * Math.PI * 2000 * n) / 16_000),
    );
    const bins = row(computeFeatures(tone, settings({ kind: "linear", bins: 39 })), 0).slice(0, 39);
    expect(bins.indexOf(Math.max(...bins))).toBe(9); // edges every 200 Hz: filter 9 peaks at 2000 Hz
  });

  it("digital silence lies at the floor, log 1e-8", () => {
    const frames = computeFeatures(new Float32Array(1600), settings({ kind: "linear" }));
    expect(frames.data.every((value) => value === Math.fround(Math.log(1e-8)))).toBe(true);
  });

  describe("at one level", () => {
    const hiss = noise(16_000);
    // A tone of narrow band between silences: most bins lie at the floor, some frames wholly.
    const spoken = risingTone(16_000, 0.5).map((sample, n) => (n < 3000 || n > 12_000 ? 0 : sample));

    it.each(["log-mel", "linear", "mfcc"])(
      "%s of a recording and of the same 30 dB softer are equal",
      (kind) => {
        const chosen = settings({ level: "utterance", kind, deltas: 1 });
        for (const loud of [spoken, spoken.map((sample, n) => sample + 0.05 * hiss[n])]) {
          const softer = computeFeatures(scaled(loud, 10 ** (-30 / 20)), chosen).data;
          const ours = computeFeatures(loud, chosen).data;
          expect(Math.max(...ours.map((value, n) => Math.abs(value - softer[n])))).toBeLessThan(1e-2);
          expect(computeFeatures(loud, settings({ kind, deltas: 1 })).data).not.toEqual(ours);
        }
      },
    );

    it.each([
      [{ kind: "log-mel" }, 1],
      [{ kind: "linear", preEmphasis: 0.97 }, 1],
      [{ kind: "mfcc", deltas: 2 }, 1],
      [{ kind: "log-mel", bins: 40 }, 1e-2],
      [{ kind: "linear" }, 1e-4], // below the softest that is raised
    ])("%o of a recording %f as loud equal those of its samples, scaled", (input, factor) => {
      for (const loud of [
        spoken,
        spoken.map((sample, n) => sample + 0.05 * hiss[n]),
        hiss.subarray(0, 200),
      ]) {
        const samples = scaled(loud, factor);
        const plain = computeFeatures(atOneLevel(samples, settings(input)), settings(input));
        const ours = computeFeatures(samples, settings({ ...input, level: "utterance" }));
        expect(ours.frames).toBe(plain.frames);
        expect(Math.max(...ours.data.map((value, n) => Math.abs(value - plain.data[n])))).toBeLessThan(1e-4);
      }
    });

    it("the mean log energy of the loudest fifth of the frames is 0", () => {
      const { data, frames, size } = computeFeatures(
        Float32Array.from(hiss),
        settings({ level: "utterance" }),
      );
      const means = Array.from(
        { length: frames },
        (_, t) => row({ data, frames, size }, t).reduce((a, b) => a + b) / size,
      );
      const loudest = means.toSorted((a, b) => b - a).slice(0, Math.floor(frames / 5));
      expect(loudest.reduce((a, b) => a + b) / loudest.length).toBeCloseTo(0, 3);
    });

    it("silence stays silent, and what is near it is not raised to speech", () => {
      const chosen = settings({ level: "utterance" });
      const whisper = (peak: number) => Math.max(...computeFeatures(scaled(hiss, peak), chosen).data);
      expect(computeFeatures(new Float32Array(1600), chosen)).toEqual(
        computeFeatures(new Float32Array(1600), settings()),
      );
      expect(computeFeatures(new Float32Array(0), chosen).frames).toBe(0);
      expect(whisper(1e-2)).toBeCloseTo(whisper(1e-3), 3);
      expect(whisper(1e-5)).toBeLessThan(whisper(1e-3) - 9); // 40 dB less
    });
  });

  it.each([
    [0, 0],
    [1, 1],
    [319, 1],
    [320, 1],
    [479, 1],
    [480, 2],
    [16_000, 99],
  ])("%i samples give %i frames", (samples, expected) => {
    const signal = Float32Array.from(noise(samples));
    expect(computeFeatures(signal, settings()).frames).toBe(expected);
  });

  it("a recording shorter than one window equals itself filled up with zeros", () => {
    const chosen = settings({ preEmphasis: 0.97 });
    const signal = risingTone(16_000).subarray(0, 100);
    const short = computeFeatures(signal, chosen);
    const padded = new Float32Array(320);
    padded.set(Float32Array.from(signal, (value, n) => value - 0.97 * (signal[n - 1] ?? 0)));
    expect(short.data).toEqual(computeFeatures(padded, settings()).data);
  });
});

describe("FeatureStream", () => {
  const kinds = [
    {},
    { kind: "linear", preEmphasis: 0.97, hopMs: 7.5 },
    { windowMs: 25, hopMs: 25 },
    { kind: "mfcc", lifter: 22, deltas: 2 },
    { bins: 20, deltas: 1, deltaFrames: 9 },
    { level: "utterance", deltas: 1 },
  ];

  it.each(kinds)("gives the same bits for every chunking: %o", (input) => {
    const chosen = settings(input);
    const signal = risingTone(16_000, 0.5);
    const whole = computeFeatures(signal, chosen);
    const sizes = noise(10_000, 7).map((value) => Math.floor((value + 1) * 300));
    for (const size of [(n: number) => sizes[n], () => 1, () => 160, () => 7999, (n: number) => n % 3]) {
      expect(inChunks(signal, chosen, size)).toEqual(whole);
    }
  });

  it.each([{}, { deltas: 2 }, { level: "utterance" }])("can be used again after finish: %o", (input) => {
    const stream = new FeatureStream(settings({ preEmphasis: 0.97, ...input }));
    const signal = risingTone(16_000);
    const once = [stream.push(signal), stream.finish()];
    expect([stream.push(signal), stream.finish()]).toEqual(once);
  });
});

/** The plain way: the samples of full scale measured, and all of them scaled. */
function atOneLevel(samples: Float32Array, chosen: FeatureSettings): Float32Array {
  const peak = Math.max(...samples.map(Math.abs));
  const kind = chosen.kind === "mfcc" ? "log-mel" : chosen.kind;
  const full = computeFeatures(scaled(samples, 1 / peak), { ...chosen, kind, deltas: 0 });
  const floor = Math.fround(Math.log(1e-8));
  const rows = Array.from({ length: full.frames }, (_, t) => row(full, t));
  const sounds = rows.filter((values) => values.some((value) => value !== floor)).length;
  const means = rows.map((values) => values.slice(0, chosen.bins).reduce((a, b) => a + b) / chosen.bins);
  const loudest = means.toSorted((a, b) => b - a).slice(0, Math.max(1, Math.floor(sounds / 5)));
  const level = loudest.reduce((a, b) => a + b) / loudest.length;
  return scaled(samples, Math.exp(-level / 2) / Math.max(peak, 1e-3));
}

function inChunks(signal: Float32Array, chosen: FeatureSettings, size: (chunk: number) => number): Frames {
  const stream = new FeatureStream(chosen);
  const parts: Frames[] = [];
  for (let chunk = 0, at = 0; at < signal.length; at += size(chunk++)) {
    parts.push(stream.push(signal.subarray(at, at + size(chunk))));
  }
  parts.push(stream.finish());
  const data = Float32Array.from(parts.flatMap((part) => [...part.data]));
  return { data, frames: parts.reduce((sum, part) => sum + part.frames, 0), size: stream.size };
}

describe("feature settings", () => {
  it("default to 80 log-mel bins, 20 ms windows, 10 ms hops, normalization per utterance", () => {
    const chosen = settings();
    expect(chosen).toMatchObject({
      kind: "log-mel",
      bins: 80,
      windowMs: 20,
      hopMs: 10,
      normalization: "utterance",
    });
    const sizes = [{}, { kind: "linear" }, { kind: "mfcc" }, { kind: "mfcc", deltas: 2 }].map((input) =>
      featureSize(settings(input)),
    );
    expect(sizes).toEqual([80, 81, 13, 39]);
  });

  it("refuse a hop beyond the window", () => {
    expect(() => settings({ hopMs: 30 })).toThrow("test: hopMs: hopMs must not exceed windowMs.");
  });

  it("refuse more coefficients than filters", () => {
    expect(() => settings({ kind: "mfcc", bins: 12 })).toThrow(
      "test: coefficients: coefficients must not exceed bins.",
    );
  });

  it("refuse filters that no line of the spectrum falls into", () => {
    expect(() => settings({ bins: 128 })).toThrow(
      /filter \d+ of 128 covers no line of the spectrum: use fewer bins, a wider band or a longer window/,
    );
    expect(() => settings({ lowestHz: 4000, highestHz: 300 })).toThrow(/covers no line/);
  });

  it.each([
    { bins: 0 },
    { bins: -5 },
    { bins: 1e9 },
    { windowMs: 1e9 },
    { hopMs: NaN },
    { lowestHz: -1 },
    { bins: "8" },
  ])("refuse values out of range: %o", (input) => {
    expect(() => settings(input)).toThrow(EarshotError);
  });

  it("suggest the nearest name for a mistyped one", () => {
    expect(() => settings({ windowMS: 20 })).toThrow('Did you mean "windowMs"?');
  });
});
