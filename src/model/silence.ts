// Silence is not for networks: normalization divides by its deviation, and what rounding leaves of it looks like speech.

/** The samples, or none of them where every one is zero. */
export function audible(samples: Float32Array): Float32Array {
  return samples.every((sample) => sample === 0) ? samples.subarray(0, 0) : samples;
}
