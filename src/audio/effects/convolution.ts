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
  const { fft, filter, spectrum, signal } = workspaceOf(size);
  setPair(signal, response, NOTHING);
  fft.transform(filter, signal);
  const output = new Float32Array(samples.length);
  for (let start = 0; start < samples.length; start += 2 * block) {
    const second = start + block;
    setPair(signal, samples.subarray(start, second), samples.subarray(second, second + block));
    fft.transform(spectrum, signal);
    multiply(spectrum, filter);
    fft.inverseTransform(signal, spectrum);
    addPart(output, start - origin, signal, 0);
    addPart(output, second - origin, signal, 1);
  }
  return output;
}

/** What a convolution of that size works in: tables of sines that take longer than a block, and complex buffers [size]. */
interface Workspace {
  readonly fft: FFT;
  readonly filter: Float64Array;
  readonly spectrum: Float64Array;
  readonly signal: Float64Array;
}

/** Kept, since megabytes for each recording would cost more in garbage than the sums; nothing in them outlives a call. */
const WORKSPACES = new Map<number, Workspace>();

function workspaceOf(size: number): Workspace {
  const buffer = () => new Float64Array(2 * size);
  const known = WORKSPACES.get(size);
  if (known) return known;
  const made = { fft: new FFT(size), filter: buffer(), spectrum: buffer(), signal: buffer() };
  WORKSPACES.set(size, made);
  return made;
}

const NOTHING = new Float32Array(0);

/** Speech in a room of this response, as loud as before. @param origin the tap of the direct sound */
export function reverberate(samples: Float32Array, response: Float32Array, origin: number): Float32Array {
  const reverberant = convolve(samples, response, origin);
  const gain = Math.sqrt(activePower(samples) / (activePower(reverberant) || 1));
  return reverberant.map((sample) => gain * sample);
}

/** Two signals at once, as real and imaginary parts, both filled up with zeros: a real filter keeps them apart. */
function setPair(signal: Float64Array, real: Float32Array, imaginary: Float32Array): void {
  signal.fill(0);
  for (let n = 0; n < real.length; n++) signal[2 * n] = real[n];
  for (let n = 0; n < imaginary.length; n++) signal[2 * n + 1] = imaginary[n];
}

/** a ← a · b, complex. */
function multiply(a: Float64Array, b: Float64Array): void {
  for (let at = 0; at < a.length; at += 2) {
    const [re, im] = [a[at], a[at + 1]];
    a[at] = re * b[at] - im * b[at + 1];
    a[at + 1] = re * b[at + 1] + im * b[at];
  }
}

/** Adds the real (0) or the imaginary part (1) to the output from `start` on; what lies outside is cut off. */
function addPart(output: Float32Array, start: number, signal: Float64Array, part: 0 | 1): void {
  const end = Math.min(signal.length / 2, output.length - start);
  for (let n = Math.max(0, -start); n < end; n++) output[start + n] += signal[2 * n + part];
}
