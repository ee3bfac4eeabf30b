// Convolution with a long response, block by block in the frequency domain (overlap-add; Oppenheim & Schafer, Discrete-Time
// Signal Processing, section 8.7). Memory is that of one block, whatever the length of the recording. One primitive for
// rooms (a response) and for filters (a kernel): which of its taps counts as time 0 is the caller's to say.

import { FourierTransform } from "../fourier-transform.ts";
import { activePower } from "./active-power.ts";

const SMALLEST_FFT = 1024;

/** y[n] = Σ h[k] x[n + origin − k], as long as x, whose outside is silence: tap `origin` of h adds no delay. */
export function convolve(samples: Float32Array, response: Float32Array, origin: number): Float32Array {
  const size = Math.max(SMALLEST_FFT, 2 ** Math.ceil(Math.log2(2 * response.length)));
  const block = size - response.length + 1;
  const { fourier, filter, signal, product } = workspaceOf(size);
  setPair(filter, response, NOTHING);
  fourier.transform(filter.re, filter.im);
  const output = new Float32Array(samples.length);
  for (let start = 0; start < samples.length; start += 2 * block) {
    const second = start + block;
    setPair(signal, samples.subarray(start, second), samples.subarray(second, second + block));
    fourier.transform(signal.re, signal.im);
    multiply(product, signal, filter, fourier.place);
    fourier.transform(product.im, product.re); // back, times the size
    addPart(output, start - origin, product.re, fourier.place);
    addPart(output, second - origin, product.im, fourier.place);
  }
  return output;
}

/** What a convolution of that size works in: tables of sines that take longer than a block, and buffers. */
interface Workspace {
  readonly fourier: FourierTransform;
  readonly filter: Complex;
  readonly signal: Complex;
  readonly product: Complex;
}

/** [size] */
interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Kept, since megabytes for each recording would cost more in garbage than the sums; nothing in them outlives a call. */
const WORKSPACES = new Map<number, Workspace>();

function workspaceOf(size: number): Workspace {
  const buffer = () => ({ re: new Float64Array(size), im: new Float64Array(size) });
  const known = WORKSPACES.get(size);
  if (known) return known;
  const made = { fourier: new FourierTransform(size), filter: buffer(), signal: buffer(), product: buffer() };
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
function setPair({ re, im }: Complex, real: Float32Array, imaginary: Float32Array): void {
  re.fill(0).set(real);
  im.fill(0).set(imaginary);
}

/** product ← a · b, divided by their size, line by line in order. @param place where each line of a and b lies */
function multiply(product: Complex, a: Complex, b: Complex, place: Int32Array): void {
  const scale = 1 / place.length;
  for (let k = 0; k < place.length; k++) {
    const at = place[k];
    product.re[k] = scale * (a.re[at] * b.re[at] - a.im[at] * b.im[at]);
    product.im[k] = scale * (a.re[at] * b.im[at] + a.im[at] * b.re[at]);
  }
}

/** Adds a part to the output from `start` on; what lies outside is cut off. @param place where each of its samples lies */
function addPart(output: Float32Array, start: number, part: Float64Array, place: Int32Array): void {
  const end = Math.min(part.length, output.length - start);
  for (let n = Math.max(0, -start); n < end; n++) output[start + n] += part[place[n]];
}
