// The matrix products of a train step, by themselves: what the step cannot be faster than in the same engine.

import { concat, Graph, matMul, split, writeOnnx } from "../../dist/graph/index.js";

const RUNS = 9;

/**
 * Of each weight matrix its product with what comes in, and those of the two gradients: [m, k] × [k, n], so many times one after the other.
 * @param weights by name, as a model file has them @param T steps @param B utterances
 */
export function productsOf(weights, T, B) {
  const matrices = [...weights].filter(([, { dims }]) => dims.length === 2);
  return matrices.flatMap(([name, { dims }], index) => {
    const [inputs, outputs] = dims;
    const [rows, times] = /\.(forward|backward)$/.test(name) ? [B, T] : [T * B, 1];
    const forward = { m: rows, k: inputs, n: outputs, times };
    const toInput = { m: rows, k: outputs, n: inputs, times }; // of frames nobody asks for it
    return [forward, ...(index > 0 ? [toInput] : []), { m: inputs, k: T * B, n: outputs, times: 1 }];
  });
}

/** Their times in ms, of each the median, added up. @param ort onnxruntime-web or -node */
export async function productTime(ort, products) {
  const known = new Map();
  let total = 0;
  for (const product of products) {
    const key = JSON.stringify(product);
    if (!known.has(key)) known.set(key, await timeOf(ort, product));
    total += known.get(key);
  }
  return total;
}

async function timeOf(ort, { m, k, n, times }) {
  const session = await ort.InferenceSession.create(programOf(m, k, n, times), { intraOpNumThreads: 1 });
  const filled = (dims) =>
    new ort.Tensor("float32", new Float32Array(dims.reduce((size, length) => size * length)).fill(0.5), dims);
  const feeds = { a: filled([times, m, k]), b: filled([k, n]) };
  const took = [];
  for (let run = 0; run <= RUNS; run++) {
    const start = performance.now();
    await session.run(feeds);
    took.push(performance.now() - start);
  }
  await session.release();
  return took.slice(1).toSorted((x, y) => x - y)[RUNS >> 1];
}

/** Products in a sequence have left sides of their own, so that the engine does not make one of them. */
function programOf(m, k, n, times) {
  const graph = new Graph();
  const a = graph.input("a", "float32", [times, m, k]);
  const b = graph.input("b", "float32", [k, n]);
  const parts = times === 1 ? [a] : split(a, 0, Array(times).fill(1));
  const results = parts.map((part) => matMul(part, b));
  graph.output(times === 1 ? results[0] : concat(results, 0));
  return writeOnnx(graph);
}
