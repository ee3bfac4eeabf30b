// What happens to speech on its way to a microphone and beyond: rooms, noise, narrow bands, telephones.

import { describe, expect, it } from "vitest";
import { activePower, convolve, limitBand, mixAtSnr, throughTelephone } from "../../src/audio/index.ts";
import { throughAdpcm } from "../../src/audio/formats/adpcm.ts";
import { throughMuLaw } from "../../src/audio/effects/telephone.ts";
import { largestDifference, level, noise, risingTone, tone } from "./signal.ts";

const hiss = (count: number, seed = 1) => Float32Array.from(noise(count, seed));

describe("convolution", () => {
  /** The definition. */
  const slowly = (samples: Float32Array, response: Float32Array, origin: number) =>
    samples.map((_, n) => response.reduce((sum, tap, k) => sum + tap * (samples[n + origin - k] ?? 0), 0));

  it.each([
    [50, 7, 0],
    [2000, 100, 60],
    [3000, 300, 299],
    [300, 600, 10],
  ])("of %i samples with %i taps equals its definition, time 0 at tap %i", (count, taps, origin) => {
    const [samples, response] = [hiss(count), hiss(taps, 2)];
    const output = convolve(samples, response, origin);
    expect(largestDifference(output, slowly(samples, response, origin))).toBeLessThan(1e-4);
  });
});

describe("a band limit", () => {
  it("leaves what lies inside as it is, where it is", () => {
    const inside = tone(1000, 16_000, 0.5);
    const output = limitBand(inside, 300, 3400);
    expect(largestDifference(output.subarray(400, 7600), inside.subarray(400, 7600))).toBeLessThan(1e-3);
    expect(largestDifference(limitBand(inside, 0, 8000), inside)).toBeLessThan(1e-5);
  });

  it("takes away what lies outside", () => {
    for (const hertz of [100, 3700, 6000]) {
      const output = limitBand(tone(hertz, 16_000, 0.5), 300, 3400);
      expect(level(output, 400, 7600)).toBeLessThan(0.001);
    }
  });
});

describe("active power", () => {
  const spoken = tone(440, 16_000, 1); // an amplitude of 0.5: a power of 0.125

  it("is that of the sound, however long the pauses", () => {
    const withPauses = new Float32Array(5 * 16_000).map((_, n) => 0.001 * Math.sin(n));
    withPauses.set(spoken, 2 * 16_000);
    expect(activePower(spoken)).toBeCloseTo(0.125, 3);
    expect(activePower(withPauses)).toBeCloseTo(0.125, 3);
  });

  it("is 0 for silence and for nothing, and exists for less than a frame", () => {
    expect(activePower(new Float32Array(1000))).toBe(0);
    expect(activePower(new Float32Array(0))).toBe(0);
    expect(activePower(new Float32Array(10).fill(0.5))).toBe(0.25);
    expect(activePower(new Float32Array(1000).fill(Number.NaN))).toBeNaN(); // and comes to an end
  });
});

describe("a mix", () => {
  const speech = new Float32Array(32_000);
  speech.set(tone(440, 16_000, 1), 8000);
  const noises = hiss(32_000);

  it.each([-5, 0, 10, 20])("has the ratio asked for, %i dB, of active powers", (snrDb) => {
    const mixed = mixAtSnr(speech, noises, snrDb);
    const added = mixed.map((value, n) => value - speech[n]);
    expect(10 * Math.log10(activePower(speech) / activePower(added))).toBeCloseTo(snrDb, 2);
  });

  it("with silence, of either side, is the speech", () => {
    const silence = new Float32Array(32_000);
    expect(mixAtSnr(speech, silence, 10)).toBe(speech);
    expect(mixAtSnr(silence, noises, 10)).toEqual(silence);
  });
});

describe("telephone codecs", () => {
  const sent = Float32Array.from({ length: 60 }, (_, n) => {
    const time = (2 * Math.PI * n) / 8000;
    return Math.trunc(12_000 * Math.sin(440 * time) + 6000 * Math.sin(1900 * time)) / 2 ** 15;
  });
  const rounded = (samples: Float32Array) => [...samples].map((sample) => Math.round(2 ** 15 * sample));

  it("IMA ADPCM equals lin2adpcm and adpcm2lin of audioop (CPython 3.11.7)", () => {
    // prettier-ignore
    expect(rounded(throughAdpcm(sent))).toEqual([
      0, 11, 41, 104, 240, 533, 1164, 2521, 775, 4295, 773, -6089, -14914, -8982, -5747, -12610, -13501, -2965, 4213,
      2908, 1722, 9272, 18097, 12165, 4615, 5595, 10052, 4379, -6671, -11408, -4230, -8145, -16450, -15372, -6547, -615,
      -3850, -2870, 6936, 16072, 12513, 4963, 9865, 14322, 7028, -3758, -5193, -1278, -4837, -16702, -15123, -7945,
      -4030, -9962, -6727, 4059, 11237, 7322, 6136, 11529,
    ]);
  });

  it.each(["mu-law", "adpcm"] as const)("%s keeps the length, the time and the words", async (codec) => {
    const samples = risingTone(16_000, 1.00001).map((value) => 0.8 * value);
    const received = await throughTelephone(samples, codec);
    expect(received.length).toBe(samples.length);
    const error = received.map((value, n) => value - samples[n]);
    const signalToError = 20 * Math.log10(level(samples, 1000, 15_000) / level(error, 1000, 15_000));
    expect(signalToError).toBeGreaterThan(12);
    expect(signalToError).toBeLessThan(40);
  });

  it("mu-law equals lin2ulaw and ulaw2lin of audioop (CPython 3.11.7)", () => {
    // prettier-ignore
    expect(rounded(throughMuLaw(sent)).slice(0, 30)).toEqual([
      0, 9852, 8828, 4604, 9852, 17788, 13436, 2876, 876, 4860, 524, -11388, -14972, -8828, -6652, -12924, -13948, -3388,
      5116, 2876, 1052, 9340, 17788, 13436, 5116, 6140, 10364, 4348, -7932, -10876,
    ]);
    expect(new Set(throughMuLaw(hiss(10_000))).size).toBeLessThanOrEqual(256);
  });
});
