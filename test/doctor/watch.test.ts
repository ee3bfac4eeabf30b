// The doctor beside a training, told scripted moments.

import { expect, it } from "vitest";
import { levelsOf } from "../../src/doctor/curve/levels.ts";
import type { Finding } from "../../src/doctor/index.ts";
import { watchTraining } from "../../src/doctor/index.ts";
import type { Callback, LoopEvents, TrainingEvent } from "../../src/training/index.ts";
import { settingsOf } from "./corpus.ts";

const utterance = {
  path: "/clips/12.wav",
  where: "train.csv:12",
  transcript: "one",
  text: "one",
  speaker: "",
  split: "train",
  labels: Int32Array.of(14, 13, 4),
  variants: [{ speed: 1, frames: 60, seconds: 0.6 }],
};

function watch() {
  const told: Finding[] = [];
  const callback = watchTraining((finding) => told.push(finding));
  const place = { epochs: 40, bestEpoch: 0 };
  callback.fitStart?.({ ...place, epoch: 0, step: 0, settings: settingsOf(), directory: "runs/1" });
  let step = 0;
  const batch = async (epoch: number, loss: number, gradientNorm = 3): Promise<void> => {
    step++;
    const facts = { ...place, epoch, batch: 1, batches: 1, step, gradientNorm, learningRate: 1e-3 };
    callback.event?.({ type: "batch", ...facts, loss, framesPerSecond: 1, waitedMs: 0 });
    const moment = { ...facts, utterances: [utterance], losses: Float64Array.of(loss), load: async () => [] };
    await callback.batchEnd?.(moment as unknown as LoopEvents["batchEnd"]);
  };
  const epoch = async (number: number, trainLoss: number): Promise<void> => {
    const facts = { ...place, epoch: number, step, trainLoss, best: true };
    callback.event?.({ type: "epoch", ...facts, seconds: 1, waiting: 0 } as TrainingEvent);
    const moment = { ...facts, learningRate: 1e-3, saveModel: async () => {} };
    await callback.epochEnd?.(moment as unknown as LoopEvents["epochEnd"]);
  };
  return { told, batch, epoch, callback: callback as Callback };
}

it("names the recordings of a batch that gave NaN, at once and once", async () => {
  const { told, batch, epoch } = watch();
  await batch(1, 12);
  expect(told).toEqual([]);
  await batch(1, NaN);
  expect(told.map(({ code }) => code)).toEqual(["LOSS_NOT_FINITE"]);
  expect(told[0].evidence).toContain("train.csv:12  /clips/12.wav");
  await epoch(1, 12);
  expect(told).toHaveLength(1);
});

it("says that the loss stands at uniform outputs once three epochs did", async () => {
  const { told, batch, epoch } = watch();
  const target = { labels: utterance.labels, steps: 30 }; // 60 frames, stride 2
  const uniform = levelsOf({ targets: [target], symbols: 29, blank: 28 })!.uniform.mean;
  for (const number of [1, 2, 3, 4]) {
    await batch(number, uniform);
    await epoch(number, uniform);
    if (number < 3) expect(told).toEqual([]);
  }
  expect(told.map(({ code }) => code)).toEqual(["FLAT_AT_UNIFORM"]);
  expect(told[0].link).toBe("docs/doctor.md#flat_at_uniform");
});

it("is silent while all is well", async () => {
  const { told, batch, epoch } = watch();
  for (const [i, loss] of [60, 22, 15, 8, 4].entries()) {
    await batch(i + 1, loss);
    await epoch(i + 1, loss);
  }
  expect(told).toEqual([]);
});
