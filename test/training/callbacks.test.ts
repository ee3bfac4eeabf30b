// Callbacks by themselves: each is given events by hand.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Batch, PreparedUtterance } from "../../src/data/index.ts";
import { EarshotError } from "../../src/errors.ts";
import { readSafetensors } from "../../src/model/index.ts";
import {
  bestCheckpoint,
  csvLog,
  earlyStop,
  reduceOnPlateau,
  stopOnNaN,
  type Callback,
} from "../../src/training/callbacks.ts";
import type { BatchEnd, EpochEnd, FitStart } from "../../src/training/callbacks/callback.ts";
import { showTrainingLoop, traceTrainingLoop } from "../../src/training/index.ts";
import { restoreStates, statesOf } from "../../src/training/callbacks/states.ts";
import { call } from "../../src/training/callbacks/call.ts";
import { BEGINNING } from "../../src/training/loop/progress.ts";

const folder = mkdtempSync(join(tmpdir(), "earshot-callbacks-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const place = { epoch: 1, epochs: 10, step: 10, bestEpoch: 0 };
const epochEnd = (epoch: number, facts: Partial<EpochEnd>): EpochEnd => ({
  ...place,
  epoch,
  step: 10 * epoch,
  trainLoss: 1,
  best: false,
  learningRate: 0.5,
  kept: { epoch, trainLoss: 1, ...facts },
  saveModel: async (name, within) => within?.append(name, `${epoch}`),
  ...facts,
});

describe("an event of the loop", () => {
  const run = () => ({ callbacks: [] as Callback[], progress: BEGINNING, stopReason: undefined });

  it("goes to every callback in turn, and what they answer is done", async () => {
    const called: string[] = [];
    const callbacks: Callback[] = [
      { name: "a", epochStart: () => void called.push("a") },
      { name: "b" },
      {
        name: "c",
        epochStart: async ({ epoch }) => {
          called.push(`c${epoch}`);
          return { learningRateFactor: 0.5 };
        },
      },
      { name: "d", epochStart: () => "stop" },
      { name: "e", epochStart: () => ({ stop: "another reason", learningRateFactor: 0.5 }) },
    ];
    const loop = { ...run(), callbacks };
    await call(loop, "epochStart", place);
    expect(called).toEqual(["a", "c1"]);
    expect(loop).toMatchObject({ stopReason: "asked by d", progress: { learningRateFactor: 0.25 } });
  });

  it("finds a callback that is an object of a class", async () => {
    class Counter {
      readonly name = "counter";
      count = 0;
      epochStart() {
        this.count++;
      }
    }
    const counter = new Counter();
    await call({ ...run(), callbacks: [counter] }, "epochStart", place);
    expect(counter.count).toBe(1);
  });

  it("leaves states that a checkpoint gives back, each to its callback", () => {
    const callback = (name: string) => ({ name, state: { count: 0 } });
    const states = JSON.parse(JSON.stringify(statesOf([{ name: "a", state: { count: 3 } }, { name: "b" }])));
    expect(states).toEqual({ a: { count: 3 } });
    const resumed = [callback("c"), callback("a")];
    restoreStates(resumed, states);
    expect(resumed.map(({ state }) => state.count)).toEqual([0, 3]);
    expect(() => restoreStates([callback("a"), callback("a")], states)).toThrow(
      'Two callbacks have the name "a"',
    );
  });
});

it("early stopping ends once so many epochs brought nothing better, a resumed run at its start", async () => {
  const { epochStart } = earlyStop(2);
  expect(epochStart!({ ...place, epoch: 1, bestEpoch: 0 })).toBeUndefined();
  expect(epochStart!({ ...place, epoch: 4, bestEpoch: 2 })).toBeUndefined();
  expect(epochStart!({ ...place, epoch: 5, bestEpoch: 2 })).toEqual({
    stop: "no better dev WER in 2 epochs",
  });
});

describe("a plateau", () => {
  const losses = [5, 4, 4.5, 4, 3, 3.5, 3.2, 3.1, 3];
  const answers = (callback: Callback, of: readonly number[]) =>
    of.map((devLoss, i) => callback.epochEnd!(epochEnd(i + 1, { devLoss })) !== undefined);

  it("lowers the learning rate after epochs in a row without a lower loss, and then waits again", () => {
    const expected = [false, false, false, true, false, false, true, false, true];
    expect(answers(reduceOnPlateau({ patience: 2, factor: 0.5 }), losses)).toEqual(expected);
  });

  it("is none while augmentation grows, however low the loss was before", () => {
    const callback = reduceOnPlateau({ patience: 1, factor: 0.5 });
    const facts = [{ devLoss: 1, ramp: 1 }, { devLoss: 2, ramp: 1 }, { devLoss: 2 }, { devLoss: 3 }];
    const lowered = facts.map((fact, i) => callback.epochEnd!(epochEnd(i + 1, fact)) !== undefined);
    expect(lowered).toEqual([false, false, false, true]);
  });

  it("goes on from its state as if it had never stopped", () => {
    const whole = answers(reduceOnPlateau({ patience: 3, factor: 0.5 }), losses);
    const before = reduceOnPlateau({ patience: 3, factor: 0.5 });
    const after = reduceOnPlateau({ patience: 3, factor: 0.5 });
    const first = answers(before, losses.slice(0, 6));
    Object.assign(after.state!, JSON.parse(JSON.stringify(before.state)));
    expect([...first, ...answers(after, losses.slice(6))]).toEqual(whole);
  });
});

it("the best checkpoints are those of the fewest wrong words, and no others stay", async () => {
  const directory = join(folder, "best");
  const callback = bestCheckpoint({ keep: 2, directory });
  for (const [i, devWer] of [0.5, 0.4, 0.6, 0.4, 0.3].entries())
    await callback.epochEnd!(epochEnd(i + 1, { devWer, devCer: 0.1 * devWer }));
  expect(readdirSync(directory).toSorted()).toEqual(["epoch-2.safetensors", "epoch-5.safetensors"]);
  expect(readFileSync(join(directory, "epoch-5.safetensors"), "utf8")).toBe("5");
});

it("the CSV log has a row for each epoch, once, however often the run was stopped", async () => {
  const path = join(folder, "log.csv");
  const begin = (epoch: number) => csvLog(path).fitStart!({ ...place, epoch } as FitStart);
  await begin(0);
  const { epochEnd: write } = csvLog(path);
  await write!(epochEnd(1, { devLoss: 2, devWer: 0.5, devCer: 0.25, best: true }));
  await write!(epochEnd(2, {}));
  await begin(1);
  await write!(epochEnd(2, { trainLoss: 0.75 }));
  expect(readFileSync(path, "utf8").split("\n")).toEqual([
    "epoch,step,learningRate,trainLoss,devLoss,devWer,devCer,best",
    "1,10,0.5,1,2,0.5,0.25,true",
    "2,20,0.5,0.75,,,,false",
    "",
  ]);
});

describe("stop on NaN", () => {
  const labels = [Int32Array.of(1, 2), Int32Array.of(3)];
  const batch = {
    frames: Float32Array.of(1, 2, 3, 4),
    T: 2,
    B: 2,
    F: 1,
    lengths: [2, 1],
    labels,
  } as unknown as Batch;
  const described = { where: "m.csv:2", speaker: "s", text: "t" };
  const utterances = [
    { path: "a.wav", ...described, followedBy: "c.wav" },
    { path: "b.wav", ...described },
  ];
  const update = (gradientNorm: number): BatchEnd => ({
    ...place,
    batch: 3,
    batches: 5,
    utterances: utterances as unknown as PreparedUtterance[],
    load: async () => [batch],
    losses: Float64Array.of(1, 2),
    gradientNorm,
    learningRate: 0.1,
  });

  it("saves the batch and names its utterances", async () => {
    const directory = join(folder, "not-finite");
    const { batchEnd } = stopOnNaN({ directory, everyStep: true });
    expect(await batchEnd!(update(1))).toBeUndefined();
    expect(existsSync(directory)).toBe(false);
    const path = join(directory, "step-10.safetensors");
    expect(await batchEnd!(update(Number.NaN))).toEqual({
      stop: `the gradient of step 10 is not finite; its batch is saved in ${path} (a.wav + c.wav, b.wav)`,
    });
    const { tensors } = readSafetensors(readFileSync(path), path);
    expect(tensors.get("frames")).toEqual({ type: "float32", dims: [2, 2, 1], data: batch.frames });
    expect(tensors.get("labels")!.data).toEqual(Int32Array.of(1, 2, 3));
    expect(tensors.get("labelLengths")!.data).toEqual(Int32Array.of(2, 1));
    expect(JSON.parse(readFileSync(join(directory, "step-10.json"), "utf8"))).toMatchObject({
      step: 10,
      losses: [1, 2],
      utterances: [{ path: "a.wav", followedBy: "c.wav" }, { path: "b.wav" }],
    });
  });

  it("lets single steps pass unless asked, and never lets a diverged run end without its batch", async () => {
    const directory = join(folder, "diverged");
    const { batchEnd, batchFailed } = stopOnNaN({ directory, everyStep: false });
    expect(await batchEnd!(update(Number.NaN))).toBeUndefined();
    const fault = (code: string) => new EarshotError({ code, problem: "p", remedy: "r" });
    expect(await batchFailed!({ ...update(0), error: fault("WORKER_DIED") })).toBeUndefined();
    expect(await batchFailed!({ ...update(0), error: fault("DIVERGED") })).toMatchObject({
      stop: expect.stringContaining("the output of step 11"),
    });
    expect(readdirSync(directory).toSorted()).toEqual(["step-11.json", "step-11.safetensors"]);
  });
});

it("the training loop is shown as it runs, with the callbacks of each event", async () => {
  const callbacks = [stopOnNaN({ directory: folder, everyStep: true }), earlyStop(3), csvLog("log.csv")];
  expect(showTrainingLoop(await traceTrainingLoop(), callbacks)).toBe(
    [
      "fitStart          CSV log",
      "for each epoch",
      "  epochStart      early stop",
      "  for each batch",
      "    batchStart",
      "    gradient of the loss, norm cap, update of the weights",
      "    batchEnd      stop on NaN",
      "    batchFailed   stop on NaN",
      "  measure the dev split",
      "  devEnd",
      "  save the model if it is the best so far",
      "  look at the layers",
      "  epochEnd        CSV log",
      "  save a checkpoint",
      "fitEnd",
      "event",
      "",
    ].join("\n"),
  );
});
