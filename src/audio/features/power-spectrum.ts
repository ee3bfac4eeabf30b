// The power spectrum of a real signal: its even and odd samples as one complex signal of half the length, one transform
// of that (fft.js), and the two taken apart again (Numerical Recipes, section 12.3). Half the work of a complex
// transform, in buffers that are used again. Knows nothing of windows and filters.

import FFT from "fft.js";

export class PowerSpectrum {
  /** [N] The signal goes in here. */
  readonly signal: Float64Array;
  /** [N / 2 + 1] The power of each line, after `compute`. */
  readonly power: Float64Array;
  readonly #fft: FFT;
  readonly #halves: Float64Array; // [N / 2] complex
  readonly #cosines: Float64Array; // [N / 4 + 1] of 2πk / N
  readonly #sines: Float64Array;

  /** @param size N, a power of two of at least 8 */
  constructor(size: number) {
    this.signal = new Float64Array(size);
    this.power = new Float64Array(size / 2 + 1);
    this.#fft = new FFT(size / 2);
    this.#halves = new Float64Array(size);
    const angles = Float64Array.from({ length: size / 4 + 1 }, (_, k) => (2 * Math.PI * k) / size);
    this.#cosines = angles.map(Math.cos);
    this.#sines = angles.map(Math.sin);
  }

  /** X[k] = E[k] + W^k O[k] and X[N/2 − k]* = E[k] − W^k O[k], with W = exp(−2πi / N), E and O of even and odd samples. */
  compute(): void {
    const [halves, power, cosines, sines] = [this.#halves, this.power, this.#cosines, this.#sines];
    this.#fft.transform(halves, this.signal);
    const last = power.length - 1;
    power[0] = (halves[0] + halves[1]) ** 2;
    power[last] = (halves[0] - halves[1]) ** 2;
    for (let k = 1, at = 2, mirror = 2 * last - 2; k <= last / 2; k++, at += 2, mirror -= 2) {
      const evenRe = (halves[at] + halves[mirror]) / 2;
      const evenIm = (halves[at + 1] - halves[mirror + 1]) / 2;
      const oddRe = (halves[at + 1] + halves[mirror + 1]) / 2;
      const oddIm = (halves[mirror] - halves[at]) / 2;
      const turnedRe = cosines[k] * oddRe + sines[k] * oddIm;
      const turnedIm = cosines[k] * oddIm - sines[k] * oddRe;
      power[k] = (evenRe + turnedRe) ** 2 + (evenIm + turnedIm) ** 2;
      power[last - k] = (evenRe - turnedRe) ** 2 + (evenIm - turnedIm) ** 2;
    }
  }
}
