// Weights as they lie in a program: float32; half precision; or bytes with a scale for each output channel. They are widened
// again when the program is loaded, once, so that a small file computes as fast as a large one; products with bytes are
// computed in bytes.

import { cast, computeInBytes, mul, type ByteMatrix, type Graph, type Tensor } from "../graph/index.ts";
import { constantWeight, type LayerContext, type WeightStore, type Weights } from "../network/index.ts";
import { elementCount, type Float32Tensor } from "../tensor.ts";
import { halved } from "./half-weights.ts";

export type ExportPrecision = "float32" | "float16" | "int8";

/** Its `weight` throws BEYOND_FLOAT16. */
export function storedWeights(graph: Graph, weights: Weights, precision: ExportPrecision): WeightStore {
  const matrices = new Map<Tensor, ByteMatrix>();
  const sources = new Map<ByteMatrix, Float32Tensor>();
  const asItIs = constantWeight(graph, weights);
  const weight: LayerContext["weight"] = (name, ...fresh) => {
    const stored = weights.get(name)!;
    if (precision === "float32" || stored.dims.length < 2) return asItIs(name, ...fresh);
    if (precision === "int8") {
      const matrix = asBytes(graph, name, stored);
      const widened = mul(cast(matrix.bytes, "float32"), matrix.scale);
      if (stored.dims.length === 2 && stored.dims[1] >= LEAST_COLUMNS) matrices.set(widened, matrix);
      sources.set(matrix, stored);
      return widened;
    }
    const { dims, data } = halved(name, stored);
    return cast(graph.constant(name, "float16", dims, data), "float32");
  };
  const finish = (): void => {
    for (const matrix of computeInBytes(graph, matrices)) narrow(graph, matrix, sources.get(matrix)!);
  };
  return { weight, finish };
}

/** Symmetric: zero stays zero. */
function asBytes(graph: Graph, name: string, weight: Float32Tensor): ByteMatrix {
  const { bytes, scales, scaleDims } = quantizeChannels(weight, LARGEST);
  return {
    bytes: graph.constant(name, "int8", weight.dims, bytes),
    scale: graph.constant(`${name}/scale`, "float32", scaleDims, scales),
  };
}

interface QuantizedChannels {
  readonly bytes: Int8Array;
  /** One for each channel, to multiply the bytes by. */
  readonly scales: Float32Array;
  /** Its shape beside the weight: 1 along every other axis. */
  readonly scaleDims: readonly number[];
}

const LARGEST = 127;
/** Of a matrix that products in bytes are worth: letters are few, and their layer's errors are the costliest. */
const LEAST_COLUMNS = 64;
/** In a product with bytes: without VNNI a processor adds two products in 16 bits, where whole bytes would not fit. */
const LARGEST_FACTOR = 63;

/** Quantizes a matrix again, for products. */
function narrow(graph: Graph, { bytes, scale }: ByteMatrix, source: Float32Tensor): void {
  const narrower = quantizeChannels(source, LARGEST_FACTOR);
  const dataOf = (tensor: Tensor) => graph.initializers.find((constant) => constant.tensor === tensor)!.data;
  (dataOf(bytes) as Int8Array).set(narrower.bytes);
  (dataOf(scale) as Float32Array).set(narrower.scales);
}

/** Channels are the columns of a matrix, and the outputs of a kernel, [outputs, inputs, …]. */
function quantizeChannels({ dims, data }: Float32Tensor, largest: number): QuantizedChannels {
  const axis = dims.length === 2 ? 1 : 0;
  const behind = elementCount(dims.slice(axis + 1));
  const channelOf = (at: number) => Math.floor(at / behind) % dims[axis];
  const scales = new Float32Array(dims[axis]);
  for (const [at, value] of data.entries())
    scales[channelOf(at)] = Math.max(scales[channelOf(at)], Math.abs(value) / largest);
  const bytes = Int8Array.from(data, (value, at) => {
    const scale = scales[channelOf(at)];
    return scale === 0 ? 0 : Math.round(value / scale);
  });
  return { bytes, scales, scaleDims: dims.map((size, i) => (i === axis ? size : 1)) };
}
