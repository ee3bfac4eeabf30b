// What noise suppressors leave of speech: they take whatever is soft in a band for noise, weak consonants too, and what is
// left of the noise twitters (spectral subtraction, Boll 1979, with the floor of Berouti, Schwartz & Makhoul 1979).

import FFT from "fft.js";

/** Samples of a block, and half as many from one to the next: 32 ms. */
const BLOCK = 512;
const HOP = BLOCK / 2;
const LINES = HOP + 1;
const WINDOW = Float64Array.from({ length: BLOCK }, (_, n) => Math.sin((Math.PI * (n + 0.5)) / BLOCK));

/**
 * @param samples at 16 kHz
 * @param belowDb what is taken for noise: a power in each line of the spectrum, so far below the loudest of all blocks
 * @param floorDb how far noise is turned down, at most
 * @returns as many, not delayed
 */
export function suppressNoise(samples: Float32Array, belowDb: number, floorDb: number): Float32Array {
  const spectra = blockSpectra(samples);
  const noise = loudestLine(spectra) * 10 ** (-belowDb / 10);
  const floor = 10 ** (-floorDb / 10);
  const output = new Float32Array(samples.length);
  const block = new Float64Array(2 * BLOCK); // complex
  const fft = new FFT(BLOCK);
  for (const [index, spectrum] of spectra.entries()) {
    subtract(spectrum, noise, floor);
    fft.completeSpectrum(spectrum);
    fft.inverseTransform(block, spectrum); // divides by BLOCK
    const start = (index - 1) * HOP;
    for (let n = Math.max(0, -start); n < BLOCK && start + n < samples.length; n++) {
      output[start + n] += WINDOW[n] * block[2 * n];
    }
  }
  return output;
}

/** Of blocks that overlap by half, the first half a block before the sound. */
function blockSpectra(samples: Float32Array): Float64Array[] {
  const fft = new FFT(BLOCK);
  return Array.from({ length: Math.ceil(samples.length / HOP) + 1 }, (_, index) => {
    const start = (index - 1) * HOP;
    const block = Array.from(WINDOW, (weight, n) => weight * (samples[start + n] ?? 0));
    const spectrum = new Float64Array(2 * BLOCK); // complex
    fft.realTransform(spectrum, block);
    return spectrum;
  });
}

function loudestLine(spectra: readonly Float64Array[]): number {
  return spectra.reduce((most, spectrum) => {
    let loudest = most;
    for (let k = 0; k < LINES; k++) loudest = Math.max(loudest, powerOf(spectrum, k));
    return loudest;
  }, 0);
}

/** Takes the noise's power from each line, as far as to the floor, in place. */
function subtract(spectrum: Float64Array, noise: number, floor: number): void {
  for (let k = 0; k < LINES; k++) {
    const power = powerOf(spectrum, k);
    const gain = power === 0 ? 0 : Math.sqrt(Math.max(floor, 1 - noise / power));
    spectrum[2 * k] *= gain;
    spectrum[2 * k + 1] *= gain;
  }
}

const powerOf = (spectrum: Float64Array, line: number): number =>
  spectrum[2 * line] ** 2 + spectrum[2 * line + 1] ** 2;
