// The doctor beside a training, told scripted moments.

import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
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

const folder = mkdtempSync(join(tmpdir(), "watched-run-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Dev {
  readonly devLoss: number;
  readonly devCer: number;
}

/** @param begun epochs that an earlier session of the run in this folder took, with one step each */
async function watch(directory = "runs/1", begun = 0) {
  const told: Finding[] = [];
  /** Codes, and those taken back with a minus. */
  const codes: string[] = [];
  const callback = watchTraining(
    (finding) => {
      told.push(finding);
      codes.push(`${finding.code}/${finding.severity}`);
    },
    ({ code }) => codes.push(`-${code}`),
  );
  const place = { epochs: 40, bestEpoch: 0 };
  let step = begun;
  await callback.fitStart?.({ ...place, epoch: begun, step, settings: settingsOf(), directory });
  const tell = (event: TrainingEvent): void => {
    callback.event?.(event);
    if (directory === folder) appendFileSync(join(folder, "log.jsonl"), `${JSON.stringify(event)}\n`);
  };
  const batch = async (epoch: number, loss: number, gradientNorm = 3): Promise<void> => {
    step++;
    const facts = { ...place, epoch, batch: 1, batches: 1, step, gradientNorm, learningRate: 1e-3 };
    tell({ type: "batch", ...facts, loss, framesPerSecond: 1, waitedMs: 0 });
    const moment = { ...facts, utterances: [utterance], losses: Float64Array.of(loss), load: async () => [] };
    await callback.batchEnd?.(moment as unknown as LoopEvents["batchEnd"]);
  };
  const epoch = async (number: number, trainLoss: number, dev?: Dev): Promise<void> => {
    const facts = { ...place, epoch: number, step, trainLoss, best: true };
    const rates = dev && { ...dev, devWer: dev.devCer };
    tell({ type: "epoch", ...facts, ...rates, seconds: 1, waiting: 0 } as TrainingEvent);
    const moment = { ...facts, learningRate: 1e-3, saveModel: async () => {} };
    await callback.epochEnd?.(moment as unknown as LoopEvents["epochEnd"]);
  };
  return { told, codes, batch, epoch, callback: callback as Callback };
}

it("names the recordings of a batch that gave NaN, at once and once", async () => {
  const { told, batch, epoch } = await watch();
  await batch(1, 12);
  expect(told).toEqual([]);
  await batch(1, NaN);
  expect(told.map(({ code }) => code)).toEqual(["LOSS_NOT_FINITE"]);
  expect(told[0].evidence).toContain("train.csv:12  /clips/12.wav");
  await epoch(1, 12);
  expect(told).toHaveLength(1);
});

it("says that the loss stands at uniform outputs once three epochs did", async () => {
  const { told, batch, epoch } = await watch();
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
  const { told, batch, epoch } = await watch();
  for (const [i, loss] of [60, 22, 15, 8, 4].entries()) {
    await batch(i + 1, loss);
    await epoch(i + 1, loss);
  }
  expect(told).toEqual([]);
});

/** A dev set that is forgotten for a while and comes back, as where the learning rate is at its highest. */
const forgotten = [30, 26, 22, 19, 16, 14, 20, 24, 27, 30, 22, 14, 9, 6].map((devLoss, i) => ({
  trainLoss: 30 * 0.75 ** i,
  dev: { devLoss, devCer: devLoss / 30 },
}));

it("takes a warning back when later epochs refute it, and says so once", async () => {
  const { codes, batch, epoch } = await watch();
  const after: string[][] = [];
  for (const [i, { trainLoss, dev }] of forgotten.entries()) {
    await batch(i + 1, trainLoss);
    await epoch(i + 1, trainLoss, dev);
    after.push([...codes]);
  }
  const warned = ["OVERFITTING/warning"];
  expect(after[7]).toEqual([]); // two epochs prove nothing
  expect(after[9]).toEqual(warned);
  expect(after[13]).toEqual([...warned, "-OVERFITTING"]);
});

it("says the same at the end whether the run was stopped and resumed or not", async () => {
  const found = async (upTo: number, stops: readonly number[]): Promise<string[]> => {
    writeFileSync(join(folder, "log.jsonl"), "");
    let session = await watch(folder);
    for (const [i, { trainLoss, dev }] of forgotten.slice(0, upTo).entries()) {
      if (stops.includes(i)) session = await watch(folder, i);
      await session.batch(i + 1, trainLoss);
      await session.epoch(i + 1, trainLoss, dev);
    }
    const standing = new Set<string>();
    for (const code of session.codes) {
      if (code.startsWith("-")) standing.delete(code.slice(1));
      else standing.add(code.split("/")[0]);
    }
    return [...standing];
  };
  for (const upTo of [8, 10, 11, 14]) {
    const undisturbed = await found(upTo, []);
    expect(undisturbed).toEqual(upTo === 10 || upTo === 11 ? ["OVERFITTING"] : []);
    for (const stops of [[1], [5], [9], [3, 8, 9]]) expect(await found(upTo, stops)).toEqual(undisturbed);
  }
});
