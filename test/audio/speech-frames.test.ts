// Normalization by speech: what lies around an utterance, and how loud it is, moves none of its frames, and what is far from
// speech and softer is not even seen.

import { describe, expect, it } from "vitest";
import {
  computeFeatures,
  featureSettings,
  measureStatistics,
  normalizeFeatures,
  type Frames,
} from "../../src/audio/index.ts";
import { framesWhere, levelBySpeech } from "../../src/audio/features/speech-frames.ts";
import { parseSettings } from "../../src/settings.ts";
import { noise } from "./signal.ts";

const settings = featureSettings.parse({ normalization: "speech" });
/** Half a second of a buzz with formants' like, soft and loud, and a pause amid. */
const speech = Float32Array.from(noise(16_000), (hiss, n) => {
  const isPause = n > 7000 && n < 9000;
  const swell = 0.15 + 0.1 * Math.sin(n / 900);
  const buzz = Math.sin(n / 20) + Math.sin(n / 7) / 2 + Math.sin(n / 3) / 3 + hiss / 4;
  return isPause ? 0 : swell * buzz;
});
const framesOf = (samples: Float32Array): Frames => computeFeatures(samples, settings);
const training = measureStatistics(
  [levelBySpeech(framesOf(speech), settings)].map(({ frames, isSpeech }) => framesWhere(frames, isSpeech)),
);
const normalized = (samples: Float32Array): Frames =>
  normalizeFeatures(framesOf(samples), settings, training);

const PAD = 3 * 16_000;
function padded(around: (n: number) => number): Float32Array {
  const samples = Float32Array.from({ length: 2 * PAD + speech.length }, (_, n) => around(n));
  samples.set(speech, PAD);
  return samples;
}
const hiss = noise(2 * PAD + speech.length, 7);

/** The largest difference over the frames that lie inside the utterance. */
function differenceInside(whole: Frames, from: number): number {
  const clean = normalized(speech);
  let worst = 0;
  for (let i = clean.size; i < (clean.frames - 1) * clean.size; i++) {
    worst = Math.max(worst, Math.abs(whole.data[from * whole.size + i] - clean.data[i]));
  }
  return worst;
}

describe("normalization by speech", () => {
  // Only the frames at its ends, half speech and half what is around, are counted or not.
  it("gives an utterance the same frames with three seconds of zeros on either side", () => {
    expect(differenceInside(normalized(padded(() => 0)), 300)).toBeLessThan(0.03);
  });

  it("and with three seconds of noise at −60 dB", () => {
    const quiet = padded((n) => 0.001 * Math.sqrt(3) * hiss[n]); // uniform in ±1 has a power of 1/3
    expect(differenceInside(normalized(quiet), 300)).toBeLessThan(0.15);
  });

  it("and 30 dB softer, where speech is above the floor of 16 bits", () => {
    const [clean, soft] = [1, 10 ** (-30 / 20)].map((gain) =>
      normalized(speech.map((value) => gain * value)),
    );
    const { isSpeech } = levelBySpeech(framesOf(speech), settings);
    const [a, b] = [clean, soft].map((frames) => framesWhere(frames, isSpeech).data);
    expect(a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length).toBeLessThan(0.02);
  });

  it("gives slopes that know nothing of what lies below the floor", () => {
    const sloped = { ...settings, deltas: 2 };
    const slopes = (gain: number) => {
      const around = padded((n) => gain * hiss[n]).map((value, n) => value + gain * hiss[n]);
      const { frames } = levelBySpeech(computeFeatures(around, sloped), sloped);
      expect(frames.size).toBe(3 * settings.bins);
      return frames.data.filter((_, at) => at % frames.size >= settings.bins);
    };
    const [quiet, quieter] = [slopes(3e-4), slopes(3e-5)];
    const differences = quiet.map((slope, at) => Math.abs(slope - quieter[at]));
    expect(Math.max(...quiet.map(Math.abs))).toBeGreaterThan(1);
    expect(Math.max(...differences)).toBeLessThan(0.1);
  });

  it("by the utterance, on the other hand, moves them all", () => {
    const byUtterance = { ...settings, normalization: "utterance" } as const;
    const [clean, whole] = [speech, padded((n) => 0.001 * hiss[n])].map((samples) =>
      normalizeFeatures(framesOf(samples), byUtterance),
    );
    expect(Math.abs(whole.data[350 * whole.size + 5] - clean.data[50 * clean.size + 5])).toBeGreaterThan(0.3);
  });

  it("counts the frames of speech, not pauses and not what is around", () => {
    const { isSpeech } = levelBySpeech(framesOf(padded(() => 0)), settings);
    expect(isSpeech.subarray(0, 298).every((mark) => mark === 0)).toBe(true);
    expect(isSpeech.subarray(346, 354).every((mark) => mark === 0)).toBe(true); // the pause
    expect(isSpeech.subarray(300, 400).filter((mark) => mark === 1).length).toBeGreaterThan(70);
  });

  it("shows the floor where nothing within 300 ms is speech, whatever noise is there", () => {
    for (const gain of [0, 0.004]) {
      const { data } = normalized(padded((n) => gain * hiss[n]));
      const isFloor = (t: number) =>
        data.subarray(80 * t, 80 * t + 80).every((value, i) => value === data[i]);
      expect(Array.from({ length: 268 }, (_, t) => isFloor(t)).every(Boolean)).toBe(true);
      expect(isFloor(300)).toBe(false);
      expect(isFloor(440)).toBe(true);
    }
  });

  it("counts and shows everything where noise is nearly as loud as speech", () => {
    const loud = padded((n) => 0.2 * hiss[n]);
    const { isSpeech } = levelBySpeech(framesOf(loud), settings);
    expect(isSpeech.subarray(0, 298).every((mark) => mark === 1)).toBe(true);
  });

  it("takes rumble below 200 Hz for no speech", () => {
    const hum = (n: number) => 0.3 * Math.sin((2 * Math.PI * 50 * n) / 16_000);
    const rumbling = padded(hum).map((value, n) =>
      n < PAD || n >= PAD + speech.length ? value : value + hum(n),
    );
    const { isSpeech } = levelBySpeech(framesOf(rumbling), settings);
    expect(isSpeech.subarray(0, 298).every((mark) => mark === 0)).toBe(true);
    expect(isSpeech.subarray(300, 400).filter((mark) => mark === 1).length).toBeGreaterThan(70);
  });

  it("makes numbers of silence alone, of one frame and of none", () => {
    for (const length of [16_000, 320, 0]) {
      const { data, frames } = normalized(new Float32Array(length));
      expect(data.length).toBe(frames * 80);
      expect(data.every(Number.isFinite)).toBe(true);
    }
  });

  it("is refused for cepstral coefficients, which have no energies of filters", () => {
    expect(() => parseSettings(featureSettings, { kind: "mfcc", normalization: "speech" }, "a.yaml")).toThrow(
      expect.objectContaining({ code: "INVALID_SETTING", where: "a.yaml: normalization" }),
    );
  });
});
