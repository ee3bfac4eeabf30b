// How weights start. Each initializer fills a matrix [rows = inputs, columns = outputs] from a seeded stream.

import type { RandomStream } from "../random.ts";

export type WeightInitializer = (shape: readonly number[], random: RandomStream) => Float32Array;

export const zeros: WeightInitializer = (shape) => new Float32Array(count(shape));

export const ones: WeightInitializer = (shape) => new Float32Array(count(shape)).fill(1);

/** Normal with variance 2 / inputs, which keeps the scale through rectified layers (He et al. 2015, eq. 10). */
export const heNormal: WeightInitializer = (shape, random) => normal(Math.sqrt(2 / shape[0]))(shape, random);

/** Normal with variance 1 / inputs, for a layer without a rectifier (LeCun et al. 1998). */
export const lecunNormal: WeightInitializer = (shape, random) =>
  normal(Math.sqrt(1 / shape[0]))(shape, random);

export const normal =
  (deviation: number): WeightInitializer =>
  (shape, random) =>
    Float32Array.from({ length: count(shape) }, () => deviation * random.normal());

/** The identity times `gain`, with which a rectified recurrence starts as an integrator (Le et al. 2015). */
export const identityMatrix =
  (gain: number): WeightInitializer =>
  ([rows, columns]) =>
    Float32Array.from({ length: rows * columns }, (_, i) =>
      i % columns === Math.floor(i / columns) ? gain : 0,
    );

function count(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
