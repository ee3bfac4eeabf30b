// Convolution with a long response, block by block in the frequency domain (overlap-add; Oppenheim & Schafer, Discrete-Time
// Signal Processing, section 8.7). Memory is that of one block, whatever the length of the recording. One primitive for
// rooms (a response) and for filters (a kernel): which of its taps counts as time 0 is the caller's to say.

import FFT from "fft.js";
import { activePower } from "./active-power.ts";

const SMALLEST_FFT = 1024;

/** y[n] = Σ h[k] x[n + origin − k], as long as x, whose outside is silence: tap `origin` of h adds no delay. */
export function convolve(samples: Float32Array, response: Float32Array, origin: number): Float32Array {
  const size = Math.max(SMALLEST_FFT, 2 ** Math.ceil(Math.log2(2 * response.length)));
  const block = size - response.length + 1;
  const fft = new FFT(size);
  const filter = transformReal(fft, response);
  const output = new Float32Array(samples.length);
  for (let start = 0; start < samples.length; start += block) {
    const spectrum = transformReal(fft, samples.subarray(start, start + block));
    multiply(spectrum, filter);
    addReal(fft, spectrum, output, start - origin);
  }
  return output;
}

/** Speech in a room of this response, as loud as before. @param origin the tap of the direct sound */
export function reverberate(samples: Float32Array, response: Float32Array, origin: number): Float32Array {
  const reverberant = convolve(samples, response, origin);
  const gain = Math.sqrt(activePower(samples) / (activePower(reverberant) || 1));
  return reverberant.map((sample) => gain * sample);
}

/** [size] complex, of a signal filled up with zeros. */
function transformReal(fft: FFT, signal: Float32Array): number[] {
  const padded = new Float64Array(fft.size);
  padded.set(signal);
  const spectrum = fft.createComplexArray();
  fft.realTransform(spectrum, padded);
  fft.completeSpectrum(spectrum);
  return spectrum;
}

/** a ← a · b, complex. */
function multiply(a: number[], b: readonly number[]): void {
  for (let at = 0; at < a.length; at += 2) {
    const [re, im] = [a[at], a[at + 1]];
    a[at] = re * b[at] - im * b[at + 1];
    a[at + 1] = re * b[at + 1] + im * b[at];
  }
}

/** Adds the signal of a spectrum to the output from `start` on; what lies outside is cut off. */
function addReal(fft: FFT, spectrum: number[], output: Float32Array, start: number): void {
  const signal = fft.createComplexArray();
  fft.inverseTransform(signal, spectrum);
  const end = Math.min(fft.size, output.length - start);
  for (let n = Math.max(0, -start); n < end; n++) output[start + n] += signal[2 * n];
}
