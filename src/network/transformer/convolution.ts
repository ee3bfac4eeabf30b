// The convolution module of a conformer (Gulati et al. 2020, arXiv 2005.08100, figure 2): what attention lacks, a sense for
// the few steps around each. Layer normalization stands where the paper has batch normalization: batches of recordings are
// small, an utterance must not depend on its neighbors, and a stream has no batch.

import {
  concat,
  conv,
  lastOf,
  mul,
  pad,
  sigmoid,
  slice,
  split,
  transpose,
  type Tensor,
} from "../../graph/index.ts";
import { lecunNormal, normal, zeros } from "../initializers.ts";
import { dense, normalized, swish } from "../layers.ts";
import type { LayerContext } from "../network.ts";
import { present, type Span } from "./span.ts";

export interface ConvolutionSettings {
  /** H, channels. */
  readonly width: number;
  /** K, steps. */
  readonly kernel: number;
}

export interface ConvolutionResult {
  /** [T' + A, B, H] */
  readonly output: Tensor;
  /** The last K − 1 gated steps, for the next chunk. [K − 1, B, H] */
  readonly before: Tensor | undefined;
}

/** @param before gated steps before the first, [K − 1, B, H]: then a step sees none after it */
export function convolutionModule(
  layers: LayerContext,
  x: Tensor,
  name: string,
  { width, kernel }: ConvolutionSettings,
  { span, before }: { span: Span; before: Tensor | undefined },
): ConvolutionResult {
  const [values, gates] = split(dense(layers, x, 2 * width, `${name}.in`, lecunNormal), -1, [width, width]);
  const gated = mul(mul(values, sigmoid(gates)), present(span.inside, span)); // zero in the padding
  const around = before
    ? concat([before, gated], 0)
    : pad(gated, 0, Math.ceil((kernel - 1) / 2), Math.floor((kernel - 1) / 2));
  const convolved = depthwise(layers, around, `${name}.depthwise`, { width, kernel });
  const active = swish(normalized(layers, convolved, `${name}.norm`));
  const output = dense(layers, active, width, `${name}.out`, lecunNormal);
  const next = before && lastOf(slice(around, 0, { trim: span.ahead }), 0, kernel - 1);
  return { output, before: next };
}

/** A kernel of its own for each channel: [T + K − 1, B, H] → [T, B, H]. */
function depthwise(
  { weight }: LayerContext,
  x: Tensor,
  name: string,
  { width, kernel }: ConvolutionSettings,
): Tensor {
  const taps = weight(`${name}.weight`, [width, 1, kernel], normal(Math.sqrt(1 / kernel)));
  const bias = weight(`${name}.bias`, [width], zeros);
  return transpose(conv(transpose(x, [1, 2, 0]), taps, bias, { groups: width }), [2, 0, 1]);
}
