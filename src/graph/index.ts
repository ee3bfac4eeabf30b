// The door of the graph room.

export { shiftDimension, strideDimension, type Dimension, type Shape } from "./dimensions.ts";
export {
  Graph,
  type ElementData,
  type ElementType,
  type GradientExample,
  type OperatorDefinition,
  type Tensor,
} from "./graph.ts";
export { differentiate, type BackwardProgram } from "./gradient.ts";
export {
  add,
  clip,
  div,
  equal,
  exp,
  identity,
  log,
  mul,
  sub,
  tanh,
  where,
  type Operand,
} from "./operators/elementwise.ts";
export { operators } from "./operators/index.ts";
export { matMul } from "./operators/matrix.ts";
export { expandLike, reduceSum } from "./operators/reduction.ts";
export { scan, type Direction, type ScanOptions, type StepResult } from "./operators/scan.ts";
export { cast, reshape, shapeOf, squeeze, transpose, unsqueeze, zerosLike } from "./operators/shape.ts";
export { concat, pad, slice, type Range } from "./operators/slice.ts";
export { logSoftmax } from "./operators/softmax.ts";
export { writeOnnx } from "./writer.ts";
