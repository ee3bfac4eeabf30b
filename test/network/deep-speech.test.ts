import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEngine, type Program } from "../../src/engine/index.ts";
import {
  inferenceProgram,
  initializeWeights,
  outputSteps,
  parameterShapes,
  resolveArchitecture,
  type Weights,
} from "../../src/network/index.ts";
import { RandomStream } from "../../src/random.ts";
import { plainDeepSpeech } from "./plain-deep-speech.ts";

const F = 5;
const V = 7;
const settings = { width: 12, context: 2, stride: 2, ceiling: 1.5, recurrentStart: 0.9 };
const architecture = resolveArchitecture(
  { name: "deep-speech", ...settings },
  { features: F, symbols: V },
  "test",
);

/** Weights that are large enough for the clip to matter, biases included. */
function vividWeights(): Weights {
  const random = new RandomStream(3, "vivid");
  const vivid = (data: Float32Array) => data.map((value) => 1.5 * value + 0.3 * random.normal());
  return new Map(
    [...initializeWeights(architecture, 1)].map(([name, w]) => [name, { ...w, data: vivid(w.data) }]),
  );
}

function utterance(frames: number, seed: number): number[][] {
  const random = new RandomStream(seed, "utterance");
  return Array.from({ length: frames }, () => Array.from({ length: F }, () => random.normal()));
}

async function logitsOf(program: Program, batch: readonly number[][][]): Promise<number[][][]> {
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

/** The largest difference, relative to max(1, |x|). */
function difference(a: number[][], b: number[][]): number {
  expect(a.length).toBe(b.length);
  const errors = a.flatMap((row, t) => row.map((x, v) => Math.abs(x - b[t][v]) / Math.max(1, Math.abs(x))));
  return Math.max(...errors);
}

describe("the paper's network", () => {
  const weights = vividWeights();
  const utterances = [utterance(9, 1), utterance(14, 2), utterance(1, 3), utterance(6, 4)];
  let program: Program;
  beforeAll(async () => {
    program = await (await openEngine()).load(inferenceProgram(architecture, weights), { threads: 1 });
  });
  afterAll(() => program.close());

  it("computes the equations of section 2, written out plainly in float64", async () => {
    for (const frames of utterances) {
      const [logits] = await logitsOf(program, [frames]);
      expect(difference(plainDeepSpeech(frames, weights, settings), logits)).toBeLessThan(1e-5);
    }
  });

  it("gives a padded batch what it gives its utterances one by one", async () => {
    const together = await logitsOf(program, utterances);
    for (const [b, frames] of utterances.entries()) {
      const [alone] = await logitsOf(program, [frames]);
      expect(difference(alone, together[b])).toBeLessThan(1e-5);
    }
  });

  it("does not depend on neighbors, their order, or what ran before", async () => {
    const [first] = await logitsOf(program, [utterances[0]]);
    const [loud] = await logitsOf(program, [utterance(20, 9).map((row) => row.map((x) => 100 * x))]);
    expect(loud).toHaveLength(10);
    const reordered = await logitsOf(program, [utterances[3], utterances[1], utterances[0]]);
    expect(difference(first, reordered[2])).toBeLessThan(1e-5);
    const [again] = await logitsOf(program, [utterances[0]]);
    expect(again).toEqual(first);
  });

  it("shares W4 and b4 between the directions and has one matrix for each", () => {
    const shapes = parameterShapes(architecture);
    expect([...shapes.keys()].filter((name) => name.startsWith("h4"))).toEqual([
      "h4.weight",
      "h4.bias",
      "h4.forward",
      "h4.backward",
    ]);
    expect(shapes.get("h1.weight")).toEqual([(2 * 2 + 1) * F, 12]);
    expect(shapes.get("h6.weight")).toEqual([12, V]);
  });

  it("starts from the seed alone", () => {
    const [a, b, c] = [
      initializeWeights(architecture, 5),
      initializeWeights(architecture, 5),
      initializeWeights(architecture, 6),
    ];
    expect(a).toEqual(b);
    expect(a.get("h1.weight")!.data).not.toEqual(c.get("h1.weight")!.data);
  });
});

describe("an architecture", () => {
  it("names an unknown setting and the nearest one", () => {
    const build = () =>
      resolveArchitecture({ name: "deep-speech", widht: 3 }, { features: F, symbols: V }, "config.yaml");
    expect(build).toThrow('config.yaml: widht: There is no setting named "widht". Did you mean "width"?');
  });
  it("names an unknown network and the nearest one", () => {
    const build = () =>
      resolveArchitecture({ name: "deepspeech" }, { features: F, symbols: V }, "config.yaml");
    expect(build).toThrow('Expected "deep-speech", but it is "deepspeech". Did you mean "deep-speech"?');
  });
});
