// Self-attention over a span of steps (Vaswani et al. 2017) with rotary positions (Su et al. 2021), and with the memory of
// Transformer-XL (Dai et al. 2019, arXiv 1901.02860): the keys and values of the steps before are kept and not computed
// again. Their window slides by one step, so that there are no segments whose borders the result would depend on.

import {
  attention,
  concat,
  joinHeads,
  rotate,
  slice,
  split,
  splitHeads,
  type Rotation,
  type Tensor,
} from "../../graph/index.ts";
import { lecunNormal } from "../initializers.ts";
import { dense } from "../layers.ts";
import type { LayerContext } from "../network.ts";
import { hidden, present, remembered, type Span } from "./span.ts";

export interface AttentionSettings {
  /** H, of which each head sees a part. */
  readonly width: number;
  readonly heads: number;
}

export interface AttentionResult {
  /** [T' + A − lookAhead, B, H] */
  readonly output: Tensor;
  /** Keys and values for the next chunk, [M, B, 2H]; undefined where nothing is remembered. */
  readonly memory: Tensor | undefined;
}

/** @param memory keys and values of the M steps before, [M, B, 2H] */
export function selfAttention(
  layers: LayerContext,
  x: Tensor,
  name: string,
  { width, heads }: AttentionSettings,
  { span, memory, lookAhead }: { span: Span; memory: Tensor | undefined; lookAhead: number },
): AttentionResult {
  const [asking, asked] = split(dense(layers, x, 3 * width, `${name}.in`, lecunNormal), -1, [
    width,
    2 * width,
  ]);
  const all = memory ? concat([memory, asked], 0) : asked; // [M + T' + A, B, 2H]
  const [keys, values] = split(all, -1, [width, width]);
  const own = (table: Tensor) => slice(present(table, span), 0, { trim: lookAhead });
  const rotation: Rotation = { cos: own(span.rotation.cos), sin: own(span.rotation.sin) };
  const attended = attention(
    rotate(splitHeads(slice(asking, 0, { trim: lookAhead }), heads), rotation),
    rotate(splitHeads(keys, heads), span.rotation),
    splitHeads(values, heads),
    { mask: hidden(span, lookAhead) },
  );
  const output = dense(layers, joinHeads(attended), width, `${name}.out`, lecunNormal);
  return { output, memory: memory && remembered(all, span) };
}
