// What a lossy codec at a low rate leaves: holes in the spectrum and noise under the loud bands, by the means that MP3, AAC
// and Opus share: a lapped transform (MDCT, Princen & Bradley 1986) whose bands are quantized as far as the bits reach.
// No bit stream is written, since only the loss is wanted.

import FFT from "fft.js";
import { SAMPLE_RATE_HZ } from "../resample.ts";

/** Coefficients of a block, and samples from one to the next: 16 ms. */
const HOP = 256;
const BANDS = bandEdges();
/** Noise may be louder under loud bands (masking): a band's share of the noise grows with this power of its energy. */
const MASKING = 0.5;
/** Exact search would buy nothing: the noise level is halved and doubled this often. */
const ROUNDS = 20;

/** `samples` at 16 kHz as a codec of so many kbit/s gives them back: as long, and not delayed. */
export function throughTransformCoder(samples: Float32Array, kbps: number): Float32Array {
  const bitsPerBlock = (kbps * 1000 * HOP) / SAMPLE_RATE_HZ;
  const output = new Float32Array(samples.length);
  const block = new Float64Array(2 * HOP);
  for (let start = -HOP; start < samples.length; start += HOP) {
    for (let n = 0; n < 2 * HOP; n++) block[n] = WINDOW[n] * (samples[start + n] ?? 0);
    const coefficients = transform(block);
    quantize(coefficients, bitsPerBlock);
    const lapped = transformBack(coefficients);
    for (let n = Math.max(0, -start); n < 2 * HOP && start + n < samples.length; n++) {
      output[start + n] += WINDOW[n] * lapped[n];
    }
  }
  return output;
}

/** Rounds each band to steps of its own, the finest for which all bands together take no more than these bits. */
function quantize(coefficients: Float64Array, bits: number): void {
  const energies = BANDS.map(([from, to]) => meanSquare(coefficients.subarray(from, to)));
  const loudest = Math.max(...energies);
  if (loudest === 0) return;
  let [low, high] = [-60, 10]; // log2 of the noise level, of the loudest band
  for (let round = 0; round < ROUNDS; round++) {
    const middle = (low + high) / 2;
    if (bitsAt(energies, loudest, middle) > bits) low = middle;
    else high = middle;
  }
  for (const [i, [from, to]] of BANDS.entries()) {
    const step = Math.sqrt(12 * noiseOf(energies[i], loudest, high));
    for (let k = from; k < to; k++) coefficients[k] = step * Math.round(coefficients[k] / step);
  }
}

/** Power of the noise that a band bears. */
const noiseOf = (energy: number, loudest: number, level: number): number =>
  2 ** level * loudest * ((energy || Number.MIN_VALUE) / loudest) ** MASKING;

/** Half a bit for each factor of 2 between signal and noise, of each coefficient (rate-distortion of a normal variable). */
function bitsAt(energies: readonly number[], loudest: number, level: number): number {
  return energies.reduce((sum, energy, i) => {
    const ratio = energy / noiseOf(energy, loudest, level);
    return sum + (ratio > 1 ? (BANDS[i][1] - BANDS[i][0]) * 0.5 * Math.log2(ratio) : 0);
  }, 0);
}

/** Bands as wide as those of the ear at least: 100 Hz below 500 Hz, then a fifth of their frequency. */
function bandEdges(): readonly (readonly [number, number])[] {
  const bands: [number, number][] = [];
  for (let from = 0; from < HOP;) {
    const to = Math.min(HOP, from + Math.max(4, Math.round(from / 5)));
    bands.push([from, to]);
    from = to;
  }
  return bands;
}

const WINDOW = Float64Array.from({ length: 2 * HOP }, (_, n) => Math.sin((Math.PI * (n + 0.5)) / (2 * HOP)));

const fft = new FFT(2 * HOP);
/** n₀ of the transform, by which its two halves alias as they must to cancel. */
const PHASE = 0.5 + HOP / 2;

/** X[k] = √(2 / N) Σ x[n] cos(π / N (n + n₀)(k + ½)), by one FFT of 2 N points between two turns of the phase. */
function transform(block: Float64Array): Float64Array {
  const turned = fft.createComplexArray();
  block.forEach((value, n) => turn(turned, n, value, (-Math.PI * n) / (2 * HOP)));
  const spectrum = fft.createComplexArray();
  fft.transform(spectrum, turned);
  return new Float64Array(HOP).map(
    (_, k) => GAIN * realAfterTurn(spectrum, k, (-Math.PI * PHASE * (k + 0.5)) / HOP),
  );
}

/** [2 N] The inverse, before windows and overlaps cancel its aliases. */
function transformBack(coefficients: Float64Array): Float64Array {
  const turned = fft.createComplexArray().fill(0);
  coefficients.forEach((value, k) => turn(turned, k, value, (Math.PI * PHASE * k) / HOP));
  const signal = fft.createComplexArray();
  fft.inverseTransform(signal, turned); // divides by 2 N
  return new Float64Array(2 * HOP).map(
    (_, n) => 2 * HOP * GAIN * realAfterTurn(signal, n, (Math.PI * (n + PHASE)) / (2 * HOP)),
  );
}

const GAIN = Math.sqrt(2 / HOP);

function turn(complex: number[], at: number, value: number, angle: number): void {
  complex[2 * at] = value * Math.cos(angle);
  complex[2 * at + 1] = value * Math.sin(angle);
}

function realAfterTurn(complex: readonly number[], at: number, angle: number): number {
  return complex[2 * at] * Math.cos(angle) - complex[2 * at + 1] * Math.sin(angle);
}

function meanSquare(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length);
}
