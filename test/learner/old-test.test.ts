// After a run that went on from a model both are measured on a test of the old skill: said, logged, reported, and no reason
// for a run to fail.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readManifests } from "../../src/data/index.ts";
import { evaluate } from "../../src/evaluation/index.ts";
import { train as trainAndTest } from "../../src/learner/index.ts";
import { parseRejection } from "../../src/ctc/index.ts";
import { loadModelFile, writeModelFile } from "../../src/model/index.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import type { TrainingEvent, TrainOptions } from "../../src/training/index.ts";
import { alwaysSaying } from "../model/small-model.ts";
import { startWorker } from "../training/memory-run.ts";
import { smallSettings, writeSmallManifest } from "../training/recordings.ts";

let folder: string;
let manifests: string[];
let events: TrainingEvent[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "earshot-old-test-"));
  manifests = [writeSmallManifest(folder, { train: 4, dev: 2, test: 2 })];
  await train({ manifests, settings: settings(), out: run("old") });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (name: string) => join(folder, name);
const settings = (changes: object = {}) => ({ ...smallSettings(folder), epochs: 1, ...changes });
const train = (options: TrainOptions) => {
  events = [];
  return trainAndTest({ startWorker, onEvent: (event) => void events.push(event), ...options });
};
const tested = () => events.filter((event) => event.type === "oldTest");

async function ratesOf(name: string) {
  const options = { threads: 1, rejection: false } as const;
  const recognizer = await Recognizer.load(join(run(name), "model.safetensors"), options);
  const { utterances } = await readManifests(manifests);
  const test = utterances.filter(({ split }) => split === "test");
  const { wer, cer } = await evaluate(recognizer, test).finally(() => recognizer.close());
  return { wer, cer };
}

describe("a run with an old test", () => {
  it("ends with the figures of both models, in its events and in its log", async () => {
    const given = settings({
      initialModel: run("old"),
      oldTest: { data: manifests },
      schedule: { peak: 0.02 },
    });
    await train({ manifests, settings: given, out: run("new") });
    const expected = {
      type: "oldTest",
      manifests,
      split: "test",
      utterances: 2,
      leftOut: 0,
      before: await ratesOf("old"),
      after: await ratesOf("new"),
    };
    expect(tested()).toEqual([expected]);
    expect(events.at(-1)).toMatchObject({ type: "done" });
    const log = readFileSync(join(run("new"), "log.jsonl"), "utf8")
      .trimEnd()
      .split("\n");
    expect(
      log.map((line) => JSON.parse(line) as TrainingEvent).filter(({ type }) => type === "oldTest"),
    ).toEqual([expected]);
    expect(log.join()).not.toContain("oldTestProgress");
  });

  it("accepts every text of a model that rejects, and says how many utterances cannot be spelled", async () => {
    const file = alwaysSaying("e", await loadModelFile(run("old")));
    const rejection = parseRejection({ weights: {}, bias: -9, threshold: 0.9 }, "test"); // of everything
    mkdirSync(run("strict"));
    writeFileSync(join(run("strict"), "model.safetensors"), writeModelFile({ ...file, rejection }));
    const test = join(folder, "greek.csv");
    const rows = readFileSync(manifests[0], "utf8");
    const [, clip] = /^(.*),.*,.*,test$/m.exec(rows)!;
    writeFileSync(test, `${rows}\n${clip},λόγος,x,test\n`);
    const given = settings({ initialModel: run("strict"), oldTest: { data: [test] } });
    await train({ manifests, settings: given, out: run("accepting") });
    const before = await ratesOf("strict");
    expect(before.cer).toBeLessThan(1);
    expect(tested()).toMatchObject([{ utterances: 2, leftOut: 1, before }]);
  });

  it("is not spoiled by a test that is gone when it ends", async () => {
    const old = join(folder, "old.csv");
    writeFileSync(old, readFileSync(manifests[0], "utf8"));
    const given = settings({ initialModel: run("old"), oldTest: { data: [old] } });
    const onEvent = (event: TrainingEvent) => {
      events.push(event);
      if (event.type === "epoch") rmSync(old);
    };
    await train({ manifests, settings: given, out: run("gone"), onEvent });
    expect(tested()).toEqual([]);
    expect(events.filter((event) => event.type === "warning").map(({ code }) => code)).toContain(
      "NO_OLD_TEST",
    );
    expect(events.at(-1)).toMatchObject({ type: "done" });
  });

  it("is not waited for by whoever pressed Ctrl-C", async () => {
    const controller = new AbortController();
    const given = settings({ initialModel: run("old"), oldTest: { data: manifests } });
    const onEvent = (event: TrainingEvent) => {
      events.push(event);
      if (event.type === "start") controller.abort(new Error("stop here"));
    };
    const attempt = train({
      manifests,
      settings: given,
      out: run("broken"),
      onEvent,
      signal: controller.signal,
    });
    await expect(attempt).rejects.toThrow("stop here");
    expect(tested()).toEqual([]);
  });
});
