// How weights start. Each initializer fills a matrix [rows = inputs, columns = outputs] from a seeded stream.

import type { RandomStream } from "../random.ts";
import { elementCount } from "../tensor.ts";

export type WeightInitializer = (shape: readonly number[], random: RandomStream) => Float32Array;

export const zeros: WeightInitializer = (shape) => new Float32Array(elementCount(shape));

export const ones: WeightInitializer = (shape) => new Float32Array(elementCount(shape)).fill(1);

/** Normal with variance 2 / inputs, which keeps the scale through rectified layers (He et al. 2015, eq. 10). */
export const heNormal: WeightInitializer = (shape, random) => normal(Math.sqrt(2 / shape[0]))(shape, random);

/** Normal with variance 1 / inputs, for a layer without a rectifier (LeCun et al. 1998). */
export const lecunNormal: WeightInitializer = (shape, random) =>
  normal(Math.sqrt(1 / shape[0]))(shape, random);

export const normal =
  (deviation: number): WeightInitializer =>
  (shape, random) =>
    Float32Array.from({ length: elementCount(shape) }, () => deviation * random.normal());

/** The identity times `gain`, with which a rectified recurrence starts as an integrator (Le et al. 2015). */
export const identityMatrix =
  (gain: number): WeightInitializer =>
  ([rows, columns]) =>
    Float32Array.from({ length: rows * columns }, (_, i) =>
      i % columns === Math.floor(i / columns) ? gain : 0,
    );

/** Ones in the first row and zeros in the others: of the steps that a row convolution weighs, nothing but the own one. */
export const firstRow: WeightInitializer = (shape) =>
  new Float32Array(elementCount(shape)).fill(1, 0, shape[1]);

/**
 * A square matrix that turns a vector without stretching it, for which a recurrence neither grows nor fades (Saxe et al.
 * 2013, arXiv 1312.6120): turns of random pairs of axes, in rounds, until each axis was mixed with every other.
 */
export const orthogonal: WeightInitializer = ([size], random) => {
  const rows = Array.from({ length: size }, (_, i) => new Float64Array(size).fill(1, i, i + 1));
  const rounds = size === 1 ? 0 : 2 + Math.ceil(Math.log2(size));
  for (let round = 0; round < rounds; round++) {
    const order = random.shuffle([...rows.keys()]);
    for (let i = 1; i < size; i += 2)
      turn(rows[order[i - 1]], rows[order[i]], 2 * Math.PI * random.uniform());
  }
  const matrix = new Float32Array(size * size);
  for (const [i, row] of rows.entries()) matrix.set(row, i * size);
  return matrix;
};

/** Turns the plane of two rows. */
function turn(a: Float64Array, b: Float64Array, angle: number): void {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (const [i, x] of a.entries()) {
    a[i] = cos * x - sin * b[i];
    b[i] = sin * x + cos * b[i];
  }
}

/** Parts of equal size along the last axis, each with an initializer of its own, such as the gates of a cell. */
export const sideBySide =
  (parts: readonly WeightInitializer[]): WeightInitializer =>
  (shape, random) => {
    const columns = shape.at(-1)! / parts.length;
    const filled = parts.map((part) => part([...shape.slice(0, -1), columns], random));
    return Float32Array.from({ length: elementCount(shape) }, (_, i) => {
      const [row, column] = [Math.floor(i / shape.at(-1)!), i % shape.at(-1)!];
      return filled[Math.floor(column / columns)][row * columns + (column % columns)];
    });
  };
