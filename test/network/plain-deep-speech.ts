// Hannun et al. 2014, section 2, equation by equation in float64, for one utterance: the oracle of the network's graph;
// and the same with windows of past frames and a forward recurrence only, the oracle of the forward network.

import type { Weights } from "../../src/network/index.ts";

type Matrix = number[][];

export interface PlainSettings {
  readonly context: number;
  readonly stride: number;
  readonly ceiling: number;
}

/** Logits [T', V] of frames [T, F]. */
export function plainDeepSpeech(frames: Matrix, weights: Weights, settings: PlainSettings): Matrix {
  const { g, affine, matrix } = layersOf(weights, settings);
  const { context } = settings;
  const windows = windowsOf(frames, context, context, settings.stride);
  const h3 = windows.map((x) => ["h1", "h2", "h3"].reduce((h, name) => g(affine(h, name)), x)); //   eq. 1
  const input = h3.map((h) => affine(h, "h4"));
  const zero = input[0].map(() => 0);
  const forward: Matrix = [];
  const backward: Matrix = [];
  for (let t = 0; t < input.length; t++) {
    forward[t] = g(plus(input[t], times(forward[t - 1] ?? zero, matrix("h4.forward")))); //          eq. 2
  }
  for (let t = input.length - 1; t >= 0; t--) {
    backward[t] = g(plus(input[t], times(backward[t + 1] ?? zero, matrix("h4.backward")))); //       eq. 3
  }
  return input.map((_, t) => affine(g(affine(plus(forward[t], backward[t]), "h5")), "h6")); //       eq. 4, 5
}

/** The same without the backward recurrence, its windows from `context` frames before to `lookAhead` after. */
export function plainForward(
  frames: Matrix,
  weights: Weights,
  settings: PlainSettings & { readonly lookAhead: number },
): Matrix {
  const { g, affine, matrix } = layersOf(weights, settings);
  const windows = windowsOf(frames, settings.context, settings.lookAhead, settings.stride);
  const h3 = windows.map((x) => ["h1", "h2", "h3"].reduce((h, name) => g(affine(h, name)), x));
  let state = h3[0].map(() => 0);
  return h3.map((h) => {
    state = g(plus(affine(h, "h4"), times(state, matrix("h4.forward"))));
    return affine(g(affine(state, "h5")), "h6");
  });
}

function layersOf(weights: Weights, { ceiling }: PlainSettings) {
  const matrix = (name: string): Matrix => {
    const { dims, data } = weights.get(name)!;
    const [rows, columns] = dims.length === 2 ? dims : [1, dims[0]];
    return Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns)));
  };
  const g = (z: number[]) => z.map((value) => Math.min(Math.max(0, value), ceiling));
  const affine = (x: number[], name: string) =>
    plus(times(x, matrix(`${name}.weight`)), matrix(`${name}.bias`)[0]);
  return { matrix, g, affine };
}

/** Each kept frame with its neighbors, zeros beyond the ends. */
function windowsOf(frames: Matrix, before: number, after: number, stride: number): Matrix {
  const silence = frames[0].map(() => 0);
  const windows: Matrix = [];
  for (let t = 0; t < frames.length; t += stride) {
    windows.push(
      Array.from({ length: before + 1 + after }, (_, c) => frames[t + c - before] ?? silence).flat(),
    );
  }
  return windows;
}

const plus = (a: number[], b: number[]) => a.map((value, i) => value + b[i]);
const times = (x: number[], w: Matrix) =>
  w[0].map((_, j) => x.reduce((sum, value, i) => sum + value * w[i][j], 0));
