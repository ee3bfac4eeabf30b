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
  const fft = fftOf(size);
  const filter = transformPair(fft, response, NOTHING);
  const output = new Float32Array(samples.length);
  for (let start = 0; start < samples.length; start += 2 * block) {
    const [first, second] = [start, start + block].map((at) => samples.subarray(at, at + block));
    const spectrum = transformPair(fft, first, second);
    multiply(spectrum, filter);
    addPair(fft, spectrum, output, [start - origin, start - origin + block]);
  }
  return output;
}

/** Tables of sines that depend on the size alone: making one takes longer than a block. */
const FFTS = new Map<number, FFT>();

function fftOf(size: number): FFT {
  const known = FFTS.get(size) ?? new FFT(size);
  FFTS.set(size, known);
  return known;
}

const NOTHING = new Float32Array(0);

/** Speech in a room of this response, as loud as before. @param origin the tap of the direct sound */
export function reverberate(samples: Float32Array, response: Float32Array, origin: number): Float32Array {
  const reverberant = convolve(samples, response, origin);
  const gain = Math.sqrt(activePower(samples) / (activePower(reverberant) || 1));
  return reverberant.map((sample) => gain * sample);
}

/** [size] complex, of two signals at once, a real and an imaginary part, both filled up with zeros: filters are real. */
function transformPair(fft: FFT, real: Float32Array, imaginary: Float32Array): number[] {
  const signal = fft.createComplexArray().fill(0);
  for (let n = 0; n < real.length; n++) signal[2 * n] = real[n];
  for (let n = 0; n < imaginary.length; n++) signal[2 * n + 1] = imaginary[n];
  const spectrum = fft.createComplexArray();
  fft.transform(spectrum, signal);
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

/** Adds both signals of a spectrum to the output, each from its start on; what lies outside is cut off. */
function addPair(
  fft: FFT,
  spectrum: number[],
  output: Float32Array,
  starts: readonly [number, number],
): void {
  const signal = fft.createComplexArray();
  fft.inverseTransform(signal, spectrum);
  for (const [part, start] of starts.entries()) {
    const end = Math.min(fft.size, output.length - start);
    for (let n = Math.max(0, -start); n < end; n++) output[start + n] += signal[2 * n + part];
  }
}
