// Layer normalization (Ba et al. 2016, arXiv 1607.06450): each vector on the last axis by its own mean and variance.
// Knows nothing of normalization over a batch, whose statistics outlive a program.

import { formatShape, sameShape, shapeMismatch } from "../dimensions.ts";
import type { OperatorDefinition, Tensor } from "../graph.ts";
import { apply, commonType, FLOATS } from "../operator.ts";
import { add, div, mul, sqrt, sub } from "./elementwise.ts";
import { sumTo } from "./reduction.ts";
import { reduceMean } from "./statistics.ts";

const EPSILON = 1e-5; // ONNX's default

export const LayerNormalization: OperatorDefinition = {
  name: "LayerNormalization",
  broadcasts: true,
  infer: (inputs) => {
    const [{ shape }, ...parameters] = inputs;
    const odd = parameters.find((parameter) => !sameShape(parameter.shape, shape.slice(-1)));
    if (shape.length > 0 && !odd) return [{ type: commonType("LayerNormalization", inputs, FLOATS), shape }];
    const problem = `scale and bias of ${formatShape(shape)} must be ${formatShape(shape.slice(-1))}, not `;
    throw shapeMismatch("layerNormalization", problem + formatShape(odd?.shape ?? []));
  },
  gradient: ({ node, input, upstream }) => {
    let known: Standard | undefined;
    const standard = () => (known ??= standardize(input(0)));
    return [
      () => {
        const { values, inverse } = standard();
        const slope = mul(upstream, input(1));
        const along = mul(values, mean(mul(slope, values)));
        return mul(inverse, sub(sub(slope, mean(slope)), along)); // (s − mean(s) − x̂ mean(s x̂)) / σ
      },
      () => sumTo(mul(upstream, standard().values), node.inputs[1].shape),
      () => sumTo(upstream, node.inputs[2].shape),
    ];
  },
  examples: [
    { shapes: [[2, 3, 4], [4], [4]], build: (x, scale, bias) => layerNormalization(x, scale, bias) }, // prettier-ignore
  ],
};

/** (x − mean) / √(variance + 1e-5) · scale + bias over the last axis of `x`, [..., H]; scale and bias are [H]. */
export const layerNormalization = (x: Tensor, scale: Tensor, bias: Tensor): Tensor =>
  apply(LayerNormalization, [x, scale, bias], { axis: -1 });

interface Standard {
  /** x̂: of mean 0 and variance 1. */
  readonly values: Tensor;
  /** 1 / σ. */
  readonly inverse: Tensor;
}

function standardize(x: Tensor): Standard {
  const centered = sub(x, mean(x));
  const inverse = div(1, sqrt(add(mean(mul(centered, centered)), EPSILON)));
  return { values: mul(centered, inverse), inverse };
}

const mean = (x: Tensor): Tensor => reduceMean(x, [-1], { keep: true });
