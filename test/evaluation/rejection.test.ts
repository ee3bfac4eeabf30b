// Calibration of rejection: the regression against a brute-force search, thresholds against counting, and all of it on a model
// that reads its rows out of the samples.

import { expect, it } from "vitest";
import { calibrateRejection, evaluate, tradeOffAt } from "../../src/evaluation/index.ts";
import { fitLogistic } from "../../src/evaluation/rejection/logistic.ts";
import { thresholdFor, tradeOffs } from "../../src/evaluation/rejection/trade-off.ts";
import { Grammar } from "../../src/grammar/index.ts";
import { RandomStream } from "../../src/random.ts";
import { Recognizer, type Source } from "../../src/recognizer/index.ts";
import { scriptedModel, scriptOf } from "../recognizer/scripted-model.ts";
import { rejectionPage } from "../../src/report/index.ts";

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const normal = new RandomStream("rejection test");
const cloud = (count: number, ...center: number[]) =>
  Array.from({ length: count }, () => center.map((x) => x + normal.normal()));

it("logistic regression finds the likeliest weights, both classes counting the same", () => {
  const [positives, negatives] = [cloud(40, 1, 0.5), cloud(400, -0.5, 0)];
  const { weights, bias } = fitLogistic(positives, negatives);
  const likelihood = (w: readonly number[], b: number) => {
    const logs = (rows: number[][], sign: number) =>
      rows.reduce((sum, x) => sum + Math.log(sigmoid(sign * (x[0] * w[0] + x[1] * w[1] + b))), 0) /
      rows.length;
    return logs(positives, 1) + logs(negatives, -1);
  };
  const best = likelihood(weights, bias);
  for (const [i, step] of [0, 1, 2].flatMap((i) => [-0.1, 0.1].map((step) => [i, step]))) {
    const moved = [...weights, bias].map((value, k) => (k === i ? value + step : value));
    expect(likelihood(moved, moved[2])).toBeLessThan(best);
  }
});

it("logistic regression gives no weight to what speaks for the wrong class or for none, and finite ones to parted classes", () => {
  const { weights } = fitLogistic([[1, 0, 5], [2, 1, 5]], [[-1, 1, 5], [-2, 2, 5]]); // prettier-ignore
  expect(weights[0]).toBeGreaterThan(0);
  expect(weights.slice(1)).toEqual([0, 0]);
  expect(weights.every(Number.isFinite)).toBe(true);
});

const utterances = [0.9, 0.8, 0.7, 0.2].map((confidence, i) => ({
  confidence,
  seconds: 1,
  isRight: i !== 1,
}));
const others = [0.75, 0.3, 0.1, 0, 0].map((confidence) => ({ confidence, seconds: 720 })); // an hour

it("a trade-off counts what is accepted", () => {
  expect(tradeOffAt(0.3, utterances, others)).toEqual({
    threshold: 0.3,
    recall: 0.75,
    rightRecall: 0.5,
    falseAccepts: 2,
    falseAcceptsPerHour: 2,
  });
  expect(tradeOffAt(0, utterances, others).falseAccepts).toBe(3); // two had no text
  const points = tradeOffs(utterances, others);
  expect(points.map(({ threshold }) => threshold)).toEqual([0, 0.1, 0.2, 0.3, 0.7, 0.75, 0.8, 0.9, 1]);
});

it("the threshold keeps what was asked for, and lies between what it parts", () => {
  for (const rate of [0, 1, 2, 3]) {
    const threshold = thresholdFor(rate, utterances, others);
    expect(tradeOffAt(threshold, utterances, others).falseAcceptsPerHour).toBeLessThanOrEqual(rate);
  }
  const parted = thresholdFor(0, utterances.slice(0, 3), others.slice(1));
  expect(parted).toBeGreaterThan(0.31);
  expect(parted).toBeLessThan(0.69);
});

const utterance = (transcript: string, i: number) => ({ path: `${i}`, transcript, speaker: "", split: "dev", where: `m:${i}` }); // prettier-ignore
const spoken = ["hi there", "so long", "yes"].map(utterance);
const noises = ["", ""].map((text, i) => utterance(text, i + 10));

/** The network is unsure of what the recordings to be rejected hold. */
const unsure = scriptedModel({}, 0.35);
const sure = scriptedModel({}, 0.95);
const model = {
  ...sure,
  logProbabilities: async (batch: Parameters<typeof sure.logProbabilities>[0]) => {
    const [own, other] = await Promise.all([sure.logProbabilities(batch), unsure.logProbabilities(batch)]);
    return batch.map(({ length }, b) => (length > 100 ? other[b] : own[b]));
  },
};
const sourceOf = async ({ path, transcript }: { path: string; transcript: string }): Promise<Source> => {
  const script =
    Number(path) < 10 ? `_${transcript}_` : `_abc${"_".repeat(70)}${path}`.replaceAll(/\d/g, "x");
  return { samples: scriptOf(script), sampleRateHz: 16_000 };
};

it("a model learns what to reject, and is tested with it", async () => {
  const recognizer = new Recognizer(model);
  const found = await calibrateRejection(recognizer, spoken, noises, { sourceOf });
  expect(found.chosen).toMatchObject({ recall: 1, rightRecall: 1, falseAccepts: 0 });
  expect(found).toMatchObject({ utterances: 3, others: 2, failures: [] });
  expect(found.points[0]).toMatchObject({ threshold: 0, recall: 1, falseAccepts: 2 });
  expect(rejectionPage(found, "a model")).toContain("false accepts per hour");
  expect(found.rejection.calibratedWith).toBe("any text");
  const calibrated = { ...model, decoding: { rejection: { ...found.rejection } } };
  const test = async (rejecting: Recognizer) =>
    (await evaluate(rejecting, [...spoken, ...noises], { sourceOf })).acceptance;
  expect(await test(recognizer)).toMatchObject({ utterances: 3, recall: 1, falseAccepts: 2 });
  expect(await test(new Recognizer(calibrated))).toMatchObject({ utterances: 3, recall: 1, falseAccepts: 0 });
  expect(await test(new Recognizer(calibrated, { rejection: false }))).toMatchObject({ falseAccepts: 2 });
  expect(await test(new Recognizer(calibrated, { rejection: { threshold: 1 } }))).toMatchObject({
    recall: 0,
  });
});

it("where nothing is recognized there is nothing to calibrate", async () => {
  const recognizer = new Recognizer(sure);
  const silence = async (): Promise<Source> => ({ samples: new Float32Array(1600), sampleRateHz: 16_000 });
  await expect(calibrateRejection(recognizer, spoken, noises, { sourceOf: silence })).rejects.toMatchObject({
    code: "NOTHING_TO_CALIBRATE",
    problem: "In none of the utterances anything was recognized, so nothing tells them from all else.",
    remedy: "Train the model until it recognizes them; then calibrate it.",
  });
});

it("a calibration keeps whether it was made with a grammar, and is not for any text", async () => {
  const grammar = await Grammar.from(spoken.map(({ transcript }) => transcript));
  const { rejection } = await calibrateRejection(new Recognizer(model, { grammar }), spoken, noises, {
    sourceOf,
  });
  expect(rejection.calibratedWith).toBe("grammar");
  const calibrated = { ...model, decoding: { rejection: { ...rejection } } };
  const recognizer = new Recognizer(calibrated, { grammar });
  expect(recognizer.warnings).toEqual([]);
  expect(recognizer.setGrammar(undefined)).toMatchObject([{ code: "OTHER_CALIBRATION" }]);
  expect(recognizer.setGrammar(grammar)).toEqual([]);
  expect(new Recognizer(calibrated).warnings).toMatchObject([{ code: "OTHER_CALIBRATION" }]);
  expect(new Recognizer(calibrated, { rejection: false }).warnings).toEqual([]);
});
