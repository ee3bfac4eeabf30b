// Networks on made-up utterances, for the tests of each network.

import { expect } from "vitest";
import { openEngine, type Program } from "../../src/engine/index.ts";
import {
  inferenceProgram,
  initializeWeights,
  LogitStream,
  outputSteps,
  streamingProgram,
  type Architecture,
  type Weights,
} from "../../src/network/index.ts";
import { RandomStream } from "../../src/random.ts";

/** Rows of numbers, one for each frame or step. */
export type Rows = number[][];

/** Weights that are large enough for the clip to matter, biases included. */
export function vividWeights(architecture: Architecture, seed = 3): Weights {
  const random = new RandomStream(seed, "vivid");
  const vivid = (data: Float32Array) => data.map((value) => 1.5 * value + 0.3 * random.normal());
  return new Map(
    [...initializeWeights(architecture, 1)].map(([name, w]) => [name, { ...w, data: vivid(w.data) }]),
  );
}

/** Frames [T, F]. */
export function utterance(frames: number, features: number, seed: number): Rows {
  const random = new RandomStream(seed, "utterance");
  return Array.from({ length: frames }, () => Array.from({ length: features }, () => random.normal()));
}

/** The logits [T', V] of each utterance of a padded batch. */
export async function logitsOf(
  program: Program,
  architecture: Architecture,
  batch: readonly Rows[],
): Promise<Rows[]> {
  const { features: F, symbols: V } = architecture;
  const T = Math.max(...batch.map((frames) => frames.length));
  const B = batch.length;
  const steps = outputSteps(architecture, T);
  const frames = new Float32Array(T * B * F);
  const mask = new Float32Array(steps * B);
  for (const [b, rows] of batch.entries()) {
    for (const [t, row] of rows.entries()) frames.set(row, (t * B + b) * F);
    for (let t = 0; t < outputSteps(architecture, rows.length); t++) mask[t * B + b] = 1;
  }
  const results = await program.run({
    frames: { type: "float32", dims: [T, B, F], data: frames },
    mask: { type: "float32", dims: [steps, B, 1], data: mask },
  });
  const { data } = results[program.outputs[0]] as { data: Float32Array };
  return batch.map((rows, b) =>
    Array.from({ length: outputSteps(architecture, rows.length) }, (_, t) =>
      Array.from(data.subarray((t * B + b) * V, (t * B + b + 1) * V)),
    ),
  );
}

/** The logits of each utterance of a padded batch, by the inference program. */
export async function whole(
  architecture: Architecture,
  weights: Weights,
  batch: readonly Rows[],
): Promise<Rows[]> {
  const program = await (await openEngine()).load(inferenceProgram(architecture, weights), { threads: 1 });
  const logits = await logitsOf(program, architecture, batch);
  await program.close();
  return logits;
}

/** The logits of an utterance whose frames come in pieces of these sizes, and how many steps were known after each. */
export async function streamed(
  architecture: Architecture,
  weights: Weights,
  frames: Rows,
  sizes: readonly number[],
): Promise<{ logits: Rows; known: number[] }> {
  const streaming = streamingProgram(architecture, weights);
  const program = await (await openEngine()).load(streaming.program, { threads: 1 });
  const stream = new LogitStream(streaming, (feeds) => program.run(feeds));
  const { symbols: V } = architecture;
  const logits: Rows = [];
  const known: number[] = [];
  const take = (data: Float32Array) => {
    for (let i = 0; i < data.length; i += V) logits.push(Array.from(data.subarray(i, i + V)));
    known.push(logits.length);
  };
  let at = 0;
  for (const size of sizes) {
    take(await stream.push(Float32Array.from(frames.slice(at, at + size).flat())));
    at += size;
  }
  take(await stream.finish());
  await program.close();
  return { logits, known };
}

/** Sizes of pieces of `size`, and the rest. */
export const pieces = (total: number, size: number) =>
  Array.from({ length: Math.ceil(total / size) }, (_, i) => Math.min(size, total - i * size));

/** The largest difference, relative to max(1, |x|). */
export function difference(a: Rows, b: Rows): number {
  expect(a.length).toBe(b.length);
  const errors = a.flatMap((row, t) => row.map((x, v) => Math.abs(x - b[t][v]) / Math.max(1, Math.abs(x))));
  return Math.max(...errors);
}
