// Whole runs on several ranks: what they learn is what one learns, whatever their number, before and after an interruption;
// and what one of them meets is known to all.

import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readSafetensors } from "../../src/model/index.ts";
import type { TrainingEvent } from "../../src/training/index.ts";
import { resume, train } from "./in-this-thread.ts";
import { onRanks, resumeOnRanks, trainOnRanks } from "./rank-runs.ts";
import { smallSettings, writeSmallManifest } from "./recordings.ts";
import { openFolder, type Folder } from "../../src/platform/index.ts";
import { startRun } from "../../src/training/index.ts";
import { folderOnRank } from "../../src/training/ranks/follower-folder.ts";

vi.mock("../../src/engine/index.ts", async (original) =>
  (await import("./kept-programs.ts")).keptPrograms(original),
);

let folder: string;
let manifests: string[];
const run = (name: string) => join(folder, name);

const settings = () => {
  const small = smallSettings(folder);
  return {
    ...small,
    epochs: 10,
    accumulate: 2,
    network: { width: 8, context: 1, dropout: 0.2 },
    data: { ...small.data, maxUtterances: 1 },
    checkpointSeconds: 0,
  };
};

const logOf = (name: string): TrainingEvent[] =>
  readFileSync(join(run(name), "log.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as TrainingEvent);

const eventsOf = <Type extends TrainingEvent["type"]>(name: string, type: Type) =>
  logOf(name).filter((event): event is Extract<TrainingEvent, { type: Type }> => event.type === type);

const weightsOf = (name: string) =>
  readSafetensors(readFileSync(join(run(name), "checkpoint.safetensors")), name).tensors;

/** Weights and the optimizer's state, each array as a whole. */
function expectSameLearning(name: string, other: string, near = 1e-5): void {
  const [own, expected] = [weightsOf(name), weightsOf(other)];
  expect([...own.keys()]).toEqual([...expected.keys()]);
  for (const [key, { data }] of expected) {
    const values = own.get(key)!.data as Float32Array;
    const difference = Math.hypot(...values.map((value, i) => value - Number(data[i])));
    expect(difference / Math.hypot(...(data as Float32Array)), key).toBeLessThan(near);
  }
  const batches = (all: string) =>
    eventsOf(all, "batch").map(({ step, batch, batches, learningRate }) => [
      step,
      batch,
      batches,
      learningRate,
    ]);
  expect(batches(name)).toEqual(batches(other));
  const losses = (all: string) => eventsOf(all, "epoch").map(({ trainLoss }) => trainLoss);
  losses(name).forEach((loss, i) => expect(loss / losses(other)[i]).toBeCloseTo(1, 4));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "earshot-ranks-"));
  manifests = [writeSmallManifest(folder, { train: 10, dev: 3 })];
  await train({ manifests, settings: settings(), out: run("alone") });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a run of several ranks", () => {
  it.each([2, 3])(
    "learns in 50 steps what one rank learns, %i of them, one of which writes",
    async (size) => {
      const results = await trainOnRanks(size, { manifests, settings: settings(), out: run(`by-${size}`) });
      expect(eventsOf(`by-${size}`, "batch")).toHaveLength(50);
      expectSameLearning(`by-${size}`, "alone");
      expect(new Set(results.map(({ modelPath }) => modelPath)).size).toBe(1);
      const [start] = eventsOf(`by-${size}`, "start");
      expect(start.ranks).toBe(size);
      const reports = eventsOf(`by-${size}`, "ranks");
      expect(reports).toHaveLength(10);
      expect(reports[0].ranks.map(({ rank }) => rank)).toEqual(Array.from({ length: size }, (_, i) => i));
    },
  );

  it("goes on with fewer and with more ranks, interrupted by any of them", async () => {
    const third = abortAfter(10);
    const outcomes = await onRanks(3, (own, rank) => {
      const stopping = rank === 2 ? { signal: third.signal } : {};
      const options = { manifests, settings: settings(), out: run("broken"), ...stopping, ...own };
      return startRun({ ...options, onEvent: rank === 0 ? third.onEvent : undefined });
    });
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["rejected", "rejected", "rejected"]);
    expect((outcomes[0] as PromiseRejectedResult).reason).toMatchObject({ code: "INTERRUPTED" });
    expect((outcomes[2] as PromiseRejectedResult).reason.message).toBe("enough");
    const done = eventsOf("broken", "batch").length;
    expect(done).toBeLessThan(20);
    const directory = run("broken");
    await expect(resumeOnRanks(2, { directory, ...abortAfter(14) })).rejects.toThrow("enough");
    await expect(resume({ directory, ...abortAfter(7) })).rejects.toThrow("enough");
    await resumeOnRanks(4, { directory: run("broken") });
    expectSameLearning("broken", "alone");
  });

  it("goes on from the same files on each, so that all or none of them miss the model", async () => {
    const folders = await onRanks(2, ({ ranks }) => folderOnRank(ranks, openFolder(run("alone"))));
    const names = folders.map(async (outcome) => {
      const files = await (outcome as PromiseFulfilledResult<Folder>).value.list();
      return files.map(({ name }) => name);
    });
    for (const own of await Promise.all(names))
      expect(own).toEqual(
        expect.arrayContaining(["checkpoint.safetensors", "model.safetensors", "run.json"]),
      );
  });

  it("does not begin where the settings of the ranks differ, but for their threads", async () => {
    const outcomes = await onRanks(2, (own, rank) => {
      const network = { ...settings().network, width: rank === 0 ? 8 : 12 };
      const options = { manifests, out: run("differing"), ...own };
      return startRun({ ...options, settings: { ...settings(), network, threads: rank + 1 } });
    });
    for (const outcome of outcomes)
      expect((outcome as PromiseRejectedResult).reason).toMatchObject({
        code: "RANKS_DIFFER",
        where: "rank 1 of 2",
        fault: { problem: 'It does not agree with rank 0: its setting "network".' },
      });
  });

  it("shares what is looked at after an epoch, and finds what one rank finds", async () => {
    mkdirSync(run("larger"));
    const larger = [writeSmallManifest(run("larger"), { train: 32, dev: 0 })];
    const data = { ...settings().data, maxUtterances: 2 };
    const two = { manifests: larger, settings: { ...settings(), data, epochs: 1 } }; // of two summands the order does not matter
    await train({ ...two, out: run("looks-alone") });
    await trainOnRanks(2, { ...two, out: run("looks-by-2") });
    for (const type of ["layers", "pairs"] as const) {
      expect(eventsOf("looks-by-2", type)).toEqual(eventsOf("looks-alone", type));
      expect(eventsOf("looks-by-2", type)).toHaveLength(1);
    }
    expect(eventsOf("looks-by-2", "pairs")[0].compared).toBeGreaterThan(0);
  });

  it("takes a batch for each rank where nothing else is asked for", async () => {
    const { accumulate: _, ...others } = settings();
    await trainOnRanks(3, { manifests, settings: { ...others, epochs: 1 }, out: run("three") });
    const { settings: kept } = JSON.parse(readFileSync(join(run("three"), "run.json"), "utf8"));
    expect(kept.accumulate).toBe(3);
    expect(eventsOf("three", "batch")).toHaveLength(4);
  });

  it("does without a recording that one rank can no longer read, and says so", async () => {
    const damaged = join(folder, "to-be-damaged.wav");
    const rows = readFileSync(manifests[0], "utf8").split("\n");
    const [path] = rows[1].split(",");
    copyFileSync(path, damaged);
    const own = join(folder, "with-damaged.csv");
    writeFileSync(own, [rows[0], rows[1].replace(path, damaged), ...rows.slice(2)].join("\n"));
    const damage = (event: TrainingEvent) => {
      if (event.type === "start") writeFileSync(damaged, "not a recording");
    };
    const data = { ...settings().data, cacheMegabytes: 0 };
    const options = { manifests: [own], settings: { ...settings(), data, epochs: 2 }, out: run("damaged") };
    const outcomes = await onRanks(2, (rank) => startRun({ ...options, onEvent: damage, ...rank }));
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
    const messages = eventsOf("damaged", "warning").map(({ message }) => message);
    expect(messages).toContainEqual(expect.stringMatching(/^rank \d: .*left out of this update/));
  });

  it("ends on all ranks with the fault of one", async () => {
    const wild = { ...settings(), gradientCap: 1e30, schedule: { name: "annealed" as const, initial: 1e30 } };
    const outcomes = await onRanks(2, (own) =>
      startRun({ manifests, settings: wild, out: run("wild"), ...own }),
    );
    for (const outcome of outcomes)
      expect((outcome as PromiseRejectedResult).reason).toMatchObject({
        code: "DIVERGED",
        where: expect.stringMatching(/^rank \d of 2, training$/),
      });
  });

  it("ends with a named error when a rank is silent", async () => {
    const [outcome] = await onRanks(
      2,
      (own, rank) =>
        rank === 1
          ? Promise.resolve(undefined)
          : startRun({ manifests, settings: settings(), out: run("silent"), ...own }),
      0.3,
    );
    expect((outcome as PromiseRejectedResult).reason).toMatchObject({ code: "RANK_SILENT" });
  });
});

/** Asks to stop when so many steps were taken. */
function abortAfter(steps: number) {
  const controller = new AbortController();
  let taken = 0;
  const onEvent = ({ type }: TrainingEvent) => {
    if (type === "batch" && ++taken === steps) controller.abort(new Error("enough"));
  };
  return { signal: controller.signal, onEvent };
}
