// A pass over a finished graph: products with matrices that are kept as bytes are computed in bytes. The left factor is
// quantized when the program runs, each row by its own range, so that nothing need be measured before and no row depends
// on another. Steps of loops stay as they are: there a product is too small to win, and its errors would come back with the state.

import type { Graph, Node, Tensor } from "./graph.ts";
import { add, mul } from "./operators/elementwise.ts";
import { Gemm, MatMul } from "./operators/matrix.ts";
import { matMulInteger, quantize, type Quantized } from "./operators/quantization.ts";
import { cast } from "./operators/shape.ts";

/** A matrix [K, N] as bytes: `bytes` times `scale` [1, N]. */
export interface ByteMatrix {
  readonly bytes: Tensor;
  readonly scale: Tensor;
}

/**
 * Changes the graph.
 * @param matrices by the tensors that stand for them in the graph
 * @returns those that products in bytes use
 */
export function computeInBytes(graph: Graph, matrices: ReadonlyMap<Tensor, ByteMatrix>): Set<ByteMatrix> {
  const known = new Map<Tensor, Quantized>();
  const used = new Set<ByteMatrix>();
  const nodes = graph.nodes.splice(0);
  for (const node of nodes) {
    const matrix = matrixOf(node, matrices);
    if (!matrix) {
      graph.nodes.push(node);
      continue;
    }
    used.add(matrix);
    replace(graph, node, matrix, known);
  }
  return used;
}

function matrixOf(
  { operator, inputs, attributes }: Node,
  matrices: ReadonlyMap<Tensor, ByteMatrix>,
): ByteMatrix | undefined {
  const isPlain = operator === MatMul || (operator === Gemm && !attributes.transA && !attributes.transB);
  return isPlain && inputs[0].type === "float32" ? matrices.get(inputs[1]) : undefined;
}

/** The same result, computed by other nodes. */
function replace(
  graph: Graph,
  { inputs, outputs }: Node,
  { bytes, scale }: ByteMatrix,
  known: Map<Tensor, Quantized>,
): void {
  const [x, , bias] = inputs;
  const left = known.get(x) ?? quantize(x);
  known.set(x, left);
  const product = mul(mul(cast(matMulInteger(left, bytes), "float32"), scale), left.scale);
  if (bias) add(product, bias);
  graph.nodes.at(-1)!.outputs.splice(0, 1, outputs[0]);
}
