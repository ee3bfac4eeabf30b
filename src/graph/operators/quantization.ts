// Products in bytes: each row of numbers as bytes with a scale that follows from the row alone, so that what else is in a
// batch changes nothing, and the product of such rows with a matrix as whole numbers. For inference alone.

import { formatShape, shapeMismatch } from "../dimensions.ts";
import { innermostGraph, type OperatorDefinition, type Tensor } from "../graph.ts";
import { commonType, notDifferentiable } from "../operator.ts";
import { add, div, mul, sqrt } from "./elementwise.ts";
import { reduceMax } from "./statistics.ts";

/** The largest byte's distance from the one that stands for 0. */
const [LARGEST, ZERO] = [127, 128];
/** What a row of zeros is divided by, squared. */
const LEAST_SQUARE = 1e-30;

export const QuantizeLinear: OperatorDefinition = {
  name: "QuantizeLinear",
  appliedBy: "quantize",
  infer: ([x]) => [{ type: "uint8", shape: [...x.shape] }],
  gradient: notDifferentiable("it rounds"),
  examples: [],
};

/** x ≈ (bytes − zero) · scale. */
export interface Quantized {
  /** [..., K] */
  readonly bytes: Tensor;
  /** [..., 1], of each row. */
  readonly scale: Tensor;
  readonly zero: Tensor;
}

/** Bytes of `x` [..., K], those of a row spanning its largest number on both sides of 0. */
export function quantize(x: Tensor): Quantized {
  commonType("quantize", [x], ["float32"]);
  const { graph } = x;
  const peak = sqrt(add(reduceMax(mul(x, x), [-1], { keep: true }), LEAST_SQUARE));
  const step = graph.constant("quantize/step", "float32", [], Float32Array.of(1 / LARGEST));
  const zero = graph.constant("quantize/zero", "uint8", [], Uint8Array.of(ZERO));
  const [bytes] = graph.add(QuantizeLinear, [div(x, peak), step, zero]);
  return { bytes, scale: mul(peak, 1 / LARGEST), zero };
}

export const MatMulInteger: OperatorDefinition = {
  name: "MatMulInteger",
  infer: ([a, b]) => {
    commonType("MatMulInteger", [a], ["uint8"]);
    commonType("MatMulInteger", [b], ["int8"]);
    if (a.shape.length < 2 || b.shape.length !== 2 || a.shape.at(-1) !== b.shape[0])
      throw shapeMismatch(
        `matMulInteger of ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
        "they must be [..., M, K] and [K, N]",
      );
    return [{ type: "int32", shape: [...a.shape.slice(0, -1), b.shape[1]] }];
  },
  gradient: notDifferentiable("whole numbers do not change a little"),
  examples: [],
};
/** (bytes − zero) · b as whole numbers: [..., M, K] × [K, N], int8. */
export const matMulInteger = ({ bytes, zero }: Quantized, b: Tensor): Tensor =>
  innermostGraph([bytes, b]).add(MatMulInteger, [bytes, b, zero])[0];
