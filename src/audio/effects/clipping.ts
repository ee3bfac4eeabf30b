// What a converter does to sound that is too loud for it: whatever is beyond the ceiling is cut off flat.

/** `samples` within ±`ceiling`. */
export function clipAt(samples: Float32Array, ceiling: number): Float32Array {
  return samples.map((sample) => Math.min(Math.max(sample, -ceiling), ceiling));
}

/** Clipped at so many dB below the largest sample. */
export function clipPeaks(samples: Float32Array, db: number): Float32Array {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return clipAt(samples, peak * 10 ** (-db / 20));
}
