// How weights start. Each initializer fills a matrix [rows = inputs, columns = outputs] from a seeded stream.

import type { RandomStream } from "../random.ts";

export type Initializer = (shape: readonly number[], random: RandomStream) => Float32Array;

export const zeros: Initializer = (shape) => new Float32Array(count(shape));

/** Normal with variance 2 / inputs, which keeps the scale through rectified layers (He et al. 2015, eq. 10). */
export const heNormal: Initializer = (shape, random) => normal(Math.sqrt(2 / shape[0]))(shape, random);

/** Normal with variance 1 / inputs, for a layer without a rectifier (LeCun et al. 1998). */
export const lecunNormal: Initializer = (shape, random) => normal(Math.sqrt(1 / shape[0]))(shape, random);

export const normal =
  (deviation: number): Initializer =>
  (shape, random) =>
    Float32Array.from({ length: count(shape) }, () => deviation * random.normal());

/** A random orthogonal matrix times `gain`: state neither explodes nor fades (Saxe et al. 2014), by Gram–Schmidt. */
export const orthogonal =
  (gain: number): Initializer =>
  ([rows, columns], random) => {
    const matrix = Float64Array.from({ length: rows * columns }, () => random.normal());
    for (let i = 0; i < rows; i++) {
      const row = matrix.subarray(i * columns, (i + 1) * columns);
      for (let j = 0; j < i; j++) removeComponent(row, matrix.subarray(j * columns, (j + 1) * columns));
      scale(row, 1 / Math.sqrt(dot(row, row)));
    }
    return Float32Array.from(matrix, (value) => gain * value);
  };

/** The identity times `gain`, with which a rectified recurrence starts as an integrator (Le et al. 2015). */
export const identityMatrix =
  (gain: number): Initializer =>
  ([rows, columns]) =>
    Float32Array.from({ length: rows * columns }, (_, i) =>
      i % columns === Math.floor(i / columns) ? gain : 0,
    );

function removeComponent(row: Float64Array, unit: Float64Array): void {
  const amount = dot(row, unit);
  for (let i = 0; i < row.length; i++) row[i] -= amount * unit[i];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function scale(row: Float64Array, factor: number): void {
  for (let i = 0; i < row.length; i++) row[i] *= factor;
}

function count(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
