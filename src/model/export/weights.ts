// Weights as they lie in an exported program: float32; half precision; or bytes with a scale for each output channel. They
// are widened again when the program is loaded, once, so that a small file computes as fast as a large one.

import { cast, mul, type Graph, type Tensor } from "../../graph/index.ts";
import type { LayerContext, Weights } from "../../network/index.ts";
import type { Float32Tensor } from "../../tensor.ts";
import { halved } from "../half-weights.ts";

export type ExportPrecision = "float32" | "float16" | "int8";

/** @throws EarshotError BEYOND_FLOAT16 */
export function storedWeight(
  graph: Graph,
  weights: Weights,
  precision: ExportPrecision,
): LayerContext["weight"] {
  return (name) => {
    const weight = weights.get(name)!;
    if (precision === "float32" || weight.dims.length < 2) return asItIs(graph, name, weight);
    if (precision === "int8") return asBytes(graph, name, weight);
    const { dims, data } = halved(name, weight);
    return cast(graph.constant(name, "float16", dims, data), "float32");
  };
}

const asItIs = (graph: Graph, name: string, { dims, data }: Float32Tensor): Tensor =>
  graph.constant(name, "float32", dims, data);

/** Symmetric: zero stays zero. */
function asBytes(graph: Graph, name: string, weight: Float32Tensor): Tensor {
  const { bytes, scales, scaleDims } = quantizeChannels(weight);
  const scale = graph.constant(`${name}/scale`, "float32", scaleDims, scales);
  return mul(cast(graph.constant(name, "int8", weight.dims, bytes), "float32"), scale);
}

export interface QuantizedChannels {
  readonly bytes: Int8Array;
  /** One for each channel, to multiply the bytes by. */
  readonly scales: Float32Array;
  /** Its shape beside the weight: 1 along every other axis. */
  readonly scaleDims: readonly number[];
}

const LARGEST = 127;

/** Channels are the columns of a matrix, and the outputs of a kernel, [outputs, inputs, …]. */
export function quantizeChannels({ dims, data }: Float32Tensor): QuantizedChannels {
  const axis = dims.length === 2 ? 1 : 0;
  const behind = dims.slice(axis + 1).reduce((product, size) => product * size, 1);
  const channelOf = (at: number) => Math.floor(at / behind) % dims[axis];
  const scales = new Float32Array(dims[axis]);
  for (const [at, value] of data.entries())
    scales[channelOf(at)] = Math.max(scales[channelOf(at)], Math.abs(value) / LARGEST);
  const bytes = Int8Array.from(data, (value, at) => {
    const scale = scales[channelOf(at)];
    return scale === 0 ? 0 : Math.round(value / scale);
  });
  return { bytes, scales, scaleDims: dims.map((size, i) => (i === axis ? size : 1)) };
}
