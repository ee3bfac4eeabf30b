// The Euclidean length of a gradient that lies in several arrays.

/** √Σ x² over all numbers. Four sums at a time: additions to a single sum would wait for each other. */
export function gradientLength(arrays: readonly Float32Array[]): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (const x of arrays) {
    const whole = x.length & ~3;
    for (let i = 0; i < whole; i += 4) {
      a += x[i] * x[i];
      b += x[i + 1] * x[i + 1];
      c += x[i + 2] * x[i + 2];
      d += x[i + 3] * x[i + 3];
    }
    for (let i = whole; i < x.length; i++) a += x[i] * x[i];
  }
  return Math.sqrt(a + b + c + d);
}
