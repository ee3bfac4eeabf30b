// Two convolutions in front of a network, each with batch normalization and the clipped rectifier (Amodei et al. 2016,
// section 3.5), over time or over time and frequency. The zeros beyond both ends of an utterance lie before the first of
// them only; what it gives there is masked before the second. So padding changes nothing, whatever the stride.

import {
  concat,
  conv,
  cutLike,
  matMul,
  mul,
  multiplyDimensions,
  pad,
  reshape,
  slice,
  transpose,
  unsqueeze,
  type Tensor,
} from "../graph/index.ts";
import { normal } from "./initializers.ts";
import { clippedRelu, slidingWindow } from "./layers.ts";
import type { FrameContext, LayerContext } from "./network.ts";

export interface FrontSettings {
  readonly convolution: "1d" | "2d";
  /** Of a convolution over time alone. */
  readonly width: number;
  /** Of one over time and frequency. */
  readonly channels: number;
  readonly kernelFrames: number;
  /** Of the first; the second has half of it. */
  readonly kernelBins: number;
  /** Frames per step, of both. */
  readonly stride: number;
  readonly ceiling: number;
  /** [T', B, 1] */
  readonly mask: Tensor;
}

/** [T, B, F] → [T', B, ·] */
export function convolutions(layers: LayerContext, frames: Tensor, of: FrontSettings): Tensor {
  const [first, second] = stridesOf(of.stride);
  const { before, after } = contextOfConvolutions(of);
  const padded = pad(frames, 0, before, after);
  const over = of.convolution === "2d" ? overTimeAndFrequency : overTime;
  const lower = over(layers, padded, {
    ...of,
    name: "c1",
    stride: first,
    mask: (like) => innerMask(of, like),
  });
  return over(layers, lower, { ...of, name: "c2", stride: second, mask: () => of.mask });
}

/** Frames about a step's own that both convolutions together see. */
export function contextOfConvolutions(of: Pick<FrontSettings, "kernelFrames" | "stride">): FrameContext {
  const [first] = stridesOf(of.stride);
  const [before, after] = aroundOf(of.kernelFrames);
  return { before: before * (first + 1), after: after * (first + 1) };
}

/** The stride of the first convolution, which is the larger, and that of the second. */
function stridesOf(stride: number): [first: number, second: number] {
  let first = Math.ceil(Math.sqrt(stride));
  while (stride % first > 0) first++;
  return [first, stride / first];
}

/** Elements of a kernel before its own place and behind it. */
const aroundOf = (size: number): [before: number, after: number] => [
  Math.floor((size - 1) / 2),
  Math.ceil((size - 1) / 2),
];

/**
 * The mask of the first convolution, as long as `like`, [·, B, 1]: 1 in all that belongs to a step of the second. What lies
 * in its last step beyond the end of the utterance is the same without padding.
 */
function innerMask({ mask, kernelFrames, stride }: FrontSettings, like: Tensor): Tensor {
  const [, second] = stridesOf(stride);
  const [steps, utterances] = mask.shape;
  const each = unsqueeze(transpose(mask, [1, 0, 2]), [2]); // [B, T', 1, 1]
  const copies = concat(Array<Tensor>(second).fill(each), 2);
  const repeated = reshape(copies, [utterances, multiplyDimensions([steps, second]), 1]);
  return cutLike(pad(transpose(repeated, [1, 0, 2]), 0, ...aroundOf(kernelFrames)), like);
}

interface LayerSettings extends Omit<FrontSettings, "mask"> {
  readonly name: "c1" | "c2";
  /** The mask of the result, as long as a tensor of one unit, [·, B, 1]. */
  readonly mask: (like: Tensor) => Tensor;
}

/** [T, B, I] → [⌈(T − kernel + 1) / stride⌉, B, width] */
function overTime(layers: LayerContext, x: Tensor, of: LayerSettings): Tensor {
  const windows = slidingWindow(x, of.kernelFrames, of.stride);
  const inputs = windows.shape[2] as number;
  const matrix = layers.weight(`${of.name}.weight`, [inputs, of.width], normal(Math.sqrt(2 / inputs)));
  const sums = matMul(windows, matrix);
  return rectified(layers, sums, of, of.mask(slice(sums, 2, { trim: of.width - 1 })));
}

/** [T, B, bins · I] → [⌈(T − kernel + 1) / stride⌉, B, ⌈bins / 2⌉ · channels]; I is 1 for the first. */
function overTimeAndFrequency(layers: LayerContext, x: Tensor, of: LayerSettings): Tensor {
  const { name, channels: outputs, kernelFrames, stride } = of;
  const inputs = name === "c1" ? 1 : outputs;
  const bins = name === "c1" ? of.kernelBins : Math.ceil(of.kernelBins / 2);
  const shape = [outputs, inputs, kernelFrames, bins];
  const kernel = layers.weight(
    `${name}.weight`,
    shape,
    normal(Math.sqrt(2 / (inputs * kernelFrames * bins))),
  );
  const [steps, utterances, size] = x.shape;
  const planes = transpose(reshape(x, [steps, utterances, (size as number) / inputs, inputs]), [1, 3, 0, 2]);
  const options = { strides: [stride, 2], padding: [[0, 0], aroundOf(bins)] as const };
  const sums = transpose(conv(planes, kernel, undefined, options), [2, 0, 3, 1]); //  [T', B, bins', channels]
  const [stepsAfter, , binsAfter] = sums.shape;
  const rows = reshape(sums, [stepsAfter, multiplyDimensions([utterances, binsAfter]), outputs]);
  const oneUnit = slice(slice(sums, 2, { trim: (binsAfter as number) - 1 }), 3, { trim: outputs - 1 });
  const mask = of.mask(reshape(oneUnit, [stepsAfter, utterances, 1]));
  const everyBin = concat(Array<Tensor>(binsAfter as number).fill(unsqueeze(mask, [2])), 2);
  const result = rectified(layers, rows, of, reshape(everyBin, [stepsAfter, rows.shape[1], 1]));
  return reshape(result, [stepsAfter, utterances, (binsAfter as number) * outputs]);
}

/** g(B(x)), each unit normalized over all steps, and zero in the padding. */
function rectified(layers: LayerContext, x: Tensor, { name, ceiling }: LayerSettings, mask: Tensor): Tensor {
  const activations = clippedRelu(ceiling)(layers.batchNormalization(x, name, mask));
  layers.recordActivity(activations, name, { ceiling, mask });
  return mul(activations, mask);
}
