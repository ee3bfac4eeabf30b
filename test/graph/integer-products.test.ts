// Products with matrices of bytes: exact where the numbers are bytes too, so that the arithmetic itself is seen.

import { describe, expect, it } from "vitest";
import {
  affine,
  cast,
  computeInBytes,
  Graph,
  matMul,
  matMulInteger,
  mul,
  quantize,
  scan,
  tanh,
  type ByteMatrix,
  type Tensor,
} from "../../src/graph/index.ts";
import { evaluate } from "./evaluate.ts";

const rows = { dims: [2, 3], values: [0, -127, 3, 14, 0, 254] }; // the largest of a row is 127 or twice as much: whole bytes

function byteMatrix(graph: Graph): { matrix: Tensor; parts: ByteMatrix } {
  const bytes = graph.constant("bytes", "int8", [3, 2], Int8Array.of(1, -127, 2, 50, -3, 4));
  const scale = graph.constant("scale", "float32", [1, 2], Float32Array.of(0.5, 0.25));
  return { matrix: mul(cast(bytes, "float32"), scale), parts: { bytes, scale } };
}

const operatorsOf = (graph: Graph): string[] => graph.nodes.map(({ operator }) => operator.name);

describe("products with matrices of bytes", () => {
  it("are computed in bytes, with a bias and without, from one quantization of an operand", async () => {
    const graph = new Graph();
    const x = graph.input("x", "float32", ["T", 3]);
    const { matrix, parts } = byteMatrix(graph);
    const bias = graph.constant("bias", "float32", [2], Float32Array.of(1000, -1));
    const plain = graph.output(matMul(x, matrix));
    const moved = graph.output(affine(x, matrix, bias));
    const before = await evaluate(graph, { x: rows });
    expect(computeInBytes(graph, new Map([[matrix, parts]]))).toEqual(new Set([parts]));
    const after = await evaluate(graph, { x: rows });
    const expected = [0.5 * -263, 0.25 * -6338, 0.5 * -748, 0.25 * -762];
    expect(before[plain.name].values).toEqual(expected);
    expect(after[plain.name]).toEqual({ dims: [2, 2], values: expected });
    expect(after[moved.name].values).toEqual(expected.map((value, i) => value + [1000, -1][i % 2]));
    const names = operatorsOf(graph);
    expect(names.filter((name) => name === "QuantizeLinear")).toHaveLength(1);
    expect(names.filter((name) => name === "MatMulInteger")).toHaveLength(2);
    expect(names).not.toContain("Gemm");
  });

  it("give a row the same whatever else is in the batch, and a row of zeros zeros", async () => {
    const graph = new Graph();
    const x = graph.input("x", "float32", ["T", 3]);
    const { matrix, parts } = byteMatrix(graph);
    const { name } = graph.output(matMul(x, matrix));
    computeInBytes(graph, new Map([[matrix, parts]]));
    const valuesOf = async (...values: number[]) =>
      (await evaluate(graph, { x: { dims: [values.length / 3, 3], values } }))[name].values;
    const quiet = [0.001, -0.0004, 0.0007];
    const alone = await valuesOf(...quiet);
    expect(await valuesOf(...quiet, 5000, -9000, 1, 0, 0, 0)).toEqual([...alone, ...(await valuesOf(5000, -9000, 1)), 0, 0]); // prettier-ignore
    expect(alone[0]).toBeCloseTo(0.5 * (0.001 - 0.0008 - 0.0021), 4);
  });

  it("leave other products alone: other matrices, and those in the step of a loop", () => {
    const graph = new Graph();
    const x = graph.input("x", "float32", ["T", 2, 3]);
    const { matrix, parts } = byteMatrix(graph);
    const other = graph.input("w", "float32", [3, 2]);
    const { outputs } = scan({
      states: [],
      sequences: [x],
      direction: "forward",
      step: (_, [slice]) => ({ states: [], outputs: [tanh(matMul(slice, matrix))] }),
    });
    graph.output(outputs[0]);
    graph.output(matMul(x, other));
    const names = operatorsOf(graph);
    expect(computeInBytes(graph, new Map([[matrix, parts]]))).toEqual(new Set());
    expect(operatorsOf(graph)).toEqual(names);
  });

  it("need bytes on both sides, and inner sizes that agree", () => {
    const graph = new Graph();
    const x = graph.input("x", "float32", ["T", 3]);
    const { parts } = byteMatrix(graph);
    expect(() => matMulInteger(quantize(x), x)).toThrow(expect.objectContaining({ code: "TYPE_MISMATCH" }));
    const wide = quantize(graph.input("wide", "float32", ["T", 4]));
    expect(() => matMulInteger(wide, parts.bytes)).toThrow(
      "matMulInteger of [T, 4] and [3, 2]: They must be [..., M, K] and [K, N].",
    );
  });
});
