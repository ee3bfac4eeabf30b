// A convolution equals its definition as plain loops, and it and its gradients keep the length of a batch symbolic.

import { describe, expect, it } from "vitest";
import { openEngine } from "../../src/engine/index.ts";
import { conv, differentiate, Graph, writeOnnx, type ConvolutionOptions } from "../../src/graph/index.ts";
import { RandomStream } from "../../src/random.ts";
import type { TensorData } from "../../src/tensor.ts";

function random(dims: readonly number[], name: string): TensorData {
  const stream = new RandomStream(1, name);
  const length = dims.reduce((product, size) => product * size, 1);
  return { type: "float32", dims, data: Float32Array.from({ length }, () => stream.normal()) };
}

const OPTIONS = {
  strides: [2],
  padding: [[3, 1]],
  dilations: [2],
  groups: 2,
} as const satisfies ConvolutionOptions;

/** Σ over the channels of the group and the kernel, place by place, and its gradients for the gradient `u`. */
function byDefinition(x: TensorData, w: TensorData, u: TensorData) {
  const [[B, C, L], [O, perGroup, K], M] = [x.dims, w.dims, u.dims[2]];
  const [{ strides: [stride], padding: [[before]], dilations: [dilation], groups }] = [OPTIONS]; // prettier-ignore
  const [y, dx, dw] = [u, x, w].map(({ data }) => Array.from({ length: data.length }, () => 0));
  for (let b = 0; b < B; b++)
    for (let o = 0; o < O; o++)
      for (let m = 0; m < M; m++)
        for (let c = 0; c < perGroup; c++)
          for (let k = 0; k < K; k++) {
            const at = m * stride + k * dilation - before;
            if (at < 0 || at >= L) continue;
            const channel = Math.floor(o / (O / groups)) * perGroup + c;
            const [i, j, n] = [(b * C + channel) * L + at, (o * perGroup + c) * K + k, (b * O + o) * M + m];
            y[n] += Number(x.data[i]) * Number(w.data[j]);
            dx[i] += Number(u.data[n]) * Number(w.data[j]);
            dw[j] += Number(u.data[n]) * Number(x.data[i]);
          }
  return { y, dx, dw };
}

function expectNear(actual: TensorData, expected: readonly number[]): void {
  expect(actual.data).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(Number(actual.data[i])).toBeCloseTo(value, 4);
}

describe("a convolution", () => {
  const graph = new Graph();
  const x = graph.input("x", "float32", ["B", 4, "T"]);
  const w = graph.input("w", "float32", [6, 2, 3]);
  const y = graph.output(conv(x, w, undefined, OPTIONS));
  const backward = differentiate(y, [x, w]);

  it("names its length", () => expect(y.shape).toEqual(["B", 6, "ceil(T/2)"]));

  it("equals its definition for batches of any size and length, and so do its gradients", async () => {
    const engine = await openEngine();
    const forwardProgram = await engine.load(writeOnnx(graph));
    const backwardProgram = await engine.load(writeOnnx(backward.graph));
    for (const [B, T] of [
      [1, 5],
      [3, 8],
      [2, 1],
    ]) {
      // prettier-ignore
      const feeds = { x: random([B, 4, T], "x"), w: random([6, 2, 3], "w") };
      const result = (await forwardProgram.run(feeds))[y.name];
      expect(result.dims).toEqual([B, 6, Math.ceil(T / 2)]);
      const u = random(result.dims, "u");
      const gradients = await backwardProgram.run({ ...feeds, [backward.upstream.name]: u });
      const expected = byDefinition(feeds.x, feeds.w, u);
      expectNear(result, expected.y);
      expectNear(gradients[backward.gradients[0].name], expected.dx);
      expectNear(gradients[backward.gradients[1].name], expected.dw);
    }
  });
});
