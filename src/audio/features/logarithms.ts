// Natural logarithms of many powers at once, several times as fast as Math.log, and the same on every machine: the
// exponent and 7 bits of the mantissa by table, the rest by four terms of the series (Tang 1990, Table-driven implementation
// of the logarithm function). Within 1e-12, which is far below what float32 holds of them.

const STEPS = 128;
const BIAS = 1023; // of the exponent of float64
/** 2^−e at the exponent e as its bits have it, which brings a number to 1 … 2; without the last, whose scale is denormal. */
const SCALES = Float64Array.from({ length: 2 * BIAS }, (_, bits) => 2 ** (BIAS - bits));
const MIDDLES = Float64Array.from({ length: STEPS }, (_, step) => 1 + (step + 0.5) / STEPS);
const INVERSES = MIDDLES.map((middle) => 1 / middle);
const LOGS = MIDDLES.map(Math.log);

/** Numbers whose logarithms are to be had, [size]. */
export class Logarithms {
  readonly values: Float64Array;
  /** Sign, exponent and the first 20 bits of the mantissa are the higher of a number's two (all of today's machines are little-endian). */
  readonly #halves: Int32Array;

  constructor(size: number) {
    this.values = new Float64Array(size);
    this.#halves = new Int32Array(this.values.buffer);
  }

  /** The logarithm of each value, or of the floor where it is less, from `at` on. */
  write(output: Float32Array, at: number, floor: number): void {
    const [values, halves] = [this.values, this.#halves];
    const least = Math.log(floor);
    for (let n = 0; n < values.length; n++) {
      const value = values[n];
      const bits = halves[2 * n + 1];
      const exponent = bits >>> 20;
      if (value < floor) output[at + n] = least;
      else if (exponent === 0 || exponent >= 2 * BIAS) output[at + n] = Math.log(value);
      else {
        const step = (bits >>> 13) & (STEPS - 1);
        const rest = value * SCALES[exponent] * INVERSES[step] - 1;
        const series = rest * (1 - rest * (1 / 2 - rest * (1 / 3 - rest / 4)));
        output[at + n] = (exponent - BIAS) * Math.LN2 + LOGS[step] + series;
      }
    }
  }
}
