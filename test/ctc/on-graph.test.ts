// The CTC gradient inside a program equals that of ctcLoss, or the sums say that it must not be used.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ctcFeeds, ctcGradient, ctcLoss, readCtc, type CtcOutputs } from "../../src/ctc/index.ts";
import { openEngine, type Program } from "../../src/engine/index.ts";
import { Graph, writeOnnx } from "../../src/graph/index.ts";
import { stepMask } from "../../src/network/index.ts";
import { RandomStream } from "../../src/random.ts";
import type { TensorData } from "../../src/tensor.ts";

const V = 5;
const BLANK = 4;

interface Batch {
  readonly logits: Float32Array;
  readonly steps: readonly number[];
  readonly labels: readonly Int32Array[];
}

let program: Program;
let gradientName: string;
let outputs: CtcOutputs;

beforeAll(async () => {
  const graph = new Graph();
  const logits = graph.input("logits", "float32", ["T", "B", V]);
  const loss = ctcGradient(logits, graph.input("mask", "float32", ["T", "B", 1]), BLANK);
  gradientName = graph.output(loss.gradient).name;
  outputs = loss.outputs;
  program = await (await openEngine("cpu")).load(writeOnnx(graph), { threads: 1 });
});
afterAll(() => program.close());

/** Logits drawn with `scale`, and for `sure` ≠ 0 a blank that is likelier by e^sure. */
function batchOf(labels: readonly number[][], steps: readonly number[], scale = 1, sure = 0): Batch {
  const random = new RandomStream(7, "ctc on graph");
  const T = Math.max(...steps);
  const logits = Float32Array.from(
    { length: T * steps.length * V },
    (_, i) => scale * random.normal() + (i % V === BLANK ? sure : 0),
  );
  return { logits, steps, labels: labels.map((sequence) => Int32Array.from(sequence)) };
}

async function run({ logits, steps, labels }: Batch, weight = 1, given?: Float32Array) {
  const B = steps.length;
  const T = logits.length / B / V;
  const float32 = (data: Float32Array, ...dims: number[]): TensorData => ({ type: "float32", dims, data });
  const results = await program.run({
    ...ctcFeeds(labels, steps, V, BLANK),
    logits: float32(logits, T, B, V),
    mask: float32(stepMask(steps, T), T, B, 1),
    "ctc/weights": float32(new Float32Array(B).fill(weight), B, 1),
    "ctc/given": float32(given ?? new Float32Array(logits.length), T, B, V),
    "ctc/isGiven": { type: "bool", dims: [1], data: Uint8Array.of(given ? 1 : 0) },
  });
  const losses = readCtc(results, outputs, steps, labels);
  return { losses, gradient: results[gradientName].data as Float32Array };
}

const cases: Readonly<Record<string, Batch>> = {
  "one utterance": batchOf([[0, 1, 2]], [9]),
  "repeats, which need a blank between": batchOf([[0, 0, 1, 1, 1]], [12]),
  "labels at their fewest steps": batchOf([[0, 0, 1], [2]], [4, 1]),
  "no labels": batchOf([[], [1]], [5, 5]),
  "no labels at all": batchOf([[], []], [3, 2]),
  "utterances of many lengths": batchOf([[0, 1, 2, 3], [3], [1, 1], []], [20, 4, 11, 7]),
  "long utterances": batchOf(
    [0, 1].map((b) => Array.from({ length: 60 }, (_, i) => (i * 7 + b) % 4)),
    [200, 180],
  ),
  "a network sure of blanks": batchOf([[0, 1, 2, 3, 0, 1, 2, 3]], [150], 1, 8),
  "large logits": batchOf(
    [
      [0, 1],
      [2, 3, 2],
    ],
    [30, 25],
    6,
  ),
};

describe("the CTC gradient in a program", () => {
  for (const [name, batch] of Object.entries(cases)) {
    it(`equals that of ctcLoss: ${name}`, async () => {
      const expected = ctcLoss({ ...batch, symbols: V, blank: BLANK });
      const { losses, gradient } = await run(batch);
      expect(losses).toBeDefined();
      losses!.forEach((loss, b) => expect(loss).toBeCloseTo(expected.losses[b], 9));
      gradient.forEach((slope, i) => expect(slope).toBeCloseTo(expected.gradient[i], 6));
    });
  }

  it("weighs each utterance, and is zero in the padding", async () => {
    const batch = cases["utterances of many lengths"];
    const [whole, half] = [await run(batch), await run(batch, 0.5)];
    half.gradient.forEach((slope, i) => expect(slope).toBeCloseTo(whole.gradient[i] / 2, 7));
    const B = batch.steps.length;
    whole.gradient.forEach((slope, i) => {
      const [t, b] = [Math.floor(i / V / B), Math.floor(i / V) % B];
      if (t >= batch.steps[b]) expect(slope).toBe(0);
    });
  });

  it("gives up where a sum comes near to underflow, and then takes the gradient that is given", async () => {
    const T = 40;
    const logits = new Float32Array(T * V); // the only labels are all but impossible at every step
    for (let t = 0; t < T; t++) logits[t * V + 1] = 100;
    const batch: Batch = { logits, steps: [T], labels: [Int32Array.of(0, 2, 0, 2)] };
    const first = await run(batch);
    expect(first.losses).toBeUndefined();
    const { gradient } = ctcLoss({ ...batch, symbols: V, blank: BLANK });
    expect((await run(batch, 1, gradient)).gradient).toEqual(gradient);
  });
});
