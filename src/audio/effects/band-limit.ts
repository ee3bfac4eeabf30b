// What a narrow channel lets through: a windowed-sinc band-pass (Oppenheim & Schafer, Discrete-Time Signal Processing,
// section 7.5), centered, so that nothing moves in time.

import { convolve } from "./convolution.ts";
import { SAMPLE_RATE_HZ } from "../resample.ts";

/** Taps on either side: the edges are about 3.1 · 16000 / 512 ≈ 100 Hz wide. */
const HALF_LENGTH = 256;

/** The samples with what lies below `lowHz` and above `highHz` taken away; 0 and 8000 leave all. */
export function limitBand(samples: Float32Array, lowHz: number, highHz: number): Float32Array {
  const low = lowPass(lowHz);
  const kernel = lowPass(highHz).map((tap, index) => tap - low[index]);
  return convolve(samples, kernel, HALF_LENGTH);
}

/** Taps of an ideal low-pass under a Hann window; at half the sample rate, a single 1. */
function lowPass(cutoffHz: number): Float32Array {
  const cutoff = (2 * cutoffHz) / SAMPLE_RATE_HZ; // in halves of the sample rate
  return Float32Array.from({ length: 2 * HALF_LENGTH + 1 }, (_, index) => {
    const n = index - HALF_LENGTH;
    if (n === 0) return cutoff;
    const taper = 0.5 + 0.5 * Math.cos((Math.PI * n) / (HALF_LENGTH + 1));
    return (taper * Math.sin(Math.PI * cutoff * n)) / (Math.PI * n);
  });
}
