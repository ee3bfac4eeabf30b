// The forward network, and with it the contract of networks that follow a stream: whatever the chunks that an utterance
// comes in, the logits are those of the whole.

import { describe, expect, it } from "vitest";
import { checkGradients } from "../../src/doctor/ladder/gradient-check.ts";
import { openEngine } from "../../src/engine/index.ts";
import {
  initializeWeights,
  networkContract,
  parameterShapes,
  resolveArchitecture,
  streamingProgram,
  type Architecture,
} from "../../src/network/index.ts";
import { RandomStream } from "../../src/random.ts";
import { parseSettings } from "../../src/settings.ts";
import { emptySlots, optimizerSettings, TrainStep, trainingPrograms } from "../../src/training/index.ts";
import { alphabet, BINS, demoBatch } from "../training/recordings.ts";
import { plainForward } from "./plain-deep-speech.ts";
import { difference, pieces, streamed, utterance, vividWeights, whole } from "./run-network.ts";

const F = 5;
const V = 7;
const settings = { width: 12, context: 3, lookAhead: 5, stride: 2, ceiling: 1.5, recurrentStart: 0.9 };

const forward = (changes: Partial<typeof settings> = {}): Architecture =>
  resolveArchitecture(
    { name: "deep-speech-forward", ...settings, ...changes },
    { features: F, symbols: V },
    "test",
  );

function randomPieces(total: number, random: RandomStream): number[] {
  const sizes: number[] = [];
  for (let left = total; left > 0; left -= sizes.at(-1)!) sizes.push(Math.min(left, random.integer(13)));
  return sizes;
}

describe("the forward network", () => {
  it("computes its equations, written out plainly in float64", async () => {
    const architecture = forward();
    const weights = vividWeights(architecture);
    for (const T of [1, 2, 9, 14]) {
      const frames = utterance(T, F, T);
      const [logits] = await whole(architecture, weights, [frames]);
      expect(difference(plainForward(frames, weights, settings), logits)).toBeLessThan(1e-5);
    }
  });

  it("gives a padded batch what it gives its utterances one by one", async () => {
    const architecture = forward();
    const weights = vividWeights(architecture);
    const utterances = [utterance(9, F, 1), utterance(14, F, 2), utterance(1, F, 3)];
    const together = await whole(architecture, weights, utterances);
    for (const [b, frames] of utterances.entries()) {
      const [alone] = await whole(architecture, weights, [frames]);
      expect(difference(alone, together[b])).toBeLessThan(1e-5);
    }
  });

  it("has no weight for a backward direction, and windows from the past to what it looks ahead to", () => {
    const shapes = parameterShapes(forward());
    expect([...shapes.keys()].filter((name) => name.startsWith("h4"))).toEqual([
      "h4.weight",
      "h4.bias",
      "h4.forward",
    ]);
    expect(shapes.get("h1.weight")).toEqual([(3 + 1 + 5) * F, 12]);
  });
});

describe("a network's contract", () => {
  it("says its stride, its look-ahead, its states and what it sees first", () => {
    expect(networkContract(forward())).toEqual({
      stride: 2,
      lookAhead: 5,
      context: { before: 3, after: 5 },
      states: [
        { name: "h4", shape: [12, "B"] },
        { name: "frames", shape: [3, "B", F] },
      ],
    });
    expect(networkContract(forward({ context: 0 })).states).toHaveLength(1);
  });

  it("is that of the whole utterance for the paper's network, which cannot follow a stream", () => {
    const paper = resolveArchitecture({ width: 8, stride: 3 }, { features: F, symbols: V }, "test");
    expect(networkContract(paper)).toEqual({
      stride: 3,
      lookAhead: "utterance",
      states: [],
      context: { before: 9, after: 9 },
    });
    expect(() => streamingProgram(paper, initializeWeights(paper, 1))).toThrow(
      expect.objectContaining({ code: "NEEDS_WHOLE_UTTERANCE", where: "deep-speech" }),
    );
  });
});

describe("the logits of a stream", () => {
  const long = utterance(203, F, 7);

  it.each([1, 7, 100, 1000])("are those of the whole recording in chunks of %i frames", async (size) => {
    for (const seed of [1, 2]) {
      const architecture = forward();
      const weights = vividWeights(architecture, seed);
      const [expected] = await whole(architecture, weights, [long]);
      const { logits } = await streamed(architecture, weights, long, pieces(203, size));
      expect(difference(expected, logits)).toBeLessThan(1e-5); // the first steps and the last among them
    }
  });

  it("are those of the whole recording for any cut, stride, context and look-ahead", async () => {
    const random = new RandomStream(5, "cuts");
    for (let trial = 0; trial < 40; trial++) {
      const architecture = forward({
        stride: 1 + random.integer(4),
        context: random.integer(5),
        lookAhead: random.integer(8),
      });
      const weights = vividWeights(architecture, trial);
      const frames = utterance(1 + random.integer(40), F, trial);
      const [expected] = await whole(architecture, weights, [frames]);
      const sizes = randomPieces(frames.length, random);
      const { logits } = await streamed(architecture, weights, frames, sizes);
      expect(difference(expected, logits), JSON.stringify({ ...architecture.network, sizes })).toBeLessThan(
        1e-5,
      );
    }
  });

  it("come as soon as their frames and those they look ahead to are there", async () => {
    const architecture = forward({ stride: 2, lookAhead: 5 });
    const { known } = await streamed(
      architecture,
      vividWeights(architecture),
      long.slice(0, 12),
      pieces(12, 1),
    );
    expect(known).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 6]); // step i once there are 2(i + 1) + 5 frames
  });

  it("of an utterance without a frame are none", async () => {
    const architecture = forward();
    expect((await streamed(architecture, vividWeights(architecture), [], [])).logits).toEqual([]);
  });

  it("of several utterances in one batch are those of each", async () => {
    const architecture = forward({ stride: 1, lookAhead: 2 });
    const weights = vividWeights(architecture);
    const utterances = [utterance(6, F, 1), utterance(6, F, 2)];
    const expected = await whole(architecture, weights, utterances);
    const { program: bytes, logits, states } = streamingProgram(architecture, weights);
    const program = await (await openEngine()).load(bytes, { threads: 1 });
    const zeros = states.map(({ input, shape }) => {
      const dims = shape.map((size) => (size === "B" ? 2 : size));
      return [input, { type: "float32", dims, data: new Float32Array(dims.reduce((a, b) => a * b)) }];
    });
    const cut = (from: number, to: number) =>
      Float32Array.from(
        Array.from({ length: to - from }, (_, t) =>
          utterances.map((rows) => rows[from + t] ?? Array(F).fill(0)),
        ).flat(2),
      );
    const mask = { type: "float32", dims: [5, 2, 1], data: new Float32Array(10).fill(1) } as const;
    const feeds = (frames: Float32Array, carried: object) => ({
      frames: { type: "float32", dims: [5, 2, F], data: frames } as const,
      mask,
      ...carried,
    });
    const first = await program.run(feeds(cut(0, 5), Object.fromEntries(zeros) as object));
    const carried = Object.fromEntries(states.map(({ input, output }) => [input, first[output]]));
    const second = await program.run(feeds(cut(3, 8), carried));
    const all = [...(first[logits].data as Float32Array), ...(second[logits].data as Float32Array)];
    for (const [b, rows] of expected.entries())
      expect(
        difference(
          rows,
          rows.map((_, t) => all.slice((t * 2 + b) * V, (t * 2 + b + 1) * V)),
        ),
      ).toBeLessThan(1e-5);
    await program.close();
  });
});

describe("training the forward network", () => {
  const { size: symbols, blank } = alphabet;
  const architecture = resolveArchitecture(
    { name: "deep-speech-forward", width: 24, context: 2, lookAhead: 3, dropout: 0 },
    { features: BINS, symbols },
    "test",
  );

  it("follows the gradient of the loss in every weight, as central differences measure it", async () => {
    const slopes = await checkGradients({ architecture, blank, threads: 1 }, await demoBatch(3));
    expect(slopes.map(({ name }) => name)).toEqual([...parameterShapes(architecture).keys()]);
    for (const { name, gradient, difference: measured } of slopes)
      expect(Math.abs(gradient - measured) / gradient, name).toBeLessThan(0.02);
  });

  it("lowers the loss, with dropout too", async () => {
    const dropping = { ...architecture, network: { ...architecture.network, dropout: 0.1 } };
    const optimizer = parseSettings(optimizerSettings, { name: "adamw" }, "test");
    const weights = initializeWeights(dropping, 1);
    const step = await TrainStep.open(
      {
        programs: trainingPrograms(dropping, blank),
        optimizer,
        gradientCap: 100,
        seed: 1,
        threads: 1,
        symbols,
        blank,
      },
      { weights, slots: emptySlots(weights, optimizer) },
    );
    const batch = await demoBatch(3);
    const mean = ({ losses }: { losses: Float64Array }) => losses.reduce((a, b) => a + b) / losses.length;
    const first = mean(await step.evaluate(batch));
    for (let i = 0; i < 30; i++)
      await step.step([batch], { step: i, utterances: batch.B, learningRate: 2e-3 });
    expect(mean(await step.evaluate(batch))).toBeLessThan(0.8 * first);
    const activity = await step.inspect(batch);
    expect(activity.filter(({ zeroShare }) => zeroShare !== undefined).map(({ name }) => name)).toEqual([
      "h1",
      "h2",
      "h3",
      "h4.forward",
      "h5",
    ]);
    await step.close();
  });
});
