// The transformer and the conformer: known answers from PyTorch, streams cut anywhere, what a step sees and what it does not,
// and branches that training leaves out. What holds for every network is in every-network.test.ts.

import { describe, expect, it } from "vitest";
import {
  networkContract,
  parameterShapes,
  resolveArchitecture,
  trainingGraph,
  type Weights,
} from "../../src/network/index.ts";
import { blockNames } from "../../src/network/transformer/blocks.ts";
import { RandomStream } from "../../src/random.ts";
import { dropoutFeeds } from "../../src/training/step/step-feeds.ts";
import { demoBatch } from "../training/recordings.ts";
import { wave } from "../graph/pytorch.ts";
import { openStep } from "../training/steps.ts";
import { difference, streamed, utterance, vividWeights, whole } from "./run-network.ts";
import pytorch from "./transformer-pytorch.json" with { type: "json" };

const F = 5;
const SMALL = { width: 8, heads: 2, layers: 2, feedForward: 2, kernel: 4, channels: 2 };

const architectureOf = (changes: Record<string, unknown>, symbols = 3) =>
  resolveArchitecture({ name: "transformer", ...SMALL, ...changes }, { features: F, symbols }, "test");

describe.each(blockNames)("the %s", (block) => {
  it.each([
    ["whole", { memory: 0 }],
    ["memory", { memory: 2, lookAhead: 1 }],
  ] as const)("computes what PyTorch computes: %s", async (form, reach) => {
    const architecture = architectureOf({ block, ...reach });
    const weights: Weights = new Map(
      [...parameterShapes(architecture)].map(([name, dims], i) => [
        name,
        { type: "float32", dims, data: Float32Array.from(wave(dims, i).values, (value) => 0.4 * value) },
      ]),
    );
    const { values } = wave([13, F], 0.3);
    const frames = Array.from({ length: 13 }, (_, t) => values.slice(t * F, (t + 1) * F));
    const [logits] = await whole(architecture, weights, [frames]);
    const expected = pytorch[block][form];
    expect(logits.flat()).toHaveLength(expected.length);
    for (const [i, value] of logits.flat().entries()) expect(value).toBeCloseTo(expected[i], 4);
  });

  it("gives a stream the logits of the whole recording, for any cut, memory and look-ahead", async () => {
    const random = new RandomStream(5, "cuts", block);
    for (let trial = 0; trial < 6; trial++) {
      const reach = { memory: 1 + random.integer(9), lookAhead: random.integer(6) };
      const form = {
        layers: 1 + random.integer(3),
        halvings: 1 + random.integer(3),
        kernel: 2 + random.integer(5),
      };
      const architecture = architectureOf({ block, ...reach, ...form });
      const weights = vividWeights(architecture, trial);
      const frames = utterance(1 + random.integer(90), F, trial);
      const [expected] = await whole(architecture, weights, [frames]);
      const sizes: number[] = [];
      for (let left = frames.length; left > 0; left -= sizes.at(-1)!)
        sizes.push(Math.min(left, 1 + random.integer(20)));
      const { logits } = await streamed(architecture, weights, frames, sizes);
      expect(difference(expected, logits), JSON.stringify({ ...reach, ...form, sizes })).toBeLessThan(1e-4);
    }
  });

  it("depends on no frame beyond its look-ahead, and on the last within it", async () => {
    const architecture = architectureOf({ block, memory: 4, lookAhead: 3 });
    const { stride, lookAhead } = networkContract(architecture);
    expect([stride, lookAhead]).toEqual([4, 3 + 4 * 3]);
    const weights = vividWeights(architecture);
    const frames = utterance(60, F, 1);
    const [base] = await whole(architecture, weights, [frames]);
    const changedFrom = async (at: number) => {
      const other = frames.map((row, t) => (t === at ? row.map((value) => value + 3) : row));
      const [changed] = await whole(architecture, weights, [other]);
      return base.findIndex((row, t) => row.some((value, v) => Math.abs(value - changed[t][v]) > 1e-5));
    };
    expect(await changedFrom(4 * 5 + 15)).toBe(5); // step 5's own frame is 20, and it waits for 15 more
    expect(await changedFrom(4 * 5 + 16)).toBe(6);
  });
});

it("a width that does not fall into heads is an error that names heads", () => {
  expect(() => parameterShapes(architectureOf({ width: 10, heads: 2 }))).toThrow(
    expect.objectContaining({ code: "INVALID_SETTING", where: "network.heads" }),
  );
});

describe("stochastic depth", () => {
  const masksOf = (stochasticDepth: number) =>
    trainingGraph(architectureOf({ stochasticDepth, dropout: 0 })).masks;

  it("has a mask for each branch, of one bit an utterance, the higher the block the more", () => {
    const masks = masksOf(0.5).map(({ name, shape, rate }) => [name, shape, rate]);
    expect(masks).toEqual([
      ["keep/b1.attention/branch", [1, "B", 1], 0.25],
      ["keep/b1.feed/branch", [1, "B", 1], 0.25],
      ["keep/b2.attention/branch", [1, "B", 1], 0.5],
      ["keep/b2.feed/branch", [1, "B", 1], 0.5],
    ]);
    expect(masksOf(0)).toEqual([]);
  });

  it("is drawn anew for each step and branch, by the seed alone", () => {
    const batch = { frames: new Float32Array(0), T: 9, B: 64, F, lengths: [], labels: [] };
    const plan = { seed: 1, programs: { masks: masksOf(0.5) } };
    const feeds = (step: number) => dropoutFeeds(batch, plan, { step, part: 0 });
    const [first, again, next] = [feeds(0), feeds(0), feeds(1)];
    expect(again).toEqual(first);
    const bits = (of: typeof first, name: string) => Array.from(of[`keep/${name}/branch`].data, Number);
    expect(first["keep/b2.feed/branch"].dims).toEqual([1, 64, 1]);
    expect(bits(next, "b2.feed")).not.toEqual(bits(first, "b2.feed"));
    expect(bits(first, "b2.attention")).not.toEqual(bits(first, "b2.feed"));
    const kept = bits(first, "b2.feed").reduce((sum, bit) => sum + bit, 0);
    expect(kept).toBeGreaterThan(16);
    expect(kept).toBeLessThan(48);
  });

  it("trains with dropout and look-ahead too", async () => {
    const network = {
      name: "transformer",
      ...SMALL,
      width: 32,
      stochasticDepth: 0.3,
      dropout: 0.1,
      memory: 8,
      lookAhead: 4,
    };
    const step = await openStep({ ...network, block: "conformer" }, { name: "adamw" }, 5);
    const batch = await demoBatch(3);
    const losses: number[] = [];
    for (let i = 0; i < 60; i++) {
      const outcome = await step.step([batch], { step: i, utterances: batch.B, learningRate: 3e-3 });
      losses.push(outcome.losses.reduce((sum, loss) => sum + loss, 0));
    }
    expect(losses.at(-1)!).toBeLessThan(losses[0] / 2);
  });
});
