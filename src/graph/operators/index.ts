// The table of operators: the gradient suite walks it, so a new row is tested without anyone asking.

import type { OperatorDefinition } from "../graph.ts";
import { Add, Clip, Div, Equal, Exp, Identity, Log, Mul, Sub, Tanh, Where } from "./elementwise.ts";
import { MatMul } from "./matrix.ts";
import { Expand, ReduceSum } from "./reduction.ts";
import { Scan } from "./scan.ts";
import { Cast, ConstantOfShape, Reshape, ShapeOf, Squeeze, Transpose, Unsqueeze } from "./shape.ts";
import { Concat, Pad, Slice } from "./slice.ts";
import { LogSoftmax } from "./softmax.ts";

export const operators: readonly OperatorDefinition[] = [
  Add,
  Cast,
  Clip,
  Concat,
  ConstantOfShape,
  Div,
  Equal,
  Exp,
  Expand,
  Identity,
  Log,
  LogSoftmax,
  MatMul,
  Mul,
  Pad,
  ReduceSum,
  Reshape,
  Scan,
  ShapeOf,
  Slice,
  Squeeze,
  Sub,
  Tanh,
  Transpose,
  Unsqueeze,
  Where,
];
