// The table of compositions: the gradient suite walks it as it walks the operators.

import type { CompositionDefinition } from "../composition.ts";
import { Affine } from "./affine.ts";
import { Attention, MultiHeadAttention } from "./attention.ts";
import { BatchNormalization, FixedBatchNormalization } from "./batch-normalization.ts";
import { Gelu } from "./gelu.ts";
import { Gru } from "./gru.ts";
import { Lstm } from "./lstm.ts";
import { RowConvolution } from "./row-convolution.ts";
import { Rotate } from "./rotary.ts";

export { affine } from "./affine.ts";
export { attention, joinHeads, multiHeadAttention, splitHeads } from "./attention.ts";
export type { AttentionOptions, MultiHeadAttentionOptions } from "./attention.ts";
export { batchNormalization, fixedBatchNormalization } from "./batch-normalization.ts";
export type {
  BatchNormalizationParameters,
  BatchStatistics,
  NormalizedBatch,
} from "./batch-normalization.ts";
export { gelu } from "./gelu.ts";
export { gru, gruStep, type GruResult, type GruSums, type GruWeights } from "./gru.ts";
export { lstm, lstmStep, type LstmResult, type LstmStates } from "./lstm.ts";
export { rowConvolution } from "./row-convolution.ts";
export { rotate, rotationOf, stepNumbers, type Rotation } from "./rotary.ts";

export const compositions: readonly CompositionDefinition[] = [
  Affine,
  Attention,
  BatchNormalization,
  FixedBatchNormalization,
  Gelu,
  Gru,
  Lstm,
  MultiHeadAttention,
  RowConvolution,
  Rotate,
];
