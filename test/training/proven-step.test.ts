// A device that was not asked for by its name proves itself on the first batch, or the processor goes on and says why.

import { expect, it } from "vitest";
import { RandomStream } from "../../src/random.ts";
import type { StepBatch } from "../../src/training/index.ts";
import { DeviceStep } from "../../src/training/step/device-step.ts";
import { ProvenStep } from "../../src/training/step/proven-step.ts";
import { BINS } from "./recordings.ts";
import { openStep, planOf } from "./steps.ts";

const NETWORK = { width: 8, context: 1, dropout: 0.1 };
const OPTIMIZER = { name: "adamw" };

function madeBatch(T: number): StepBatch {
  const random = new RandomStream("proven", T);
  const frames = Float32Array.from({ length: T * 2 * BINS }, () => 2 * random.uniform() - 1);
  return { frames, T, B: 2, F: BINS, lengths: [T, T - 4], labels: [Int32Array.of(1, 2), Int32Array.of(3)] };
}

const request = (step: number) => ({ step, utterances: 2, learningRate: 1e-3 });

/** @param changed of the device's methods @param deviceMs that a batch takes; the processor's takes 10 */
async function proven(changed: Partial<DeviceStep>, deviceMs: number) {
  const { plan, state } = planOf(NETWORK, OPTIMIZER, 5);
  const closed: string[] = [];
  const calls: string[] = [];
  const times = [0, 10, 10, 10 + deviceMs];
  const now = () => times.shift()!;
  const step = await ProvenStep.open(plan, state, { name: "card", now }, async (own) => {
    const device = await DeviceStep.open(plan, own);
    const spied = {
      step: (...given: Parameters<DeviceStep["step"]>) => (calls.push("step"), device.step(...given)),
      evaluate: (batch: StepBatch) => device.evaluate(batch),
      readState: () => device.readState(),
      close: () => (closed.push("device"), device.close()),
    };
    return Object.assign(spied, changed) as unknown as DeviceStep;
  });
  return { step, closed, calls };
}

it("goes on with a device that gives the same and is faster, without a word", async () => {
  const plain = await openStep(NETWORK, OPTIMIZER, 5);
  const { step, closed, calls } = await proven({}, 9);
  for (const n of [0, 1]) {
    const [expected, outcome] = [
      await plain.step([madeBatch(20)], request(n)),
      await step.step([madeBatch(20)], request(n)),
    ];
    expect(outcome.warnings).toBeUndefined();
    expect(outcome.gradientNorm / expected.gradientNorm).toBeCloseTo(1, 4);
  }
  expect([calls, closed]).toEqual([["step", "step"], []]);
  await step.close();
});

const failing = () => Promise.reject(new Error("the card is lost"));
const wrong = async () => ({ losses: Float64Array.of(1, 2), gradientNorm: 1 });

it.each([
  ["fails: the card is lost", { step: failing }, 9],
  ["gives other losses on the first batch", { step: wrong }, 9],
  ["takes 11 ms for a batch that takes the processor 10 ms", {}, 11],
])("goes on with the processor where the device %s", async (why, changed, deviceMs) => {
  const plain = await openStep(NETWORK, OPTIMIZER, 5);
  const { step, closed } = await proven(changed, deviceMs);
  for (const n of [0, 1]) {
    const { warnings = [], ...outcome } = await step.step([madeBatch(20)], request(n));
    expect(outcome).toEqual(await plain.step([madeBatch(20)], request(n)));
    const message = `The engine "card" ${why}. The processor goes on.`;
    expect(warnings).toEqual(n === 0 ? [{ code: "ENGINE_FALLBACK", message }] : []);
  }
  expect(closed).toEqual(["device"]);
  await step.close();
});
