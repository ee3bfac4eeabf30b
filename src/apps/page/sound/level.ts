// How loud sound is, as meters show it.

const FLOOR_DB = -60;

/** @param samples in [-1, 1] @returns in dB of full scale, by the mean square; -Infinity for nothing */
export function levelDb(samples: Float32Array): number {
  const power = samples.reduce((sum, x) => sum + x * x, 0) / Math.max(1, samples.length);
  return 10 * Math.log10(power);
}

/** Of a meter's length, from 0 at -60 dB to 1 at full scale. */
export const meterShare = (db: number): number => Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
