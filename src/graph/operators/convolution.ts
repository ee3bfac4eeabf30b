// Convolution over one or two axes (cross-correlation, as everywhere in neural networks), and its transpose. Each is the
// other's gradient for the operand; the gradient of the kernel is a convolution too, in which the batch takes the place
// of the channels. ONNX Runtime's CPU driver has kernels in float32 only.

import {
  formatShape,
  multiplyDimensions,
  sameShape,
  shapeMismatch,
  shiftDimension,
  strideDimension,
  type Dimension,
  type Shape,
} from "../dimensions.ts";
import type { Attributes, OperatorDefinition, Tensor } from "../graph.ts";
import { apply, areCounts, commonType, FLOATS, notDifferentiable } from "../operator.ts";
import { reduceSum } from "./reduction.ts";
import { reshape, transpose } from "./shape.ts";
import { cutLike } from "./slice.ts";

/** One entry per axis that the kernel moves along. */
export interface ConvolutionOptions {
  /** Steps between positions of the kernel, 1 by default. */
  readonly strides?: readonly number[];
  /** Zeros before and after each axis, none by default. */
  readonly padding?: readonly (readonly [before: number, after: number])[];
  /** Steps between elements of the kernel, 1 by default. */
  readonly dilations?: readonly number[];
  /** Groups of channels that do not see each other, 1 by default; as many as channels is a depthwise convolution. */
  readonly groups?: number;
}

export const Conv: OperatorDefinition = {
  name: "Conv",
  infer: (inputs, attributes) => [
    {
      type: commonType("Conv", inputs, FLOATS),
      shape: convolvedShape(inputs, attributes),
    },
  ],
  gradient: ({ node, input, upstream }) => {
    const channel = upstream.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
    return [
      () => operandGradient(upstream, input(0), input(1), node.attributes),
      () => kernelGradient(upstream, input(0), input(1), node.attributes),
      () => reduceSum(upstream, channel),
    ];
  },
  examples: [
    { shapes: [[2, 3, 6], [4, 3, 3], [4]], float32Only: true, build: (x, w, b) => conv(x, w, b) }, // prettier-ignore
    {
      title: "with padding, strides that leave a rest, and dilations",
      shapes: [[2, 3, 9], [4, 3, 2]], // prettier-ignore
      float32Only: true,
      build: (x, w) => conv(x, w, undefined, { strides: [3], padding: [[2, 1]], dilations: [2] }),
    },
    {
      title: "of each channel apart",
      shapes: [[2, 4, 7], [4, 1, 3]], // prettier-ignore
      float32Only: true,
      build: (x, w) => conv(x, w, undefined, { padding: [[1, 1]], groups: 4 }),
    },
    {
      title: "over two axes in two groups",
      shapes: [[2, 4, 6, 5], [6, 2, 3, 2], [6]], // prettier-ignore
      float32Only: true,
      build: (x, w, b) => conv(x, w, b, { strides: [2, 1], padding: [[1, 1], [0, 1]], groups: 2 }), // prettier-ignore
    },
  ],
};

/**
 * The kernel [O, C/groups, k…] moved over `x` [B, C, n…], plus a bias [O]: [B, O, m…] with
 * m = ⌊(n + padding − dilation · (k − 1) − 1) / stride⌋ + 1.
 */
export function conv(x: Tensor, kernel: Tensor, bias?: Tensor, options: ConvolutionOptions = {}): Tensor {
  return apply(Conv, bias ? [x, kernel, bias] : [x, kernel], attributesOf(options, x.shape.length - 2));
}

function attributesOf(options: ConvolutionOptions, axes: number): Attributes {
  const each = <T>(given: readonly T[] | undefined, usual: T): readonly T[] =>
    given ?? Array.from({ length: axes }, () => usual);
  const padding = each<readonly [number, number]>(options.padding, [0, 0]);
  const attributes = {
    strides: each(options.strides, 1),
    dilations: each(options.dilations, 1),
    pads: [...padding.map(([before]) => before), ...padding.map(([, after]) => after)],
    group: options.groups ?? 1,
  };
  const { strides, dilations, group } = attributes;
  if (!areCounts([...strides, ...dilations, group], 1) || !areCounts(attributes.pads, 0))
    throw shapeMismatch("conv", "strides, dilations and groups must be whole numbers of at least 1, padding of at least 0"); // prettier-ignore
  if (axes >= 1 && [strides, dilations, padding].every(({ length }) => length === axes)) return attributes;
  throw shapeMismatch("conv", `strides, padding and dilations need one entry for each of ${axes} axes`);
}

const integersOf = (attributes: Attributes, name: string) => attributes[name] as readonly number[];

function convolvedShape(inputs: readonly Tensor[], attributes: Attributes): Shape {
  const [x, kernel, bias] = inputs.map(({ shape }) => shape);
  const where = `conv of ${formatShape(x)} with ${formatShape(kernel)}`;
  const [outputs, channels, ...sizes] = kernel;
  const groups = attributes.group as number;
  if (kernel.length !== x.length) throw shapeMismatch(where, "operand and kernel must have as many axes");
  if (multiplyDimensions([channels, groups]) !== x[1])
    throw shapeMismatch(where, `${groups} × ${channels} channels of the kernel meet ${x[1]} of the operand`);
  if (typeof outputs === "number" && outputs % groups !== 0)
    throw shapeMismatch(where, `${outputs} channels do not fall into ${groups} groups`);
  if (bias && !sameShape(bias, [outputs]))
    throw shapeMismatch(where, `the bias must be ${formatShape([outputs])}, not ${formatShape(bias)}`);
  const lengths = sizes.map((size, i) => positions(x[i + 2], size, i, attributes));
  if (lengths.some((length) => typeof length === "number" && length < 1))
    throw shapeMismatch(where, "the kernel is longer than the padded operand");
  return [x[0], outputs, ...lengths];
}

/** How many places a kernel of `size` has on an axis. A size that only the run knows gives a name of its own. */
function positions(length: Dimension, size: Dimension, axis: number, attributes: Attributes): Dimension {
  if (typeof size === "string") return `positions(${size},${length})`;
  const pads = integersOf(attributes, "pads");
  const padding = pads[axis] + pads[axis + pads.length / 2];
  const last = integersOf(attributes, "dilations")[axis] * (size - 1);
  return strideDimension(shiftDimension(length, padding - last), integersOf(attributes, "strides")[axis]); // ⌊a / s⌋ + 1 = ⌈(a + 1) / s⌉
}

export const ConvTranspose: OperatorDefinition = {
  name: "ConvTranspose",
  infer: () => [],
  gradient: notDifferentiable("it is only used as the gradient of a convolution"),
  examples: [],
};

/** Each place of the kernel sends its gradient back. What lay behind the last place, less than a stride, gets zeros. */
function operandGradient(upstream: Tensor, x: Tensor, kernel: Tensor, attributes: Attributes): Tensor {
  const rest = integersOf(attributes, "strides").map((stride) => stride - 1);
  const back: OperatorDefinition = { ...ConvTranspose, infer: () => [{ type: x.type, shape: x.shape }] };
  const spread = apply(back, [upstream, kernel], { ...attributes, output_padding: rest });
  return rest.some((size) => size > 0) ? cutLike(spread, x) : spread;
}

/** The operand convolved with the gradient as kernel; where one has strides, the other has dilations. */
function kernelGradient(upstream: Tensor, x: Tensor, kernel: Tensor, attributes: Attributes): Tensor {
  const { strides, dilations, group } = attributes;
  const swapped = { ...attributes, strides: dilations, dilations: strides };
  const slopes = apply(Conv, [batchAsChannels(x, group as number), swapFirst(upstream)], swapped); // [C/groups, O, k…]
  return cutLike(swapFirst(slopes), kernel);
}

/** [B, C, n…] becomes [C/groups, groups·B, n…]. */
function batchAsChannels(x: Tensor, groups: number): Tensor {
  if (groups === 1) return swapFirst(x);
  const [batch, channels, ...sizes] = x.shape;
  const inGroup = (channels as number) / groups;
  const apart = reshape(x, [batch, groups, inGroup, ...sizes]);
  const spatial = sizes.map((_, i) => i + 3);
  const gathered = transpose(apart, [2, ...spatial, 1, 0]); // [C/groups, n…, groups, B]
  const joined = reshape(gathered, [inGroup, ...sizes, multiplyDimensions([groups, batch])]);
  return transpose(joined, [0, sizes.length + 1, ...sizes.map((_, i) => i + 1)]);
}

const swapFirst = (x: Tensor): Tensor => transpose(x, [1, 0, ...x.shape.slice(2).map((_, i) => i + 2)]);
