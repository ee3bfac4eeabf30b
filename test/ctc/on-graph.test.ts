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
/** With so many symbols the program gathers the columns of those that occur. */
const LARGE = { symbols: 5000, blank: 1234 };

interface Batch {
  readonly logits: Float32Array;
  readonly steps: readonly number[];
  readonly labels: readonly Int32Array[];
  readonly symbols?: number;
  readonly blank?: number;
}

interface Opened {
  readonly program: Program;
  readonly gradient: string;
  readonly outputs: CtcOutputs;
}

let small: Opened;
let large: Opened;

beforeAll(async () => {
  small = await openWith(V, BLANK);
  large = await openWith(LARGE.symbols, LARGE.blank);
});
afterAll(async () => {
  await small.program.close();
  await large.program.close();
});

async function openWith(symbols: number, blank: number): Promise<Opened> {
  const graph = new Graph();
  const logits = graph.input("logits", "float32", ["T", "B", symbols]);
  const loss = ctcGradient(logits, graph.input("mask", "float32", ["T", "B", 1]), blank);
  const gradient = graph.output(loss.gradient).name;
  const program = await (await openEngine("cpu")).load(writeOnnx(graph), { threads: 1 });
  return { program, gradient, outputs: loss.outputs };
}

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

/** A batch of the large alphabet, whose labels are likely and often repeat; `padded` steps. */
function largeBatch(lengths: readonly number[], steps: readonly number[], padded: number): Batch {
  const { symbols, blank } = LARGE;
  const random = new RandomStream(7, "ctc on graph", "large");
  const logits = new Float32Array(padded * steps.length * symbols).map(() => random.normal());
  const labels = lengths.map((length) => {
    const sequence = new Int32Array(length);
    for (let i = 0; i < length; i++) {
      const label = random.integer(symbols - 1);
      sequence[i] = i > 0 && random.uniform() < 0.4 ? sequence[i - 1] : label + Number(label >= blank);
    }
    return sequence;
  });
  for (let row = 0; row < padded * steps.length; row++)
    for (const symbol of [blank, ...labels[row % steps.length]]) logits[row * symbols + symbol] += 4;
  return { logits, steps, labels, ...LARGE };
}

async function run(
  { logits, steps, labels, symbols = V, blank = BLANK }: Batch,
  weight = 1,
  given?: Float32Array,
) {
  const B = steps.length;
  const T = logits.length / B / symbols;
  const { program, outputs, gradient } = symbols === V ? small : large;
  const float32 = (data: Float32Array, ...dims: number[]): TensorData => ({ type: "float32", dims, data });
  const results = await program.run({
    ...ctcFeeds(labels, steps, symbols, blank, T),
    logits: float32(logits, T, B, symbols),
    mask: float32(stepMask(steps, T), T, B, 1),
    "ctc/weights": float32(new Float32Array(B).fill(weight), B, 1),
    "ctc/given": float32(given ?? new Float32Array(logits.length), T, B, symbols),
    "ctc/isGiven": { type: "bool", dims: [1], data: Uint8Array.of(given ? 1 : 0) },
  });
  const losses = readCtc(results, outputs, steps, labels);
  return { losses, gradient: results[gradient].data as Float32Array };
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

  const largeBatches: Readonly<Record<string, Batch>> = {
    "repeats and utterances of many lengths": largeBatch([12, 3, 0, 9], [30, 9, 4, 26], 33),
    "no labels at all": largeBatch([0, 0], [3, 2], 3),
    "one utterance": largeBatch([20], [40], 40),
  };
  for (const [name, batch] of Object.entries(largeBatches)) {
    it(`equals that of ctcLoss with 5,000 symbols: ${name}`, async () => {
      const expected = ctcLoss({ ...LARGE, ...batch });
      const { losses, gradient } = await run(batch);
      expect(losses).toBeDefined();
      losses!.forEach((loss, b) => expect(loss).toBeCloseTo(expected.losses[b], 9));
      expect(largestDifference(gradient, expected.gradient)).toBeLessThan(1e-6);
    });
  }

  it("is fed no more for a larger alphabet", () => {
    const labels = [Int32Array.of(3, 3, 250, 7), Int32Array.of(1, 2)];
    const bytes = (symbols: number) => {
      const feeds: Record<string, TensorData> = { ...ctcFeeds(labels, [9, 5], symbols, 0) };
      return Object.values(feeds).reduce((sum, { data }) => sum + data.byteLength, 0);
    };
    expect(bytes(100_000)).toBe(bytes(300));
    expect(bytes(300)).toBeLessThan(bytes(256));
  });
});

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((largest, x, i) => Math.max(largest, Math.abs(x - b[i])), 0);
}
