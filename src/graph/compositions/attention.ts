// Attention (Vaswani et al. 2017, arXiv 1706.03762): every query takes a weighted mean of the values, by how well it
// fits their keys. Holds no weights: the projections around it are products that the network adds.

import { maskOfExample, type CompositionDefinition } from "../composition.ts";
import { formatShape, shapeMismatch } from "../dimensions.ts";
import { FAR_BELOW } from "../far-below.ts";
import type { Tensor } from "../graph.ts";
import { areCounts } from "../operator.ts";
import { add, equal, mul, where } from "../operators/elementwise.ts";
import { matMul } from "../operators/matrix.ts";
import { reshape, transpose, transposeLast, unsqueeze } from "../operators/shape.ts";
import { softmax } from "../operators/softmax.ts";

export interface AttentionOptions {
  /**
   * Of a shape that broadcasts to [..., T, S]. Truth values: whether the query may see the key. Numbers: added to the
   * scores.
   */
  readonly mask?: Tensor;
}

export const Attention: CompositionDefinition = {
  name: "attention",
  source: "Vaswani et al. 2017 (arXiv 1706.03762), eq. 1",
  examples: [
    { shapes: [[2, 3, 4], [2, 5, 4], [2, 5, 3]], build: (q, k, v) => attention(q, k, v) }, // prettier-ignore
    {
      title: "with numbers as mask",
      shapes: [[2, 3, 4], [2, 5, 4], [2, 5, 3], [3, 5]], // prettier-ignore
      build: (q, k, v, mask) => attention(q, k, v, { mask }),
    },
  ],
};

/**
 * softmax(Q Kᵀ / √D) V (eq. 1): queries [..., T, D], keys [..., S, D] and values [..., S, E] give [..., T, E]. The leading
 * axes broadcast: utterances, or utterances and heads.
 */
export function attention(
  queries: Tensor,
  keys: Tensor,
  values: Tensor,
  { mask }: AttentionOptions = {},
): Tensor {
  const size = queries.shape.at(-1);
  if (typeof size !== "number") {
    throw shapeMismatch("attention", `the last axis of the queries must be a number, not ${size}`);
  }
  const scores = mul(matMul(queries, transposeLast(keys)), 1 / Math.sqrt(size)); // [..., T, S]
  return matMul(softmax(mask ? masked(scores, mask) : scores), values);
}

const masked = (scores: Tensor, mask: Tensor): Tensor =>
  mask.type === "bool" ? where(mask, scores, FAR_BELOW) : add(scores, mask);

export interface MultiHeadAttentionOptions {
  /** Into how many equal parts the last axes of queries, keys and values fall. */
  readonly heads: number;
  /** 1 for each step of an utterance, 0 for its padding, which no query attends to. [S, B, 1] */
  readonly mask?: Tensor;
}

export const MultiHeadAttention: CompositionDefinition = {
  name: "multiHeadAttention",
  source: "Vaswani et al. 2017 (arXiv 1706.03762), section 3.2.2",
  examples: [
    {
      title: "over padded utterances",
      shapes: [[2, 3, 4], [4, 3, 4], [4, 3, 6]], // prettier-ignore
      build: (q, k, v) => multiHeadAttention(q, k, v, { heads: 2, mask: maskOfExample(q) }),
    },
  ],
};

/**
 * Attention of each head on its own part of the last axis, the parts joined again (section 3.2.2, without the
 * projections): queries [T, B, H], keys [S, B, H] and values [S, B, E] give [T, B, E].
 */
export function multiHeadAttention(
  queries: Tensor,
  keys: Tensor,
  values: Tensor,
  { heads, mask }: MultiHeadAttentionOptions,
): Tensor {
  const [q, k, v] = [queries, keys, values].map((x) => splitHeads(x, heads));
  return joinHeads(attention(q, k, v, { mask: mask && visibleKeys(mask) }));
}

/** [T, B, H] → [B, heads, T, H/heads]. */
export function splitHeads(x: Tensor, heads: number): Tensor {
  const [steps, utterances, size] = x.shape;
  if (x.shape.length !== 3 || typeof size !== "number" || !areCounts([heads, size / heads], 1)) {
    throw shapeMismatch("multiHeadAttention", `${formatShape(x.shape)} does not fall into ${heads} heads`);
  }
  return transpose(reshape(x, [steps, utterances, heads, size / heads]), [1, 2, 0, 3]);
}

/** [B, heads, T, H/heads] → [T, B, H]. */
export function joinHeads(x: Tensor): Tensor {
  const [utterances, heads, steps, size] = x.shape;
  return reshape(transpose(x, [2, 0, 1, 3]), [steps, utterances, (heads as number) * (size as number)]);
}

/** [S, B, 1] of 0 and 1 → [B, 1, 1, S] of truth values. */
const visibleKeys = (mask: Tensor): Tensor => equal(unsqueeze(transpose(mask, [1, 2, 0]), [1]), 1);
