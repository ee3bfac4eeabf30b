// Weights as they lie in a program: float32; half precision; or bytes with a scale for each output channel. They are widened
// again when the program is loaded, once, so that a small file computes as fast as a large one; products with bytes are
// computed in bytes.

import { cast, computeInBytes, mul, type ByteMatrix, type Graph, type Tensor } from "../graph/index.ts";
import { constantWeight, type LayerContext, type WeightStore, type Weights } from "../network/index.ts";
import { elementCount, type Float32Tensor } from "../tensor.ts";
import { halved } from "./half-weights.ts";

export type ExportPrecision = "float32" | "float16" | "int8";

/** Its `weight` throws BEYOND_FLOAT16. In int8 the bytes are zeros until `finish`, which knows what they are for. */
export function storedWeights(graph: Graph, weights: Weights, precision: ExportPrecision): WeightStore {
  const products = new Map<Tensor, ByteMatrix>();
  const quantized: QuantizedWeight[] = [];
  const asItIs = constantWeight(graph, weights);
  const weight: LayerContext["weight"] = (name, ...fresh) => {
    const stored = weights.get(name)!;
    if (precision === "float32" || stored.dims.length < 2) return asItIs(name, ...fresh);
    if (precision === "int8") {
      const bytes = asBytes(graph, name, stored);
      quantized.push(bytes);
      const widened = mul(cast(bytes.matrix.bytes, "float32"), bytes.matrix.scale);
      if (stored.dims.length === 2 && stored.dims[1] >= LEAST_COLUMNS) products.set(widened, bytes.matrix);
      return widened;
    }
    const { dims, data } = halved(name, stored);
    return cast(graph.constant(name, "float16", dims, data), "float32");
  };
  const finish = (): void => {
    const used = computeInBytes(graph, products);
    for (const each of quantized) quantize(each, used.has(each.matrix) ? LARGEST_FACTOR : LARGEST);
  };
  return { weight, finish };
}

const LARGEST = 127;
/** Of weights that are multiplied as bytes: a processor without VNNI adds two products in 16 bits, which those of 127 overflow. */
const LARGEST_FACTOR = 63;
/** Narrower matrices are not multiplied as bytes: those of output layers over letters, whose errors cost most and whose products least. */
const LEAST_COLUMNS = 64;

/** Channels are the columns of a matrix, and the outputs of a kernel, [outputs, inputs, …]. */
interface QuantizedWeight {
  readonly source: Float32Tensor;
  readonly axis: number;
  readonly matrix: ByteMatrix;
  readonly bytes: Int8Array;
  /** One for each channel, to multiply the bytes by. */
  readonly scales: Float32Array;
}

function asBytes(graph: Graph, name: string, source: Float32Tensor): QuantizedWeight {
  const { dims, data } = source;
  const axis = dims.length === 2 ? 1 : 0;
  const bytes = new Int8Array(data.length);
  const scales = new Float32Array(dims[axis]);
  const scaleDims = dims.map((size, i) => (i === axis ? size : 1));
  const matrix = {
    bytes: graph.constant(name, "int8", dims, bytes),
    scale: graph.constant(`${name}/scale`, "float32", scaleDims, scales),
  };
  return { source, axis, matrix, bytes, scales };
}

/** Symmetric: zero stays zero. @param largest byte of a channel */
function quantize({ source: { dims, data }, axis, bytes, scales }: QuantizedWeight, largest: number): void {
  const channels = dims[axis];
  const behind = elementCount(dims.slice(axis + 1));
  const largestOf = new Float64Array(channels);
  for (let at = 0; at < data.length;)
    for (let channel = 0; channel < channels; channel++)
      for (const end = at + behind; at < end; at++)
        largestOf[channel] = Math.max(largestOf[channel], Math.abs(data[at]));
  for (let channel = 0; channel < channels; channel++) scales[channel] = largestOf[channel] / largest;
  for (let at = 0; at < data.length;)
    for (let channel = 0; channel < channels; channel++)
      for (const end = at + behind; at < end; at++) bytes[at] = Math.round(data[at] / scales[channel]); // 0 / 0 is stored as 0
}
