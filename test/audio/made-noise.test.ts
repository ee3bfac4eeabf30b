// Noise of our own making: its power, its colour by the spectrum that filters of its poles have, its seed; the mains' lines;
// and sounds that come and go.

import FFT from "fft.js";
import { describe, expect, it } from "vitest";
import { activePower, colouredNoise, eventNoise, mainsHum } from "../../src/audio/index.ts";

const SECONDS = 4;
const SAMPLES = SECONDS * 16_000;
const steady = { swellDb: 0, seed: 1 };
const WHITE = { poles: [0], weights: [1], ...steady };

/** Mean power spectrum of blocks of 512 samples, 31.25 Hz a line, each under a Hann window (Welch 1967). */
function spectrumOf(samples: Float32Array): Float64Array {
  const fft = new FFT(512);
  const spectrum = fft.createComplexArray();
  const power = new Float64Array(257);
  for (let start = 0; start + 512 <= samples.length; start += 256) {
    const block = Array.from(
      { length: 512 },
      (_, n) => samples[start + n] * Math.sin((Math.PI * n) / 512) ** 2,
    );
    fft.realTransform(spectrum, block);
    power.forEach((_, k) => (power[k] += spectrum[2 * k] ** 2 + spectrum[2 * k + 1] ** 2));
  }
  return power;
}
/** Around a frequency in Hz, of five lines. */
function powerAt(spectrum: Float64Array, hertz: number): number {
  const line = Math.round(hertz / 31.25);
  return spectrum.subarray(line - 2, line + 3).reduce((sum, power) => sum + power, 0);
}
const decibels = (ratio: number): number => 10 * Math.log10(ratio);

describe("coloured noise", () => {
  it.each([
    ["white", [0], [1]],
    ["brown", [0.99], [1]],
    ["a mix", [0.99, 0.9, 0.2], [0.6, 0.3, 0.1]],
  ])("%s: has a mean power of 1", (_, poles, weights) => {
    const noise = colouredNoise(SAMPLES, { poles, weights, ...steady });
    const power = noise.reduce((sum, value) => sum + value * value, 0) / noise.length;
    expect(Math.abs(decibels(power))).toBeLessThan(0.7);
    expect(Math.abs(noise.reduce((sum, value) => sum + value, 0) / noise.length)).toBeLessThan(0.1);
  });

  it("falls over the frequencies as its pole says: |1 − p e^−iω|^−2 (one-pole low-pass)", () => {
    const pole = 0.9;
    const noise = spectrumOf(colouredNoise(SAMPLES, { poles: [pole], weights: [1], ...steady }));
    const response = (hertz: number) =>
      1 / (1 + pole ** 2 - 2 * pole * Math.cos((2 * Math.PI * hertz) / 16_000));
    for (const [low, high] of [[200, 800], [800, 3200]]) {
      const expected = decibels(response(low) / response(high));
      expect(Math.abs(decibels(powerAt(noise, low) / powerAt(noise, high)) - expected)).toBeLessThan(1.5);
    } // prettier-ignore
    const white = spectrumOf(colouredNoise(SAMPLES, WHITE));
    expect(Math.abs(decibels(powerAt(white, 200) / powerAt(white, 3200)))).toBeLessThan(1.5);
  });

  it("is a function of its seed, a shorter one the beginning of a longer", () => {
    expect(colouredNoise(100, WHITE)).toEqual(colouredNoise(200, WHITE).subarray(0, 100));
    expect(colouredNoise(100, { ...WHITE, seed: 2 })).not.toEqual(colouredNoise(100, WHITE));
  });

  it("swells by at most what was asked for, and does swell", () => {
    const noise = colouredNoise(SAMPLES, { ...WHITE, swellDb: 12 });
    const levels = Array.from({ length: 40 }, (_, i) =>
      decibels(activePower(noise.subarray(1600 * i, 1600 * (i + 1)))),
    );
    const span = Math.max(...levels) - Math.min(...levels);
    expect(span).toBeGreaterThan(5);
    expect(span).toBeLessThan(13);
  });
});

describe("the hum of the mains", () => {
  it.each([50, 60])("of %i Hz: lines at its multiples and nothing between, at a mean power of 1", (hertz) => {
    const hum = mainsHum(SAMPLES, { hertz, decay: 0.9, seed: 3 });
    expect(hum.reduce((sum, value) => sum + value * value, 0) / SAMPLES).toBeCloseTo(1, 2);
    const lines = Array.from({ length: 12 }, (_, k) => lineOf(hum, hertz * (k + 1)));
    expect(2 * lines.reduce((sum, power) => sum + power, 0)).toBeCloseTo(1, 2);
    expect(lineOf(hum, hertz * 1.5)).toBeLessThan(1e-6);
  });
});

describe("sounds that come and go", () => {
  const all = Array.from({ length: 20 }, (_, seed) => eventNoise(SAMPLES, { perSecond: 1, seed }));

  it("leave gaps, and are neither silent nor endless", () => {
    for (const noise of all) {
      const silent = noise.filter((value) => value === 0).length / SAMPLES;
      expect(silent).toBeLessThan(0.999);
      const power = activePower(noise);
      expect(decibels(power)).toBeGreaterThan(-25);
      expect(decibels(power)).toBeLessThan(25);
    }
    const gaps = all.filter((noise) => noise.filter((value) => value === 0).length > SAMPLES / 10);
    expect(gaps.length).toBeGreaterThan(10);
  });

  it("differ: some are low and some high, some tones and some noise", () => {
    const balance = all.map((noise) => {
      const power = spectrumOf(noise);
      const half = (from: number, to: number) => power.subarray(from, to).reduce((sum, value) => sum + value);
      return decibels(half(1, 48) / half(48, 257)); // below and above 1.5 kHz
    });
    expect(Math.min(...balance)).toBeLessThan(-3);
    expect(Math.max(...balance)).toBeGreaterThan(10);
  });

  it("are a function of their seed, and as many as asked for", () => {
    expect(eventNoise(8000, { perSecond: 2, seed: 5 })).toEqual(eventNoise(8000, { perSecond: 2, seed: 5 }));
    const heard = (perSecond: number) =>
      [1, 2, 3, 4, 5].reduce(
        (sum, seed) => sum + eventNoise(SAMPLES, { perSecond, seed }).filter((value) => value !== 0).length,
        0,
      );
    expect(heard(8)).toBeGreaterThan(1.5 * heard(0.5));
  });
});

/** Power of one line. */
function lineOf(samples: Float32Array, hertz: number): number {
  let [re, im] = [0, 0];
  for (let n = 0; n < samples.length; n++) {
    re += samples[n] * Math.cos((2 * Math.PI * hertz * n) / 16_000);
    im += samples[n] * Math.sin((2 * Math.PI * hertz * n) / 16_000);
  }
  return (re * re + im * im) / samples.length ** 2;
}
