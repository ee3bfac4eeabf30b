// Rotary positions (Su et al. 2021, arXiv 2104.09864): queries and keys are turned by angles that grow with their position,
// so that the product of two depends on how far apart they are and not on where they are. A long sequence in pieces may
// count from any step on, and no table of distances is needed whose size would bound it.

import type { CompositionDefinition } from "../composition.ts";
import { formatShape, shapeMismatch } from "../dimensions.ts";
import { elementData, type Tensor } from "../graph.ts";
import { areCounts } from "../operator.ts";
import { sin } from "../operators/activation.ts";
import { cumSum } from "../operators/cumulative.ts";
import { add, mul, sub } from "../operators/elementwise.ts";
import { cast, unsqueeze, zerosLike } from "../operators/shape.ts";
import { concat, split } from "../operators/slice.ts";

const BASE = 10_000; // section 3.2.2; the slowest pair of a head turns once in 2π · BASE steps

/** Of each step and pair of numbers, [T, D/2]. */
export interface Rotation {
  readonly cos: Tensor;
  readonly sin: Tensor;
}

export const Rotate: CompositionDefinition = {
  name: "rotate",
  source: "Su et al. 2021 (arXiv 2104.09864), eq. 34, with the halves of a vector as the parts of its pairs",
  examples: [
    { shapes: [[2, 5, 4]], build: (x) => rotate(x, rotationOf(stepNumbers(x, 1), 4)) }, // prettier-ignore
  ],
};

/** 0, 1, 2, … for the elements of an axis, in the type of `like`. [T] */
export function stepNumbers(like: Tensor, axis: number): Tensor {
  return cumSum(add(cast(zerosLike(like, axis, axis + 1), like.type), 1), 0, { exclusive: true });
}

/** The angles of positions [T] for vectors of `size` numbers. */
export function rotationOf(positions: Tensor, size: number): Rotation {
  if (!areCounts([size / 2], 1)) throw shapeMismatch("rotationOf", `${size} numbers do not fall into pairs`);
  const { graph, type } = positions;
  const speeds = Array.from({ length: size / 2 }, (_, i) => BASE ** ((-2 * i) / size));
  const speed = graph.constant("speeds", type, [size / 2], elementData(type, speeds));
  const angles = mul(unsqueeze(positions, [1]), speed);
  return { sin: sin(angles), cos: sin(add(angles, Math.PI / 2)) };
}

/** Turns the vectors of each step: [..., T, D] → [..., T, D]. */
export function rotate(x: Tensor, rotation: Rotation): Tensor {
  const size = x.shape.at(-1);
  if (typeof size !== "number" || rotation.sin.shape.at(-1) !== size / 2) {
    throw shapeMismatch("rotate", `${formatShape(x.shape)} has other vectors than the rotation, ${formatShape(rotation.sin.shape)}`); // prettier-ignore
  }
  const [a, b] = split(x, -1, [size / 2, size / 2]);
  const turned = [
    sub(mul(a, rotation.cos), mul(b, rotation.sin)),
    add(mul(b, rotation.cos), mul(a, rotation.sin)),
  ];
  return concat(turned, -1);
}
