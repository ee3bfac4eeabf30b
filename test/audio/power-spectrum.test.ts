// The transform and the spectrum against the plain sums that define them, at every size that settings allow.

import { describe, expect, it } from "vitest";
import { FourierTransform } from "../../src/audio/fourier-transform.ts";
import { Logarithms } from "../../src/audio/features/logarithms.ts";
import { PowerSpectrum } from "../../src/audio/features/power-spectrum.ts";
import { plainSpectrum } from "./plain-spectrum.ts";
import { noise } from "./signal.ts";

const SIZES = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192]; // windows of 1 to 500 ms

/** X[k] = Σ x[n] exp(−2πi kn / N), term by term. */
function line(re: Float64Array, im: Float64Array, k: number): [number, number] {
  const N = re.length;
  let [sumRe, sumIm] = [0, 0];
  for (let n = 0; n < N; n++) {
    const angle = (-2 * Math.PI * ((k * n) % N)) / N;
    sumRe += re[n] * Math.cos(angle) - im[n] * Math.sin(angle);
    sumIm += re[n] * Math.sin(angle) + im[n] * Math.cos(angle);
  }
  return [sumRe, sumIm];
}

/** All of a small size; of a large one the first, the last, and some between. */
const linesOf = (count: number) =>
  count <= 257
    ? Array.from({ length: count }, (_, k) => k)
    : [0, 1, 2, 3, 5, count >> 2, (count >> 1) - 1, count >> 1, count - 2, count - 1];

describe("the Fourier transform", () => {
  it.each([2, 4, 8, ...SIZES])("of %i equals the sums that define it, and goes back", (size) => {
    const fourier = new FourierTransform(size);
    const [re, im] = [noise(size, 3), noise(size, 4)];
    const [ourRe, ourIm] = [re.slice(), im.slice()];
    fourier.transform(ourRe, ourIm);
    for (const k of linesOf(size)) {
      const [lineRe, lineIm] = line(re, im, k);
      expect(Math.abs(ourRe[fourier.place[k]] - lineRe)).toBeLessThan(1e-13 * size);
      expect(Math.abs(ourIm[fourier.place[k]] - lineIm)).toBeLessThan(1e-13 * size);
    }
    const backRe = ourRe.map((_, k) => ourRe[fourier.place[k]] / size);
    const backIm = ourIm.map((_, k) => ourIm[fourier.place[k]] / size);
    fourier.transform(backIm, backRe);
    for (let n = 0; n < size; n++) {
      expect(Math.abs(backRe[fourier.place[n]] - re[n])).toBeLessThan(1e-14);
      expect(Math.abs(backIm[fourier.place[n]] - im[n])).toBeLessThan(1e-14);
    }
  });
});

describe("the power spectrum", () => {
  const samples = Float32Array.from(noise(12_000, 5));
  const windowOf = (length: number) => noise(length, 6).map((value) => 1 + value / 2);
  /** Whole, shorter by one, an odd number, about five eighths, a quarter more than half. */
  const lengthsOf = (size: number) => [size, size - 1, size / 2 + 1, (size * 5) >> 3, (size * 3) >> 2];

  it.each(SIZES)("of %i equals the plain sums, under windows of many lengths", (size) => {
    for (const length of lengthsOf(size)) {
      const window = windowOf(length);
      const spectrum = new PowerSpectrum(size, window);
      spectrum.compute(samples, 77);
      const re = new Float64Array(size);
      re.set(window.map((weight, n) => weight * samples[77 + n]));
      for (const k of linesOf(size / 2 + 1)) {
        const [lineRe, lineIm] = line(re, new Float64Array(size), k);
        expect(Math.abs(spectrum.power[k] - (lineRe ** 2 + lineIm ** 2))).toBeLessThan(1e-12 * size ** 2);
      }
    }
  });

  it.each(SIZES)("of %i has the bits of the same sums in TypeScript", (size) => {
    for (const length of lengthsOf(size)) {
      const window = windowOf(length);
      const spectrum = new PowerSpectrum(size, window);
      for (const start of [0, 1999]) {
        spectrum.compute(samples, start);
        expect(spectrum.power).toEqual(plainSpectrum(samples.subarray(start), window, size));
      }
    }
  });

  it("takes no sample from behind the window, even where that is no number", () => {
    const spectrum = new PowerSpectrum(512, windowOf(319));
    spectrum.compute(
      Float32Array.from(samples, (sample, n) => (n < 319 ? sample : NaN)),
      0,
    );
    expect(spectrum.power.every(Number.isFinite)).toBe(true);
  });
});

describe("logarithms", () => {
  const written = (numbers: readonly number[], floor: number) => {
    const logarithms = new Logarithms(numbers.length);
    logarithms.values.set(numbers);
    const output = new Float32Array(numbers.length + 2);
    logarithms.write(output, 1, floor);
    expect([output[0], output.at(-1)]).toEqual([0, 0]);
    return [...output.subarray(1, -1)];
  };

  it("are those of Math.log, from the least to the largest number", () => {
    const numbers = Array.from({ length: 20_000 }, (_, n) => 10 ** (n / 33 - 304) * (1 + (n % 97) / 97));
    const near = Array.from({ length: 2001 }, (_, n) => 1 + (n - 1000) * 1e-5);
    for (const value of [numbers, near].flat()) {
      const [ours] = written([value], 0);
      expect(Math.abs(ours - Math.log(value))).toBeLessThan(1e-12 + 2 ** -24 * Math.abs(Math.log(value)));
    }
  });

  it("have a floor, and without one take zero and what is no number as Math.log does", () => {
    expect(written([0, 1e-9, 1e-8, 2], 1e-8)).toEqual([1e-8, 1e-8, 1e-8, 2].map(Math.log).map(Math.fround));
    const special = [0, 2.3e-308, Infinity, NaN, 1.7e308]; // no denormals: an engine in the process takes them as 0
    expect(written(special, 0)).toEqual(special.map(Math.log).map(Math.fround));
    expect(written([NaN], 1e-8)).toEqual([NaN]);
  });
});
