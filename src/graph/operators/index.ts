// The table of operators: the gradient suite walks it, so a new row is tested without a test of its own.

import type { OperatorDefinition } from "../graph.ts";
import { Erf, Relu, Sigmoid, Sin, Softplus } from "./activation.ts";
import { Conv, ConvTranspose } from "./convolution.ts";
import { CumSum } from "./cumulative.ts";
import {
  Add,
  Clip,
  Div,
  Equal,
  Exp,
  Identity,
  Less,
  Log,
  Mul,
  Sqrt,
  Sub,
  Tanh,
  Where,
} from "./elementwise.ts";
import { Gather, ScatterND } from "./gather.ts";
import { Gemm, MatMul } from "./matrix.ts";
import { LayerNormalization } from "./normalization.ts";
import { MatMulInteger, QuantizeLinear } from "./quantization.ts";
import { Expand, ReduceSum } from "./reduction.ts";
import { Scan } from "./scan.ts";
import {
  Cast,
  ConstantOfShape,
  CountTo,
  Reshape,
  ShapeOf,
  Size,
  Squeeze,
  Transpose,
  Unsqueeze,
} from "./shape.ts";
import { Concat, Pad, Slice, Split } from "./slice.ts";
import { LogSoftmax, Softmax } from "./softmax.ts";
import { ReduceMax, ReduceMean } from "./statistics.ts";

export const operators: readonly OperatorDefinition[] = [
  Add,
  Cast,
  Clip,
  Concat,
  ConstantOfShape,
  Conv,
  ConvTranspose,
  CumSum,
  Div,
  QuantizeLinear,
  Equal,
  Erf,
  Exp,
  Expand,
  Gather,
  Gemm,
  Identity,
  LayerNormalization,
  Less,
  Log,
  LogSoftmax,
  MatMul,
  MatMulInteger,
  Mul,
  Pad,
  CountTo,
  ReduceMax,
  ReduceMean,
  ReduceSum,
  Relu,
  Reshape,
  Scan,
  ScatterND,
  ShapeOf,
  Sigmoid,
  Sin,
  Size,
  Slice,
  Softmax,
  Softplus,
  Split,
  Sqrt,
  Squeeze,
  Sub,
  Tanh,
  Transpose,
  Unsqueeze,
  Where,
];
