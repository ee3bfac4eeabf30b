// What noise suppressors leave of speech: they take whatever is soft in a band for noise, weak consonants too, and what is
// left of the noise twitters (spectral subtraction, Boll 1979, with the floor of Berouti, Schwartz & Makhoul 1979).

import { FourierTransform } from "../fourier-transform.ts";

/** Samples of a block, and half as many from one to the next: 32 ms. */
const BLOCK = 512;
const HOP = BLOCK / 2;
const WINDOW = Float64Array.from({ length: BLOCK }, (_, n) => Math.sin((Math.PI * (n + 0.5)) / BLOCK));

/**
 * @param samples at 16 kHz
 * @param belowDb what is taken for noise: a power in each line of the spectrum, so far below the loudest of all blocks
 * @param floorDb how far noise is turned down, at most
 * @returns as many, not delayed
 */
export function suppressNoise(samples: Float32Array, belowDb: number, floorDb: number): Float32Array {
  const fourier = new FourierTransform(BLOCK);
  const spectra = blockSpectra(samples, fourier);
  const noise = loudestLine(spectra) * 10 ** (-belowDb / 10);
  const floor = 10 ** (-floorDb / 10);
  const output = new Float32Array(samples.length);
  for (const [index, spectrum] of spectra.entries()) {
    subtract(spectrum, noise, floor);
    fourier.transform(spectrum.im, spectrum.re); // back, times BLOCK
    const start = (index - 1) * HOP;
    for (let n = Math.max(0, -start); n < BLOCK && start + n < samples.length; n++) {
      output[start + n] += (WINDOW[n] / BLOCK) * spectrum.re[fourier.place[n]];
    }
  }
  return output;
}

/** [BLOCK], all lines in order */
interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Of blocks that overlap by half, the first half a block before the sound. */
function blockSpectra(samples: Float32Array, fourier: FourierTransform): Spectrum[] {
  return Array.from({ length: Math.ceil(samples.length / HOP) + 1 }, (_, index) => {
    const start = (index - 1) * HOP;
    const re = WINDOW.map((weight, n) => weight * (samples[start + n] ?? 0));
    const im = new Float64Array(BLOCK);
    fourier.transform(re, im);
    return { re: re.map((_, k) => re[fourier.place[k]]), im: im.map((_, k) => im[fourier.place[k]]) };
  });
}

function loudestLine(spectra: readonly Spectrum[]): number {
  return spectra.reduce((most, spectrum) => {
    let loudest = most;
    for (let k = 0; k < BLOCK; k++) loudest = Math.max(loudest, powerOf(spectrum, k));
    return loudest;
  }, 0);
}

/** Takes the noise's power from each line, as far as to the floor, in place. */
function subtract(spectrum: Spectrum, noise: number, floor: number): void {
  for (let k = 0; k < BLOCK; k++) {
    const power = powerOf(spectrum, k);
    const gain = power === 0 ? 0 : Math.sqrt(Math.max(floor, 1 - noise / power));
    spectrum.re[k] *= gain;
    spectrum.im[k] *= gain;
  }
}

const powerOf = ({ re, im }: Spectrum, line: number): number => re[line] ** 2 + im[line] ** 2;
