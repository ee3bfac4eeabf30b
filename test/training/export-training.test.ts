// The exported passes and update do what a training step here does: the same gradients, the same weights after some steps.

import { describe, expect, it } from "vitest";
import { ctcLoss } from "../../src/ctc/index.ts";
import { openEngine } from "../../src/engine/index.ts";
import { initializeWeights, parameterShapes, stepMask } from "../../src/network/index.ts";
import { RandomStream } from "../../src/random.ts";
import { listSettings, z } from "../../src/settings.ts";
import type { TensorData } from "../../src/tensor.ts";
import {
  createOptimizer,
  emptySlots,
  exportTraining,
  optimizerSettings,
  trainingPrograms,
  trainingSettings,
  TrainStep,
  weightUpdate,
} from "../../src/training/index.ts";
import { updateProgram } from "../../src/training/export/update-program.ts";
import { untrainedModel } from "../model/small-model.ts";
import { architectureOf, F, V, variants } from "../network/variants.ts";

type Results = Readonly<Record<string, TensorData>>;

async function runOnce(program: Uint8Array, feeds: Results): Promise<Results> {
  const loaded = await (await openEngine()).load(program, { threads: 1 });
  const own = Object.fromEntries(loaded.inputs.map((name) => [name, feeds[name]]));
  const results = await loaded.run(own);
  await loaded.close();
  return results;
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

const numbers = (length: number, key: string): Float32Array => {
  const random = new RandomStream(1, key);
  return Float32Array.from({ length }, () => random.normal());
};

const optimizers = [
  ...new Set(
    listSettings(z.strictObject({ optimizer: optimizerSettings })).flatMap(({ choice }) => choice ?? []),
  ),
];

it("there are optimizers", () => {
  expect(optimizers.length).toBeGreaterThan(1);
});

describe("an exported update", () => {
  it.each(optimizers)("is that of %s, with the cap on the norm", async (name) => {
    const settings = trainingSettings.parse({ optimizer: { name }, gradientCap: 2 });
    const shapes = new Map([["w", [3, 4]], ["b", [4]]]); // prettier-ignore
    const { program, weights: names, gradientNorm } = updateProgram(shapes, settings.optimizer, 2);
    const optimizer = createOptimizer(settings.optimizer);
    const update = weightUpdate(optimizer);
    const own = new Map([...shapes].map(([name, dims]) => {
      const length = dims.reduce((a, b) => a * b, 1);
      return [name, { dims, data: numbers(length, name), slots: Array.from({ length: optimizer.slots }, () => new Float32Array(length)) }];
    })); // prettier-ignore
    const tensor = (dims: readonly number[], data: Float32Array): TensorData => ({
      type: "float32",
      dims,
      data,
    });
    let feeds: Record<string, TensorData> = {};
    for (const [name, { dims, data, slots }] of own) {
      feeds[name] = tensor(dims, data.slice());
      slots.forEach((slot, i) => (feeds[names[name].slots[i]] = tensor(dims, slot.slice())));
    }
    for (let step = 0; step < 4; step++) {
      const size = step === 2 ? 0.01 : 1; // one of them below the cap
      const gradients = new Map([...own].map(([name, { data }]) => [name, numbers(data.length, `${name}${step}`).map((x) => x * size)])); // prettier-ignore
      const norm = Math.hypot(...[...gradients.values()].flatMap((gradient) => [...gradient]));
      const facts = { learningRate: 0.05, step };
      for (const [name, { dims, data, slots }] of own) {
        const gradient = gradients.get(name)!;
        feeds[names[name].gradient] = tensor(dims, gradient.slice());
        update(data, gradient, Math.min(1, 2 / norm), slots, { ...facts, decays: dims.length > 1 });
      }
      const scalars = {
        learning_rate: tensor([], Float32Array.of(0.05)),
        step: tensor([], Float32Array.of(step)),
      };
      const results = await runOnce(program, { ...feeds, ...scalars });
      expect(Number(results[gradientNorm].data[0])).toBeCloseTo(norm, 4);
      feeds = {};
      for (const [name, { data, slots }] of own) {
        const { next, nextSlots, slots: inputs } = names[name];
        expect(farthest(data, results[next].data as Float32Array), `${name}, step ${step}`).toBeLessThan(
          2e-6,
        );
        feeds[name] = results[next];
        slots.forEach((slot, i) => {
          expect(farthest(slot, results[nextSlots[i]].data as Float32Array)).toBeLessThan(2e-6);
          feeds[inputs[i]] = results[nextSlots[i]];
        });
      }
    }
  });
});

describe("exported passes", () => {
  it("give the gradients that a step here learns from, around a loss of one's own", async () => {
    const base = untrainedModel();
    const network = { ...base.architecture.network, dropout: 0 };
    const file = { ...base, architecture: { ...base.architecture, network } };
    expect(exportTraining(base).contract.dropout.map(({ name, shape }) => ({ name, shape }))).toEqual(
      ["h1", "h2", "h3", "h5"].map((layer) => ({ name: `keep/${layer}`, shape: ["T'", "B", 8] })),
    );
    const { architecture, alphabet } = file;
    const { forward, backward, contract } = exportTraining(file);
    const weights = initializeWeights(architecture, 3);
    const [T, B, F] = [20, 2, architecture.features];
    const [lengths, steps] = [[20, 15], [10, 8]]; // prettier-ignore
    const frames = numbers(T * B * F, "frames");
    for (let t = 15; t < T; t++) frames.fill(0, (t * B + 1) * F, (t * B + 2) * F);
    const labels = [Int32Array.of(1, 2, 2), Int32Array.of(5)];
    const feeds: Results = {
      frames: { type: "float32", dims: [T, B, F], data: frames },
      mask: { type: "float32", dims: [10, B, 1], data: stepMask(steps, 10) },
      ...Object.fromEntries(weights),
    };
    const ahead = await runOnce(forward, feeds);
    expect(Object.keys(ahead).toSorted()).toEqual(
      [
        contract.forward.logits,
        ...contract.forward.saved.filter((name) => name !== contract.forward.logits),
      ].toSorted(),
    );
    const { data, dims } = ahead[contract.forward.logits];
    const { gradient } = ctcLoss({ logits: data as Float32Array, steps, labels, symbols: alphabet.size, blank: alphabet.blank }); // prettier-ignore
    const upstream: TensorData = { type: "float32", dims, data: gradient.map((value) => value / B) };
    const back = await runOnce(backward, { ...feeds, ...ahead, [contract.backward.upstream]: upstream });

    const settings = trainingSettings.parse({
      optimizer: { name: "nesterov", momentum: 0 },
      gradientCap: 1e9,
    });
    const programs = trainingPrograms(architecture, alphabet.blank);
    expect(programs.gradients.map(([name]) => name)).toEqual(Object.keys(contract.backward.gradients));
    const plan = { programs, optimizer: settings.optimizer, gradientCap: 1e9, seed: 1, threads: 1, symbols: alphabet.size, blank: alphabet.blank }; // prettier-ignore
    let learned: readonly (readonly [string, Float32Array])[] = [];
    const state = { weights: new Map([...weights].map(([name, w]) => [name, { ...w, data: w.data.slice() }])), slots: emptySlots(weights, settings.optimizer) }; // prettier-ignore
    const step = await TrainStep.open(plan, state, async (compute) => { const own = await compute(); learned = own.gradients.map(([name, g]) => [name, g.slice()]); return own; }); // prettier-ignore
    await step.step([{ frames, T, B, F, lengths, labels }], { step: 0, utterances: B, learningRate: 0 });
    await step.close();
    expect(learned.length).toBe(Object.keys(contract.backward.gradients).length);
    for (const [name, expected] of learned) {
      const came = back[contract.backward.gradients[name]].data as Float32Array;
      expect(came.length, name).toBe(expected.length);
      expect(farthest(expected, came), name).toBeLessThan(1e-4);
    }
  });
});

describe.each(variants)("exported passes of $title", ({ variant }) => {
  it("take dropout masks of the shapes that the contract lists, and give a gradient of each weight", async () => {
    const architecture = architectureOf(variant, { dropout: 0.2 });
    const { forward, backward, contract } = exportTraining({ ...untrainedModel(), architecture });
    const [T, B] = [13, 2];
    const steps = Math.ceil(T / contract.stride);
    const sizeOf = (size: number | string): number => {
      const [, name, ahead] = /^(T'|B)(?:\+(\d+))?$/.exec(String(size)) ?? [];
      return typeof size === "number" ? size : { "T'": steps, B }[name]! + Number(ahead ?? 0);
    };
    const masks = contract.dropout.map(({ name, shape }): [string, TensorData] => {
      const dims = shape.map(sizeOf);
      const data = new Uint8Array(dims.reduce((a, b) => a * b, 1)).map((_, i) => (i % 5 === 0 ? 0 : 1));
      return [name, { type: "bool", dims, data }];
    });
    const feeds: Results = {
      frames: { type: "float32", dims: [T, B, F], data: numbers(T * B * F, "frames") },
      mask: { type: "float32", dims: [steps, B, 1], data: new Float32Array(steps * B).fill(1) },
      ...Object.fromEntries([...initializeWeights(architecture, 1), ...masks]),
    };
    const ahead = await runOnce(forward, feeds);
    expect(ahead[contract.forward.logits].dims).toEqual([steps, B, V]);
    const upstream: TensorData = { ...ahead[contract.forward.logits], data: numbers(steps * B * V, "slope") };
    const back = await runOnce(backward, { ...feeds, ...ahead, [contract.backward.upstream]: upstream });
    const shapes = parameterShapes(architecture);
    for (const [name, output] of Object.entries(contract.backward.gradients)) {
      expect(back[output].dims, name).toEqual(shapes.get(name));
      expect((back[output].data as Float32Array).every(Number.isFinite), name).toBe(true);
    }
  });
});
