// Sequence-wise batch normalization (Amodei et al. 2016, arXiv 1512.02595, section 3.2; Ioffe & Szegedy 2015): each unit
// by its mean and variance over all frames of all utterances of the batch. Padding does not count. Knows nothing of how
// statistics are kept from batch to batch for inference; it gives those of this one.

import { maskOfExample, type CompositionDefinition } from "../composition.ts";
import { elementData, type Tensor } from "../graph.ts";
import { add, div, mul, sqrt, sub } from "../operators/elementwise.ts";
import { reduceSum } from "../operators/reduction.ts";

const EPSILON = 1e-5;

/** γ and β, one for each unit. [H] */
export interface BatchNormalizationParameters {
  readonly scale: Tensor;
  readonly bias: Tensor;
}

/** One of each for every unit. [H] */
export interface BatchStatistics {
  readonly mean: Tensor;
  /** The mean squared distance from the mean (over N, not N − 1). */
  readonly variance: Tensor;
}

export interface NormalizedBatch extends BatchStatistics {
  /** [T, B, H]; equal to the bias in the padding. */
  readonly output: Tensor;
}

export const BatchNormalization: CompositionDefinition = {
  name: "batchNormalization",
  source: "Amodei et al. 2016 (arXiv 1512.02595), section 3.2",
  examples: [
    {
      title: "over padded utterances",
      shapes: [[4, 3, 2], [2], [2]], // prettier-ignore
      build: (x, scale, bias) => batchNormalization(x, { scale, bias }, maskOfExample(x)).output,
    },
    {
      title: "whose statistics matter",
      shapes: [[4, 3, 2]],
      build: (x) => {
        const parameters = { scale: filled(x, 1), bias: filled(x, 0) };
        const { output, mean, variance } = batchNormalization(x, parameters, maskOfExample(x));
        return add(add(output, mean), mul(variance, 2));
      },
    },
  ],
};

/**
 * In training: (x − mean) / √(variance + 1e-5) · scale + bias over the last axis of `x` [T, B, H], with the statistics of
 * the frames where `mask` [T, B, 1] is 1 (there must be one). Where it is 0, `x` may be any finite number.
 */
export function batchNormalization(
  x: Tensor,
  { scale, bias }: BatchNormalizationParameters,
  mask: Tensor,
): NormalizedBatch {
  const count = reduceSum(mask, [0, 1, 2]);
  const mean = div(reduceSum(mul(x, mask), [0, 1]), count);
  const centered = mul(sub(x, mean), mask); // before squaring: what is large in the padding would overflow
  const variance = div(reduceSum(mul(centered, centered), [0, 1]), count);
  const slope = div(scale, sqrt(add(variance, EPSILON)));
  return { output: add(mul(centered, slope), bias), mean, variance };
}

export const FixedBatchNormalization: CompositionDefinition = {
  name: "fixedBatchNormalization",
  source: "Ioffe & Szegedy 2015 (arXiv 1502.03167), algorithm 2",
  examples: [
    {
      shapes: [[4, 3, 2], [2], [2], [2], [2]], // prettier-ignore
      ranges: [[-2, 2], [-2, 2], [-2, 2], [-2, 2], [0.5, 2]], // prettier-ignore
      build: (x, scale, bias, mean, variance) =>
        fixedBatchNormalization(x, { scale, bias }, { mean, variance }),
    },
  ],
};

/** At inference: the same with given statistics, and of every frame alone. [..., H] */
export function fixedBatchNormalization(
  x: Tensor,
  { scale, bias }: BatchNormalizationParameters,
  { mean, variance }: BatchStatistics,
): Tensor {
  const slope = div(scale, sqrt(add(variance, EPSILON)));
  return add(mul(sub(x, mean), slope), bias);
}

const filled = ({ graph, type }: Tensor, value: number): Tensor =>
  graph.constant("parameter", type, [2], elementData(type, [value, value]));
