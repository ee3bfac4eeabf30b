// What a lossy codec at a low rate leaves: holes in the spectrum and noise under the loud bands, by the means that MP3, AAC
// and Opus share: a lapped transform (MDCT, Princen & Bradley 1986) whose bands are quantized as far as the bits reach.
// No bit stream is written, since only the loss is wanted.

import { FourierTransform } from "../fourier-transform.ts";
import { SAMPLE_RATE_HZ } from "../resample.ts";
import { meanSquare } from "./mean-square.ts";

/** Coefficients of a block, and samples from one to the next: 16 ms. */
const HOP = 256;
const BANDS = bandEdges();
/** Noise may be louder under loud bands (masking): a band's share of the noise grows with this power of its energy. */
const MASKING = 0.5;

/** `samples` at 16 kHz as a codec of so many kbit/s gives them back: as long, and not delayed. */
export function throughTransformCoder(samples: Float32Array, kbps: number): Float32Array {
  const bitsPerBlock = (kbps * 1000 * HOP) / SAMPLE_RATE_HZ;
  const output = new Float32Array(samples.length);
  const block = new Float64Array(2 * HOP);
  const lappedTransform = new LappedTransform();
  for (let start = -HOP; start < samples.length; start += HOP) {
    for (let n = 0; n < 2 * HOP; n++) block[n] = WINDOW[n] * (samples[start + n] ?? 0);
    const coefficients = lappedTransform.forward(block);
    quantize(coefficients, bitsPerBlock);
    const lapped = lappedTransform.back(coefficients);
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
  const shares = energies.map((energy) => (1 - MASKING) * Math.log2(energy / loudest));
  const level = noiseLevel(shares, bits);
  for (const [i, [from, to]] of BANDS.entries()) {
    if (energies[i] === 0) continue;
    const step = Math.sqrt(12 * energies[i] * 2 ** (level - shares[i]));
    for (let k = from; k < to; k++) coefficients[k] = step * Math.round(coefficients[k] / step);
  }
}

/**
 * The level of the noise, as log2 of the loudest band's, at which half a bit for each factor of 2 between signal and noise,
 * of each coefficient (rate-distortion of a normal variable), makes these bits: reverse water-filling.
 * @param shares log2 of what each band would have over the noise at level 0
 */
function noiseLevel(shares: readonly number[], bits: number): number {
  const order = [...shares.keys()].toSorted((a, b) => shares[b] - shares[a]);
  let [level, width, sum] = [0, 0, 0];
  for (const band of order) {
    if (width > 0 && level >= shares[band]) break; // this band and all softer ones drown
    width += BANDS[band][1] - BANDS[band][0];
    sum += (BANDS[band][1] - BANDS[band][0]) * shares[band];
    level = (sum - 2 * bits) / width;
  }
  return level;
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

/** n₀ of the transform, by which its two halves alias as they must to cancel. */
const PHASE = 0.5 + HOP / 2;
const GAIN = Math.sqrt(2 / HOP);
const TURNS = {
  before: turns(2 * HOP, (n) => (-Math.PI * n) / (2 * HOP)),
  after: turns(HOP, (k) => (-Math.PI * PHASE * (k + 0.5)) / HOP),
  beforeBack: turns(HOP, (k) => (Math.PI * PHASE * k) / HOP),
  afterBack: turns(2 * HOP, (n) => (Math.PI * (n + PHASE)) / (2 * HOP)),
};

/** The transform and its inverse, by one Fourier transform of 2 N points between two turns of the phase; keeps its memory. */
class LappedTransform {
  readonly #fourier = new FourierTransform(2 * HOP);
  readonly #re = new Float64Array(2 * HOP);
  readonly #im = new Float64Array(2 * HOP);
  readonly #coefficients = new Float64Array(HOP);
  readonly #signal = new Float64Array(2 * HOP);

  /** X[k] = √(2 / N) Σ x[n] cos(π / N (n + n₀)(k + ½)); overwritten by the next. @param block [2 N] */
  forward(block: Float64Array): Float64Array {
    this.#turn(block, TURNS.before);
    this.#fourier.transform(this.#re, this.#im);
    return this.#turnBack(this.#coefficients, TURNS.after);
  }

  /** [2 N] The inverse, before windows and overlaps cancel its aliases. */
  back(coefficients: Float64Array): Float64Array {
    this.#turn(coefficients, TURNS.beforeBack);
    this.#fourier.transform(this.#im, this.#re); // exchanged, so back; times 2 N, as it must be
    return this.#turnBack(this.#signal, TURNS.afterBack);
  }

  /** complex[n] = real[n] · e^(i angle[n]), and zeros behind it */
  #turn(real: Float64Array, { cosines, sines }: Turns): void {
    const [re, im] = [this.#re, this.#im];
    for (let at = 0; at < real.length; at++) {
      re[at] = real[at] * cosines[at];
      im[at] = real[at] * sines[at];
    }
    re.fill(0, real.length);
    im.fill(0, real.length);
  }

  /** real[n] = √(2 / N) Re(complex[n] · e^(i angle[n])) */
  #turnBack(real: Float64Array, { cosines, sines }: Turns): Float64Array {
    const [re, im, { place }] = [this.#re, this.#im, this.#fourier];
    for (let n = 0; n < real.length; n++) {
      const at = place[n];
      real[n] = GAIN * (re[at] * cosines[n] - im[at] * sines[n]);
    }
    return real;
  }
}

interface Turns {
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
}

function turns(count: number, angleOf: (at: number) => number): Turns {
  const angles = Float64Array.from({ length: count }, (_, at) => angleOf(at));
  return { cosines: angles.map(Math.cos), sines: angles.map(Math.sin) };
}
