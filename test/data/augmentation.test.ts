import { describe, expect, it } from "vitest";
import { featureSettings } from "../../src/audio/index.ts";
import {
  augmentationSettings,
  chooseTrim,
  chooseVariant,
  trimFrames,
  delayFeatures,
  maskFeatures,
  NO_AUGMENTATION,
  requireFrequencyAxis,
  varySpectrum,
} from "../../src/data/augmentation/index.ts";
import { parseSettings } from "../../src/settings.ts";

const T = 200;
const F = 40;
const settings = {
  ...NO_AUGMENTATION,
  timeMasks: 2,
  timeMaskFrames: 30,
  frequencyMasks: 1,
  frequencyMaskBins: 8,
};

function masked(occasion: { seed: number; epoch: number; utterance: number }, changed = {}): Float32Array {
  const data = new Float32Array(T * F).fill(1);
  maskFeatures(data, F, { ...settings, ...changed }, occasion);
  return data;
}

const occasion = { seed: 1, epoch: 2, utterance: 3 };
const emptyFrames = (data: Float32Array) =>
  Array.from({ length: T }, (_, t) => t).filter((t) =>
    data.subarray(t * F, (t + 1) * F).every((x) => x === 0),
  );

describe("masks", () => {
  it("are off by default", () => {
    expect(masked(occasion, NO_AUGMENTATION).every((value) => value === 1)).toBe(true);
  });

  it("depend on seed, epoch and utterance, and on nothing else", () => {
    expect(masked(occasion)).toEqual(masked({ ...occasion }));
    for (const other of [{ seed: 2 }, { epoch: 3 }, { utterance: 4 }]) {
      expect(masked({ ...occasion, ...other })).not.toEqual(masked(occasion));
    }
  });

  it("set whole frames and whole bins to zero, never wider than the settings allow", () => {
    for (let utterance = 0; utterance < 200; utterance++) {
      const inTime = emptyFrames(masked({ ...occasion, utterance }, { frequencyMasks: 0 }));
      expect(inTime.length).toBeLessThanOrEqual(60);
      const first = masked({ ...occasion, utterance }, { timeMasks: 0 }).subarray(0, F);
      expect(first.filter((value) => value === 0).length).toBeLessThanOrEqual(8);
    }
  });

  it("reach every width from nothing to the widest, and every place", () => {
    const widths = new Set<number>();
    const places = new Set<number>();
    for (let utterance = 0; utterance < 2000; utterance++) {
      const frames = emptyFrames(masked({ ...occasion, utterance }, { timeMasks: 1, frequencyMasks: 0 }));
      widths.add(frames.length);
      for (const t of frames) places.add(t);
    }
    expect(widths.size).toBe(31);
    expect(places.size).toBe(T);
  });

  it.each([
    [100, 4, 4],
    [200, 8, 8],
    [24, 0, 0],
    [1000, 20, 40],
  ])("of %i frames are, by the adaptive policy, up to %i of up to %i frames", (frames, most, widest) => {
    const adaptive = { ...settings, timeMasks: 0, frequencyMasks: 0, maskPolicy: "adaptive" } as const;
    let [covered, longest] = [0, 0];
    const times = 300;
    for (let utterance = 0; utterance < times; utterance++) {
      const data = new Float32Array(frames).fill(1);
      maskFeatures(data, 1, adaptive, { ...occasion, utterance });
      const spans = data.join("").split("1").filter((span) => span !== ""); // prettier-ignore
      expect(spans.length).toBeLessThanOrEqual(most);
      longest = Math.max(longest, ...spans.map(({ length }) => length));
      covered += spans.join("").length / frames / times;
    }
    expect(longest).toBeGreaterThanOrEqual(widest);
    const share = most * (widest / 2 / frames); // where masks did not meet
    expect(covered).toBeLessThanOrEqual(share + 0.01);
    expect(covered).toBeGreaterThanOrEqual(share * (1 - share) * 0.9);
  });

  it("leave most of a short utterance to be heard", () => {
    const widest = { timeMasks: 1, timeMaskFrames: 1000, timeMaskShare: 0.1, frequencyMasks: 0 };
    for (let utterance = 0; utterance < 100; utterance++) {
      expect(emptyFrames(masked({ ...occasion, utterance }, widest)).length).toBeLessThanOrEqual(T / 10);
    }
  });
});

describe("the choice of a variant", () => {
  it("is the same for the same occasion and even over utterances", () => {
    const counts = [0, 0, 0];
    for (let utterance = 0; utterance < 3000; utterance++)
      counts[chooseVariant(3, { ...occasion, utterance })]++;
    expect(chooseVariant(3, occasion)).toBe(chooseVariant(3, occasion));
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(100);
  });
});

describe("a delay", () => {
  const frames = { data: new Float32Array(3 * 2).fill(1), frames: 3, size: 2 };
  const delay = (utterance: number) =>
    delayFeatures(frames, { ...NO_AUGMENTATION, delayFrames: 2 }, { ...occasion, utterance });

  it("puts zero to the given number of silent frames before the utterance, each as often", () => {
    const counts = [0, 0, 0];
    for (let utterance = 0; utterance < 900; utterance++) {
      const { data, frames: length } = delay(utterance);
      const silent = length - 3;
      expect([...data]).toEqual([...Array<number>(2 * silent).fill(0), ...Array<number>(6).fill(1)]);
      counts[silent]++;
    }
    for (const count of counts) expect(Math.abs(count - 300)).toBeLessThan(60);
  });

  it("is nothing by default", () => {
    expect(delayFeatures(frames, NO_AUGMENTATION, occasion)).toEqual(frames);
  });
});

describe("tight cuts", () => {
  // Two filters; the loudest frame at 0 dB, -20 dB beside it, -40 dB at the ends.
  const levels = [-40, -20, 0, -20, -40].map((db) => (db / 10) * Math.LN10);
  const frames = { data: Float32Array.from(levels.flatMap((log) => [log, log])), frames: 5, size: 2 };
  const cut = (belowDb: [number, number], changed = {}, probability = 1) =>
    chooseTrim(frames, { bins: 2 }, { trim: { probability, belowDb } }, { ...occasion, ...changed });

  it("leave what comes within the range of the loudest frame, from the first such frame to the last", () => {
    expect(cut([10, 10])).toEqual({ start: 2, end: 3 });
    expect(cut([30, 30])).toEqual({ start: 1, end: 4 });
    expect(cut([50, 50])).toEqual({ start: 0, end: 5 });
    expect(trimFrames(frames, { start: 1, end: 4 })).toEqual({
      data: frames.data.slice(2, 8),
      frames: 3,
      size: 2,
    });
  });

  it("are chosen anew for either end on each occasion, as often as asked", () => {
    const ends = Array.from({ length: 300 }, (_, utterance) => cut([10, 30], { utterance }, 0.5));
    expect(cut([10, 30], { utterance: 7 }, 0.5)).toEqual(ends[7]);
    const whole = ends.filter(({ start, end }) => start === 0 && end === 5).length;
    expect(Math.abs(whole - 150)).toBeLessThan(40);
    expect(new Set(ends.map(({ start, end }) => `${start}-${end}`))).toEqual(
      new Set(["0-5", "1-4", "1-3", "2-4", "2-3"]),
    );
  });

  it("leave silence and nothing as they are", () => {
    const silence = { data: new Float32Array(4).fill(Math.log(1e-8)), frames: 2, size: 2 };
    const settings = { trim: { probability: 1, belowDb: [10, 30] as [number, number] } };
    expect(chooseTrim(silence, { bins: 2 }, settings, occasion)).toEqual({ start: 0, end: 2 });
    const broken = { data: Float32Array.of(0, 0, Number.NaN, 0), frames: 2, size: 2 };
    expect(chooseTrim(broken, { bins: 2 }, settings, occasion)).toEqual({ start: 0, end: 2 });
    const nothing = { data: new Float32Array(0), frames: 0, size: 2 };
    expect(chooseTrim(nothing, { bins: 2 }, settings, occasion)).toEqual({ start: 0, end: 0 });
  });
});

describe("the vocal tract", () => {
  const features = featureSettings.parse({ bins: F });
  const frames = { data: Float32Array.from({ length: 3 * F }, (_, i) => (i % F) ** 2), frames: 3, size: F };
  const warped = (changed = {}, vocalTract: [number, number] = [0.85, 1.15]) =>
    varySpectrum(frames, features, { ...NO_AUGMENTATION, vocalTract }, { ...occasion, ...changed });

  it("is as recorded by default", () => {
    expect(varySpectrum(frames, features, NO_AUGMENTATION, occasion)).toBe(frames);
  });

  it("has a length for each seed, epoch and utterance", () => {
    expect(warped()).toEqual(warped());
    for (const other of [{ seed: 2 }, { epoch: 3 }, { utterance: 4 }]) {
      expect(warped(other)).not.toEqual(warped());
    }
  });

  it("is longer above 1, shorter below, and the same throughout an utterance", () => {
    const middle = F / 2;
    const rising = warped({}, [1.1, 1.1]).data; // energies rise with frequency here
    const falling = warped({}, [0.9, 0.9]).data;
    expect(rising[middle]).toBeGreaterThan(frames.data[middle]);
    expect(falling[middle]).toBeLessThan(frames.data[middle]);
    for (let t = 1; t < 3; t++) expect(rising[t * F + middle]).toBe(rising[middle]);
  });

  it("hears through another microphone: a smooth filter, the same in each frame, within its bounds", () => {
    const through = (changed = {}) =>
      varySpectrum(frames, features, { ...NO_AUGMENTATION, microphoneDb: 5 }, { ...occasion, ...changed });
    expect(through()).toEqual(through());
    expect(through({ epoch: 3 })).not.toEqual(through());
    const decibels = through().data.map((value, i) => ((value - frames.data[i]) * 10) / Math.LN10);
    const filter = [...decibels.subarray(0, F)];
    expect(Math.max(...filter.map(Math.abs))).toBeGreaterThan(0.5);
    expect(Math.max(...filter.map(Math.abs))).toBeLessThanOrEqual(15);
    filter.forEach((value, f) => expect(decibels[2 * F + f]).toBeCloseTo(value, 3));
    const steps = filter.slice(1).map((value, f) => Math.abs(value - filter[f]));
    expect(Math.max(...steps)).toBeLessThan((5 * 6 * Math.PI) / F); // the slope of three waves at most
  });

  it("cannot be stretched in cepstral coefficients, which is told before anything is computed", () => {
    const settings = augmentationSettings.parse({ vocalTract: [0.9, 1.1] });
    expect(() => requireFrequencyAxis({ kind: "mfcc" }, settings)).toThrow(
      'data.augmentation.vocalTract: Features of the kind "mfcc" have no frequency axis that could be stretched. ' +
        'Set features.kind to "log-mel" or "linear", or leave vocalTract at [1, 1].',
    );
    for (const [other, text] of [
      [{ microphoneDb: 5 }, "data.augmentation.microphoneDb: "],
      [{ trim: { probability: 0.5 } }, "data.augmentation.trim.probability: "],
    ] as const) {
      expect(() => requireFrequencyAxis({ kind: "mfcc" }, augmentationSettings.parse(other))).toThrow(text);
    }
    expect(() => requireFrequencyAxis({ kind: "mfcc" }, NO_AUGMENTATION)).not.toThrow();
    expect(() => requireFrequencyAxis({ kind: "linear" }, settings)).not.toThrow();
  });

  it("has a range from low to high, or says what is wrong with it", () => {
    const parse = (vocalTract: unknown) => () =>
      parseSettings(augmentationSettings, { vocalTract }, "settings");
    expect(parse([1.1, 0.9])).toThrow(
      "settings: vocalTract: the first value must not exceed the second. Correct the value;",
    );
    expect(parse([0.1, 1])).toThrow(
      "settings: vocalTract: Expected list of 2, each number from 0.5 to 2, but it is [0.1,1].",
    );
    expect(parse(1.1)).toThrow("Expected list of 2, each number from 0.5 to 2, but it is 1.1.");
  });
});
