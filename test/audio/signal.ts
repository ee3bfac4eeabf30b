// Deterministic test signals. `risingTone` is the very signal of fixtures/make_fixtures.py.

/** Numbers in [-1, 1) from a linear congruential generator (Numerical Recipes' constants). */
export function noise(count: number, seed = 1): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A tone that rises from 200 Hz to 3 kHz, and a little noise. */
export function risingTone(rateHz: number, seconds = 0.15): Float32Array {
  const hiss = noise(Math.round(rateHz * seconds));
  return Float32Array.from(hiss, (value, n) => {
    const time = n / rateHz;
    const phase = 2 * Math.PI * (200 * time + (2800 / (2 * seconds)) * time ** 2);
    return 0.4 * Math.sin(phase) + 0.02 * value;
  });
}

export function tone(hertz: number, rateHz: number, seconds: number): Float32Array {
  const count = Math.round(rateHz * seconds);
  return Float32Array.from({ length: count }, (_, n) => 0.5 * Math.sin((2 * Math.PI * hertz * n) / rateHz));
}

export function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((worst, value, n) => Math.max(worst, Math.abs(value - b[n])), 0);
}

/** Root of the mean square of the samples from `start` to `end`. */
export function level(samples: Float32Array, start = 0, end = samples.length): number {
  const part = samples.subarray(start, end);
  return Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / part.length);
}

/** The largest normalized correlation of `b` within `a` over delays of up to 0.1 s. */
export function bestCorrelation(a: Float32Array, b: Float32Array): number {
  let best = 0;
  for (let delay = 0; delay < 1600; delay++) {
    const part = a.subarray(delay, delay + b.length);
    let product = 0;
    for (let n = 0; n < part.length; n++) product += part[n] * b[n];
    best = Math.max(best, product / (b.length * level(part) * level(b)));
  }
  return best;
}
