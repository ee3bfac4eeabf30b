// Which of two epochs is better, and that the model, early stopping and the best checkpoints all go by that.

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bestCheckpoint, earlyStop } from "../../src/training/callbacks.ts";
import type { EpochEnd } from "../../src/training/callbacks/callback.ts";
import {
  afterEpoch,
  BEGINNING,
  betterOf,
  compareEpochs,
  metricsOf,
  progressSchema,
  type DevFigures,
  type EpochMetrics,
  type Progress,
} from "../../src/training/loop/progress.ts";

const figures = (devWer: number, devLoss?: number, devCer = devWer / 3): DevFigures => ({
  devWer,
  devLoss,
  devCer,
});

/** No word is wrong from epoch 2 on, while the loss goes on falling. */
const solved = [figures(0.4, 9), figures(0, 4), figures(0, 0.4), figures(0, 0.004)];
/** The last epoch has a lower WER at a higher loss. */
const overfitted = [figures(0.5, 3), figures(0.4, 2), figures(0.4, 2.5), figures(0.3, 4)];
/** Epochs 2 and 3 cannot be told apart; epoch 4 is worse. */
const level = [figures(0.5, 3), figures(0.25, 2), figures(0.25, 2), figures(0.25, 2.5)];

const metricsAt = (dev: DevFigures, i: number): EpochMetrics => ({ epoch: i + 1, trainLoss: 5 - i, ...dev });
const throughCheckpoint = (progress: Progress): Progress =>
  progressSchema.parse(JSON.parse(JSON.stringify(progress)));
const bestEpochs = (epochs: readonly DevFigures[], between = (progress: Progress) => progress): number[] => {
  let progress = BEGINNING;
  return epochs.map((dev, i) => (progress = between(afterEpoch(progress, metricsAt(dev, i)))).best!.epoch);
};

describe("while augmentation grows", () => {
  it("no epoch is as good as one behind it, whatever it does on clean recordings", () => {
    const ramped = [
      { ...figures(0.1, 1), ramp: 1 },
      { ...figures(0.05, 1), ramp: 1 },
      figures(0.2, 3),
      figures(0.15, 2),
    ];
    expect(bestEpochs(ramped)).toEqual([1, 2, 3, 4]);
    expect(bestEpochs(ramped, throughCheckpoint)).toEqual([1, 2, 3, 4]);
    expect(metricsOf(BEGINNING, undefined, 1).ramp).toBe(1);
    expect(metricsOf({ ...BEGINNING, epoch: 1 }, undefined, 1)).not.toHaveProperty("ramp");
  });

  it("training does not stop early", () => {
    const stop = (epoch: number) => earlyStop(2, 10).epochStart?.({ epoch, bestEpoch: 3 } as never);
    expect([11, 12].map(stop)).toEqual([undefined, undefined]);
    expect(stop(13)).toEqual({ stop: "no better dev WER in 2 epochs" });
  });
});

describe("of two epochs", () => {
  it.each([
    ["the lower WER wins over the lower loss", figures(0.1, 5), figures(0.2, 1)],
    [
      "with the same WER the lower loss wins, over the lower CER too",
      figures(0.1, 1, 0.09),
      figures(0.1, 2, 0.01),
    ],
    ["with the same WER and loss the lower CER wins", figures(0.1, 1, 0.01), figures(0.1, 1, 0.02)],
    ["with the same WER a known loss wins over none", figures(0, 7), figures(0)],
    ["with the same WER a finite loss wins over NaN", figures(0, 7), figures(0, NaN)],
    [
      "with the same WER and no loss the lower CER wins",
      figures(0.1, undefined, 0.01),
      figures(0.1, undefined, 0.02),
    ],
  ])("%s", (_, better, worse) => {
    expect(compareEpochs(better, worse)).toBeLessThan(0);
    expect(compareEpochs(worse, better)).toBeGreaterThan(0);
    expect(compareEpochs(worse, worse)).toBe(0);
  });
});

describe("the model of a run is that of", () => {
  it.each([
    ["the lowest loss where no word is wrong any more", solved, [1, 2, 3, 4]],
    ["the lowest WER, whatever its loss", overfitted, [1, 2, 2, 4]],
    ["the first epoch where the dev split tells no difference", level, [1, 2, 2, 2]],
    ["the last epoch without a dev split", [{}, {}, {}], [1, 2, 3]],
  ])("%s, resumed or not", (_, epochs, expected) => {
    expect(bestEpochs(epochs)).toEqual(expected);
    expect(bestEpochs(epochs, throughCheckpoint)).toEqual(expected);
  });

  it.each([
    ["the average at a lower loss", figures(0, 1), figures(0, 0.5), "averaged"],
    ["the latest weights at a lower loss", figures(0, 0.5), figures(0, 1), "latest"],
    ["the latest weights where nothing tells them apart", figures(0, 1), figures(0, 1), "latest"],
  ])("%s", (_, latest, { devLoss, devWer, devCer }, weights) => {
    const rates = { wer: devWer!, cer: devCer! } as never;
    expect(betterOf(metricsAt(latest, 0), { loss: devLoss!, rates }).weights).toBe(weights);
  });
});

describe("early stopping after 2 epochs", () => {
  const stops = (epochs: readonly DevFigures[]) =>
    bestEpochs(epochs).map(
      (bestEpoch, i) =>
        earlyStop(2).epochStart!({ epoch: i + 2, epochs: 9, step: 1, bestEpoch }) !== undefined,
    );
  it.each([
    ["goes on while the loss falls at WER 0", solved, [false, false, false, false]],
    ["goes on where the WER falls in time", overfitted, [false, false, false, false]],
    ["stops where neither falls", level, [false, false, false, true]],
  ])("%s", (_, epochs, expected) => expect(stops(epochs)).toEqual(expected));
});

describe("the two best checkpoints", () => {
  it.each([
    ["are those of the lowest loss at WER 0", solved, [3, 4]],
    ["are those of the lowest WER", overfitted, [2, 4]],
    ["are the earlier ones where nothing tells them apart", level, [2, 3]],
    ["are those of the lowest train loss without a dev split", [{}, {}, {}], [2, 3]],
  ])("%s, resumed or not", async (_, epochs, expected) => {
    const directory = mkdtempSync(join(tmpdir(), "earshot-ties-"));
    let callback = bestCheckpoint({ keep: 2, directory });
    for (const [i, dev] of epochs.entries()) {
      const saveModel: EpochEnd["saveModel"] = async (name, folder) => folder?.append(name, "model");
      await callback.epochEnd!({ epoch: i + 1, kept: metricsAt(dev, i), saveModel } as EpochEnd);
      const state = JSON.parse(JSON.stringify(callback.state)) as object;
      callback = bestCheckpoint({ keep: 2, directory });
      Object.assign(callback.state!, state);
    }
    expect(readdirSync(directory).toSorted()).toEqual(expected.map((n) => `epoch-${n}.safetensors`));
    rmSync(directory, { recursive: true });
  });
});
