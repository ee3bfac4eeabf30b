// The power spectrum of a real signal: its even and odd samples as one complex signal of half the length, one transform
// of that, and the two taken apart again (Numerical Recipes, section 12.3). Half the work of a complex transform. Knows
// nothing of filters.

import { type SpectrumProgram, spectrumProgram } from "./spectrum-program.ts";

export class PowerSpectrum {
  /** [N / 2 + 1] The power of each line, after `compute`. */
  readonly power: Float64Array;
  readonly #program: SpectrumProgram;
  readonly #length: number;

  /** @param size N, a power of two of at least 16 @param window of N weights at most: what follows is zeros */
  constructor(size: number, window: Float64Array) {
    const halved = window.map((weight) => weight / 2); // the sums of two lines are twice those of even and odd samples
    this.#program = spectrumProgram(size, halved);
    this.power = this.#program.power;
    this.#length = window.length;
  }

  /** The samples from `start` on, under the window. @param samples as many as the window has weights, at least */
  compute(samples: Float32Array, start: number): void {
    const { samples: signal, run, power, re, im } = this.#program;
    signal.set(samples.subarray(start, start + this.#length));
    run();
    power[0] = 4 * (re[0] + im[0]) ** 2;
    power[power.length - 1] = 4 * (re[0] - im[0]) ** 2;
  }
}
