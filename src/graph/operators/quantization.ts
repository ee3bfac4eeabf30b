// Products in bytes: numbers as bytes with a scale and a zero that follow from their range when the program runs, and the
// product of such matrices as whole numbers. For inference alone.

import { formatShape, shapeMismatch } from "../dimensions.ts";
import { innermostGraph, type OperatorDefinition, type Tensor } from "../graph.ts";
import { commonType, notDifferentiable } from "../operator.ts";

export const DynamicQuantizeLinear: OperatorDefinition = {
  name: "DynamicQuantizeLinear",
  appliedBy: "quantize",
  infer: ([x]) => {
    commonType("DynamicQuantizeLinear", [x], ["float32"]);
    return [
      { type: "uint8", shape: x.shape },
      { type: "float32", shape: [] },
      { type: "uint8", shape: [] },
    ];
  },
  gradient: notDifferentiable("it rounds"),
  examples: [],
};

/** x ≈ (bytes − zero) · scale. */
export interface Quantized {
  readonly bytes: Tensor;
  readonly scale: Tensor;
  readonly zero: Tensor;
}

/** Bytes that span the range of `x` and 0, with their scale and zero. */
export function quantize(x: Tensor): Quantized {
  const [bytes, scale, zero] = x.graph.add(DynamicQuantizeLinear, [x]);
  return { bytes, scale, zero };
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
