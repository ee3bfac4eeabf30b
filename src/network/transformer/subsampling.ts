// Convolutions in front of attention (Dong et al. 2018, Speech-Transformer): each halves time and frequency, so that
// attention, whose price grows with the square of the steps, has a quarter of the frames to look at. A step's window is
// bounded, 2^n − 1 frames on either side, and holds zeros beyond the ends as a padded batch and a stream do.

import { concat, conv, gelu, pad, reshape, transpose, unsqueeze, type Tensor } from "../../graph/index.ts";
import { elementCount } from "../../tensor.ts";
import { lecunNormal, normal, zeros, type WeightInitializer } from "../initializers.ts";
import { dense } from "../layers.ts";
import type { LayerContext } from "../network.ts";

const KERNEL = 3; // of both axes

export interface SubsamplingSettings {
  /** Convolutions, each of which halves the steps. */
  readonly halvings: number;
  readonly channels: number;
  /** H, of the steps that come out. */
  readonly width: number;
}

/** Frames on either side of a step's own that it depends on. */
export const windowOf = ({ halvings }: Pick<SubsamplingSettings, "halvings">): number => 2 ** halvings - 1;

/** Frames [P + T + A, B, F], P and A of `windowOf`: those before and after are given. → [⌈T / 2^n⌉, B, H] */
export function subsampled(layers: LayerContext, frames: Tensor, settings: SubsamplingSettings): Tensor {
  let x = unsqueeze(transpose(frames, [1, 0, 2]), [1]); // [B, 1, T, F]
  for (let i = 1; i <= settings.halvings; i++) x = gelu(halved(layers, x, `front.conv${i}`, settings));
  const [utterances, channels, steps, bands] = x.shape;
  const flat = (channels as number) * (bands as number);
  const rows = reshape(transpose(x, [2, 0, 1, 3]), [steps, utterances, flat]);
  return dense(layers, rows, settings.width, "front", lecunNormal);
}

/** [B, C, T, F] → [B, channels, ⌈(T − 2) / 2⌉, ⌈F / 2⌉]. */
function halved(layers: LayerContext, x: Tensor, name: string, { channels }: SubsamplingSettings): Tensor {
  const kernel = layers.weight(
    `${name}.weight`,
    [channels, x.shape[1] as number, KERNEL, KERNEL],
    kernelNormal,
  );
  const bias = layers.weight(`${name}.bias`, [channels], zeros);
  const bands = [1, 1] as const;
  return conv(x, kernel, bias, { strides: [2, 2], padding: [[0, 0], bands] });
}

/** As He et al. 2015, for a kernel [O, I, k, k], of which a unit sees I · k · k numbers. */
const kernelNormal: WeightInitializer = ([outputs, ...inputs], random) =>
  normal(Math.sqrt(2 / elementCount(inputs)))([outputs, ...inputs], random);

/** The frames with those before and after: of a stream from its state, of a whole utterance zeros. */
export const withWindow = (frames: Tensor, before: Tensor | undefined, window: number): Tensor =>
  before ? concat([before, frames], 0) : pad(frames, 0, window, window);
