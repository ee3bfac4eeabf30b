// A train step whose weights stay on a device does what the plain one does: losses, gradients (as the update shows them),
// averages, evaluation. On the CPU, where "the device" is this program's memory, and on WebGPU where an adapter is.

import { describe, expect, it } from "vitest";
import { openEngine } from "../../src/engine/index.ts";
import { absence } from "../engine/absence.ts";
import { RandomStream } from "../../src/random.ts";
import type { StepBatch, StepPlan } from "../../src/training/index.ts";
import { openStep as openAnyStep } from "../../src/training/step/open-step.ts";
import { BINS } from "./recordings.ts";
import { openDeviceStep, openStep } from "./steps.ts";

const CASES = [
  {
    title: "the paper's network, of which one layer is frozen and one learns slowly",
    network: { width: 24, context: 2, dropout: 0.1 },
    options: { frozen: ["h1"], layerRates: { h5: 0.1 } },
  },
  {
    title: "GRUs with a loss between them",
    network: { width: 8, context: 1, cell: "gru", recurrentLayers: 2, dropout: 0 },
    options: { intermediate: { heads: 1, weight: 0.3 } },
  },
  { title: "an LSTM", network: { width: 8, context: 1, cell: "lstm", dropout: 0 } },
  {
    title: "a transformer, which has no loop",
    network: { name: "transformer", width: 16, layers: 1, heads: 2 },
  },
  {
    title: "batch normalization, whose statistics are followed",
    network: { name: "deep-speech-2", width: 8, cell: "clipped", recurrentLayers: 1 },
  },
];

for (const engine of ["cpu", "webgpu"]) {
  const absent = await absence(() => openEngine(engine));
  describe.skipIf(absent)(`a train step on the device of "${engine}"`, () => {
    const near = engine === "cpu" ? 1e-5 : 1e-3;
    it.each(CASES)("learns what the plain one learns: $title", async ({ network, options }) => {
      const optimizer = { name: "adamw" };
      const plain = await openStep(network, optimizer, 5, options);
      const device = await openDeviceStep(network, optimizer, 5, { ...options, engine });
      const batches = [madeBatch(2, 28), madeBatch(3, 24)];
      for (const [step, parts] of [[batches[0]], batches, [batches[1]]].entries()) {
        const utterances = parts.reduce((sum, { B }) => sum + B, 0);
        const request = { step, utterances, learningRate: 1e-3, inspect: true, average: step > 0 };
        const [expected, outcome] = [await plain.step(parts, request), await device.step(parts, request)];
        expectNear(outcome.losses, expected.losses, near);
        expectNear([outcome.gradientNorm], [expected.gradientNorm], near);
        expect(Object.keys(outcome.layerNorms!)).toEqual(Object.keys(expected.layerNorms!));
        expectNear(Object.values(outcome.layerNorms!), Object.values(expected.layerNorms!), 10 * near);
      }
      const state = await device.readState();
      expect([...state.weights.keys()].toSorted()).toEqual([...plain.state.weights.keys()].toSorted());
      expect([...state.slots.keys()].toSorted()).toEqual([...plain.state.slots.keys()].toSorted());
      for (const [name, { data }] of plain.state.weights) {
        expectNear(state.weights.get(name)!.data, data, 10 * near);
        expectNear(
          state.average!.weights.get(name)!.data,
          plain.state.average!.weights.get(name)!.data,
          10 * near,
        );
      }
      const [expected, evaluation] = [await plain.evaluate(batches[1]), await device.evaluate(batches[1])];
      expectNear(evaluation.losses, expected.losses, near);
      expectNear(evaluation.averaged!.losses, expected.averaged!.losses, near);
    });
  });
}

it("does not learn from segments on a device, and says what does", async () => {
  const plan = { device: {}, segments: {}, engine: "webgpu" } as unknown as StepPlan;
  const state = { weights: new Map(), slots: new Map() };
  const there = (await absence(() => openEngine("webgpu"))) === undefined;
  const code = there ? "INVALID_SETTING" : "ENGINE_ABSENT";
  await expect(openAnyStep(plan, state)).rejects.toMatchObject({
    code,
    remedy: expect.stringContaining('"cpu"'),
  });
});

/** Of noise; each utterance is shorter than the one before. */
function madeBatch(B: number, T: number): StepBatch {
  const random = new RandomStream(B, "device step");
  const lengths = Array.from({ length: B }, (_, b) => T - 3 * b);
  const frames = Float32Array.from({ length: T * B * BINS }, (_, i) => {
    const [t, b] = [Math.floor(i / BINS / B), Math.floor(i / BINS) % B];
    return t < lengths[b] ? random.normal() : 0;
  });
  return { frames, T, B, F: BINS, lengths, labels: lengths.map((_, b) => Int32Array.of(1 + b, 2, 3)) };
}

/** Relative to the largest of them. */
function expectNear(came: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(came.length).toBe(expected.length);
  const largest = Array.from(expected).reduce((most, x) => Math.max(most, Math.abs(x)), 1e-3);
  const error = Array.from(expected).reduce((most, x, i) => Math.max(most, Math.abs(x - came[i])), 0);
  expect(error / largest).toBeLessThan(tolerance);
}
