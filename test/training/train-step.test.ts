import { afterEach, describe, expect, it } from "vitest";
import { initializeWeights, resolveArchitecture } from "../../src/network/index.ts";
import { parseSettings } from "../../src/settings.ts";
import { errorRates } from "../../src/text/index.ts";
import {
  emptySlots,
  optimizerSettings,
  TrainStep,
  trainingPrograms,
  type StepBatch,
  type StepState,
} from "../../src/training/index.ts";
import { alphabet, BINS, demoBatch } from "./recordings.ts";

const { size: symbols, blank } = alphabet;
const open: TrainStep[] = [];

async function openStep(
  network: Record<string, unknown>,
  optimizer: Record<string, unknown>,
  gradientCap: number,
) {
  const architecture = resolveArchitecture(network, { features: BINS, symbols }, "test");
  const settings = parseSettings(optimizerSettings, optimizer, "test");
  const weights = initializeWeights(architecture, 1);
  const state: StepState = { weights, slots: emptySlots(weights, settings) };
  const programs = trainingPrograms(architecture, blank);
  const plan = { programs, optimizer: settings, gradientCap, seed: 1, threads: 1, symbols, blank };
  const step = await TrainStep.open(plan, state);
  open.push(step);
  return step;
}

afterEach(async () => {
  for (const step of open.splice(0)) await step.close();
});

const copyWeights = (step: TrainStep) =>
  new Map([...step.state.weights].map(([name, { data }]) => [name, data.slice()]));
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;
const size = (batch: StepBatch) => batch.labels.reduce((sum, labels) => sum + labels.length, 0);

describe("a train step", () => {
  it("descends along the gradient of the mean CTC loss, as central differences measure it", async () => {
    const step = await openStep(
      { width: 24, context: 2, dropout: 0, recurrentStart: 0.9 },
      { name: "nesterov", momentum: 0 },
      1e9,
    );
    const batch = await demoBatch(3);
    const rate = 1;
    const before = copyWeights(step);
    await step.step(batch, 0, rate); // without momentum: weight − rate · gradient
    const after = copyWeights(step);
    const gradient = new Map(
      [...before].map(([name, w]) => [name, w.map((x, i) => (x - after.get(name)![i]) / rate)]),
    );
    for (const [name, w] of before) {
      const slope = Math.hypot(...gradient.get(name)!); // along the gradient itself
      const direction = gradient.get(name)!.map((g) => g / slope);
      const lossAt = async (shift: number) => {
        for (const [other, values] of before) step.state.weights.get(other)!.data.set(values);
        step.state.weights.get(name)!.data.set(w.map((x, i) => x + shift * direction[i]));
        return mean((await step.evaluate(batch)).losses);
      };
      const difference = ((await lossAt(1e-3)) - (await lossAt(-1e-3))) / 2e-3;
      expect(Math.abs(slope - difference) / Math.max(1, difference), name).toBeLessThan(0.01);
    }
  });

  it("scales a gradient longer than the cap to the cap, and reports the norm before", async () => {
    const momentumless = { name: "nesterov", momentum: 0 };
    const step = await openStep({ width: 16, context: 1, dropout: 0 }, momentumless, 0.5);
    const batch = await demoBatch(2);
    const before = copyWeights(step);
    const { gradientNorm } = await step.step(batch, 0, 1);
    expect(gradientNorm).toBeGreaterThan(0.5);
    const moved = [...step.state.weights].flatMap(([name, { data }]) =>
      [...data].map((x, i) => x - before.get(name)![i]),
    );
    expect(Math.hypot(...moved)).toBeCloseTo(0.5, 3);
  });

  it("draws its dropout from the seed and the number of the step alone", async () => {
    const losses = async (number: number) => {
      const step = await openStep({ width: 16, context: 1, dropout: 0.3 }, {}, 5);
      return (await step.step(await demoBatch(2), number, 0)).losses;
    };
    expect(await losses(7)).toEqual(await losses(7));
    expect(await losses(7)).not.toEqual(await losses(8));
  });

  it("learns a batch by heart: loss under 0.05 nats per symbol and no word wrong", async () => {
    const step = await openStep({ width: 96, context: 5, dropout: 0 }, { name: "adamw", weightDecay: 0 }, 5);
    const batch = await demoBatch(8);
    let result = await step.evaluate(batch);
    for (let i = 0; i < 400 && mean(result.losses) * batch.B > 0.02 * size(batch); i++) {
      await step.step(batch, i, 3e-3);
      if (i % 10 === 9) result = await step.evaluate(batch);
    }
    expect((mean(result.losses) * batch.B) / size(batch)).toBeLessThan(0.05);
    const hypotheses = result.hypotheses.map((labels) => alphabet.decode(labels));
    const pairs = batch.transcripts.map((reference, b) => ({ reference, hypothesis: hypotheses[b] }));
    expect(errorRates(pairs).wer).toBe(0);
  });

  it("leaves out an update whose gradient is not finite, and says so by its norm", async () => {
    const step = await openStep({ width: 16, context: 1, dropout: 0 }, {}, 5);
    step.state.weights.get("h5.weight")!.data.fill(0);
    step.state.weights.get("h5.bias")!.data.fill(1e-37);
    const { data } = step.state.weights.get("h6.weight")!; // times h5 = 1e−37: finite logits, but an infinite gradient
    data.forEach((_, i) => (data[i] = i % symbols === blank ? 3e38 : -3e38));
    const before = copyWeights(step);
    const { losses, gradientNorm } = await step.step(await demoBatch(2), 0, 1e-3);
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(gradientNorm).not.toSatisfy(Number.isFinite);
    expect(copyWeights(step)).toEqual(before);
  });

  it("says that training diverged when the network's output is not finite", async () => {
    const step = await openStep({ width: 16, context: 1 }, {}, 5);
    step.state.weights.get("h6.bias")!.data.fill(Number.NaN);
    await expect(demoBatch(2).then((batch) => step.step(batch, 0, 1e-3))).rejects.toMatchObject({
      code: "DIVERGED",
    });
  });
});
