// The door of the graph room.

export type { CompositionDefinition } from "./composition.ts";
export {
  affine,
  attention,
  batchNormalization,
  compositions,
  fixedBatchNormalization,
  gelu,
  gru,
  gruStep,
  joinHeads,
  lstm,
  lstmStep,
  multiHeadAttention,
  rowConvolution,
  rotate,
  rotationOf,
  splitHeads,
  stepNumbers,
  type AttentionOptions,
  type BatchNormalizationParameters,
  type BatchStatistics,
  type GruResult,
  type GruSums,
  type GruWeights,
  type LstmResult,
  type LstmStates,
  type MultiHeadAttentionOptions,
  type NormalizedBatch,
  type Rotation,
} from "./compositions/index.ts";
export {
  addDimensions,
  bindDimension,
  multiplyDimensions,
  shiftDimension,
  strideDimension,
  type Dimension,
  type Shape,
  type Sizes,
} from "./dimensions.ts";
export { FAR_BELOW } from "./far-below.ts";
export { Graph, type GradientExample, type OperatorDefinition, type Tensor } from "./graph.ts";
export { differentiate, gradientsOf, type BackwardProgram } from "./gradient.ts";
export { computeInBytes, type ByteMatrix } from "./integer-products.ts";
export { erf, relu, sigmoid, sin, softplus } from "./operators/activation.ts";
export { conv, type ConvolutionOptions } from "./operators/convolution.ts";
export { cumSum } from "./operators/cumulative.ts";
export {
  add,
  clip,
  div,
  equal,
  exp,
  identity,
  less,
  log,
  mul,
  sqrt,
  sub,
  tanh,
  where,
  type Operand,
} from "./operators/elementwise.ts";
export { operators } from "./operators/index.ts";
export { gather, scatterAdd } from "./operators/gather.ts";
export { gemm, matMul, type GemmOptions } from "./operators/matrix.ts";
export { matMulInteger, quantize, type Quantized } from "./operators/quantization.ts";
export { layerNormalization } from "./operators/normalization.ts";
export { expandLike, reduceSum, type ReductionOptions } from "./operators/reduction.ts";
export { scan, type Direction, type ScanOptions, type StepResult } from "./operators/scan.ts";
export {
  cast,
  countTo,
  reshape,
  reshapeLike,
  shapeOf,
  sizeOf,
  squeeze,
  transposeLast,
  transpose,
  unsqueeze,
  zerosLike,
} from "./operators/shape.ts";
export { concat, cutLike, lastOf, pad, reverse, slice, split, type Range } from "./operators/slice.ts";
export { logSoftmax, softmax } from "./operators/softmax.ts";
export { reduceMax, reduceMean } from "./operators/statistics.ts";
export { unrollScans } from "./unroll.ts";
export { writeOnnx } from "./writer.ts";
