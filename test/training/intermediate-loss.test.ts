// The loss between layers: its share and its gradient, measured through the program of the step against `ctcLoss`, and what
// of it a run keeps.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ctcLoss } from "../../src/ctc/index.ts";
import { openEngine } from "../../src/engine/index.ts";
import { readModelFile, readSafetensors } from "../../src/model/index.ts";
import { initializeWeights, resolveArchitecture, type Weights } from "../../src/network/index.ts";
import { memoryFolder, type Folder } from "../../src/platform/index.ts";
import { trainingPrograms, type StepPlan } from "../../src/training/index.ts";
import { batchFeeds, dropoutFeeds, lossFeeds, lossTargets } from "../../src/training/step/step-feeds.ts";
import { remains, smallRun, trainIn } from "./memory-run.ts";
import { alphabet, BINS, demoBatch } from "./recordings.ts";
import { openStep } from "./steps.ts";

const { size: symbols, blank } = alphabet;
const NETWORK = { width: 24, context: 2, dropout: 0, cell: "gru", recurrentLayers: 3 };
const LOOKS_AHEAD = { name: "transformer", width: 24, layers: 2, heads: 2, channels: 4, memory: 10, lookAhead: 4, dropout: 0 }; // prettier-ignore

/** The program of a step on three utterances, with the gradients and the mean of the mixed loss for any weights. */
async function openProgram(
  network: Record<string, unknown>,
  { heads, weight }: { heads: number; weight: number },
) {
  const architecture = resolveArchitecture(network, { features: BINS, symbols }, "test");
  const programs = trainingPrograms(architecture, blank, new Set(), { heads, weight });
  const optimizer = { name: "nesterov", momentum: 0 } as const;
  const plan: StepPlan = { programs, optimizer, gradientCap: 1, seed: 1, threads: 1, symbols, blank };
  const batch = await demoBatch(3);
  const targets = lossTargets(batch, programs, batch.B);
  const program = await (await openEngine()).load(programs.step, { threads: 1 });
  const run = async (weights: Weights) => {
    const feeds = {
      ...batchFeeds(batch, weights, plan),
      ...dropoutFeeds(batch, plan, { step: 0, part: 0 }),
      ...lossFeeds(batch, plan, targets),
    };
    const results = await program.run(feeds);
    const logits = results[programs.logits].data as Float32Array;
    const { losses } = ctcLoss({ logits, steps: targets.steps, labels: targets.labels, symbols, blank });
    const gradients = new Map(programs.gradients.map(([name, output]) => [name, results[output].data as Float32Array])); // prettier-ignore
    const loss = losses.reduce((sum, value, i) => sum + targets.shares[i] * value, 0);
    return { losses, loss, gradients };
  };
  return { run, weights: initializeWeights(architecture, 1, heads), close: () => program.close(), targets };
}

const moved = (weights: Weights, name: string, along: Float32Array, by: number): Weights => {
  const { data, ...rest } = weights.get(name)!;
  return new Map([...weights, [name, { ...rest, data: data.map((value, i) => value + by * along[i]) }]]);
};

const length = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

describe.each([
  ["heads that only training has", NETWORK, { heads: 2, weight: 0.3 }],
  ["a network that conditions itself", { ...NETWORK, selfConditioning: 2 }, { heads: 0, weight: 0.4 }],
  [
    "one head of a network that follows a stream",
    { ...NETWORK, name: "deep-speech-forward" },
    { heads: 1, weight: 0.3 },
  ],
  ["one head of a network whose layers look ahead", LOOKS_AHEAD, { heads: 1, weight: 0.3 }],
])("the loss between layers, of %s,", (_, network, intermediate) => {
  it("has the gradient that central differences measure, in every weight", async () => {
    const { run, weights, close } = await openProgram(network, intermediate);
    const { loss, gradients } = await run(weights);
    expect([...gradients.keys()]).toEqual([...weights.keys()]);
    for (const [name, gradient] of gradients) {
      const norm = length(gradient);
      const reach = (0.0003 * loss) / norm;
      const at = async (sign: number) =>
        (await run(moved(weights, name, gradient, (sign * reach) / norm))).loss;
      const slope = ((await at(1)) - (await at(-1))) / (2 * reach);
      expect(Math.abs(norm - slope) / norm, name).toBeLessThan(0.05);
    }
    await close();
  });
});

it("the network's own loss keeps what the heads leave, which they share alike", async () => {
  const { run, weights, close, targets } = await openProgram(NETWORK, { heads: 2, weight: 0.3 });
  const shares = [0.7, 0.15, 0.15].flatMap((share) => [share, share, share].map((each) => each / 3));
  targets.shares.forEach((share, i) => expect(share).toBeCloseTo(shares[i], 12));
  const { losses } = await run(weights);
  expect(new Set(losses).size).toBe(9); // three utterances, at three places
  await close();
});

it("where a head's probabilities underflow, its exact gradient is taken, by its share", async () => {
  const batch = await demoBatch(2);
  const request = { step: 0, utterances: 2, learningRate: 1 };
  const stepWith = async (weight: number) => {
    const intermediate = { heads: 1, weight };
    const step = await openStep({ ...NETWORK, recurrentLayers: 2 }, { name: "nesterov", momentum: 0 }, 1e9, { intermediate }); // prettier-ignore
    const bias = step.state.weights.get("h4-head.bias")!.data;
    bias[blank] = 1024; // e^−1024 is 0 in float64
    const { losses, gradientNorm } = await step.step([batch], request);
    return { losses, gradientNorm, moved: bias.map((value, i) => (i === blank ? 1024 - value : -value)) };
  };
  const [third, sixth] = [await stepWith(0.375), await stepWith(0.1875)];
  expect(third.gradientNorm).toSatisfy(Number.isFinite);
  expect(third.losses.every((loss) => loss > 0 && loss < 500)).toBe(true); // not the head's, 1024 for each letter
  expect([...third.losses]).toEqual([...sixth.losses]);
  expect(length(third.moved)).toBeGreaterThan(0.1);
  third.moved.forEach((value, i) => expect(value).toBeCloseTo(2 * sixth.moved[i], 3));
});

describe("a run with a loss between layers", () => {
  const cache = mkdtempSync(join(tmpdir(), "earshot-intermediate-"));
  afterAll(() => rmSync(cache, { recursive: true, force: true }));
  const network = { width: 24, context: 2, dropout: 0.1, cell: "gru", recurrentLayers: 2 };
  const begun = (more: object) => smallRun(cache, { train: 6, dev: 2 }, { epochs: 2, network, ...more });

  const modelOf = async (folder: Folder) => readModelFile((await folder.read("model.safetensors"))!, "model");
  const headsIn = (names: Iterable<string>) => [...names].filter((name) => name.includes("-head"));
  const headsInCheckpoint = async (folder: Folder) =>
    headsIn(readSafetensors((await folder.read("checkpoint.safetensors"))!, "c").tensors.keys());

  it("keeps the heads of training in its checkpoint, and not in its model", async () => {
    const folder = memoryFolder();
    await trainIn(folder, await begun({ intermediate: { heads: 1 }, average: { from: 0.5 } }));
    expect(await headsInCheckpoint(folder)).toContain("weight.h4-head.weight");
    expect(await headsInCheckpoint(folder)).toContain("slot1.h4-head.bias");
    const { weights } = await modelOf(folder);
    expect(headsIn(weights.keys())).toEqual([]);
    expect(weights.size).toBeGreaterThan(0);
  });

  it("resumes as if it had never stopped, and begins with a model that has no heads", async () => {
    const whole = memoryFolder();
    const run = await begun({ intermediate: { heads: 1 } });
    await trainIn(whole, run);
    const stopped = memoryFolder();
    const abort = new AbortController();
    const onEvent = ({ type }: { type: string }) => type === "epoch" && abort.abort(new Error("stop"));
    await expect(trainIn(stopped, run, { signal: abort.signal, onEvent })).rejects.toThrow("stop");
    await trainIn(stopped, run);
    expect(await remains(stopped)).toEqual(await remains(whole));

    const initialModel = await modelOf(whole);
    const second = memoryFolder();
    await trainIn(second, { ...run, initialModel });
    expect(await headsInCheckpoint(second)).toContain("weight.h4-head.weight");
  });

  it("keeps the heads in the model of a network that conditions itself", async () => {
    const folder = memoryFolder();
    await trainIn(folder, await begun({ network: { ...network, selfConditioning: 1 } }));
    const { weights, architecture } = await modelOf(folder);
    expect(headsIn(weights.keys())).toEqual(["h4-head.bias", "h4-head.weight"]);
    expect(architecture.network.selfConditioning).toBe(1);
  });

  it("takes the losses of its log at the network's output, whatever the heads' share", async () => {
    const losses = async (weight: number) => {
      const folder = memoryFolder();
      await trainIn(folder, await begun({ intermediate: { heads: 1, weight } }));
      const log = new TextDecoder().decode((await folder.read("log.jsonl"))!);
      const events = log
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { type: string; loss: number });
      return events.filter(({ type }) => type === "batch").map(({ loss }) => loss);
    };
    const [little, much] = [await losses(0.1), await losses(0.9)];
    expect(little[0]).toBe(much[0]); // before the first update
    expect(little.at(-1)).not.toBe(much.at(-1));
  });
});
