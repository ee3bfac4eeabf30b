// A run with a replay: interrupted anywhere it goes on as if it had never stopped, and mistakes in it leave no folder behind.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeModelFile } from "../../src/model/index.ts";
import { memoryFolder } from "../../src/platform/index.ts";
import { startRun, type TrainingEvent } from "../../src/training/index.ts";
import { untrainedModel } from "../model/small-model.ts";
import { remains, smallRun, startWorker, trainIn, type SmallRun } from "./memory-run.ts";
import { MANIFEST } from "./recordings.ts";

let folder: string;
let small: SmallRun;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "earshot-replay-"));
  const replay = { data: [relative(process.cwd(), MANIFEST)], split: "dev", share: 0.4 };
  small = await smallRun(folder, { train: 6, dev: 2 }, { epochs: 2, layerRates: { h1: 0.5 }, replay });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a run with a replay", () => {
  it("hears its share in each epoch, and continued after any batch it is the uninterrupted run", async () => {
    const events: TrainingEvent[] = [];
    const whole = memoryFolder();
    await trainIn(whole, small, { onEvent: (event) => void events.push(event) });
    const start = events.find((event) => event.type === "start");
    expect(start).toMatchObject({ utterances: 6, devUtterances: 2, replay: { inEpoch: 4 } });
    const batches = events.filter((event) => event.type === "batch");
    expect(new Set(batches.map((event) => event.batches)).size).toBeGreaterThan(0);
    for (const after of [1, batches[0].batches + 1]) {
      const controller = new AbortController();
      let seen = 0;
      const onEvent = ({ type }: TrainingEvent) => {
        if (type === "batch" && ++seen === after) controller.abort(new Error("stop here"));
      };
      const broken = memoryFolder();
      await expect(trainIn(broken, small, { signal: controller.signal, onEvent })).rejects.toThrow(
        "stop here",
      );
      await trainIn(broken, small);
      expect(await remains(broken)).toEqual(await remains(whole));
    }
  });

  it("keeps the place of its manifests, so that it is resumed from anywhere", async () => {
    const kept = memoryFolder();
    const controller = new AbortController();
    const onEvent = ({ type }: TrainingEvent) => type === "start" && controller.abort(new Error("stop here"));
    await trainIn(kept, small, { signal: controller.signal, onEvent }).catch(() => undefined);
    const { settings } = JSON.parse(new TextDecoder().decode(await kept.read("run.json"))) as {
      settings: { replay: { data: string[] } };
    };
    expect(settings.replay.data).toEqual([MANIFEST]);
  });

  it.each([
    [
      { replay: { data: [MANIFEST], split: "trian" } },
      { code: "UNKNOWN_SPLIT", remedy: 'Did you mean "train"?' },
    ],
    [
      { oldTest: { data: [MANIFEST], split: "tset" } },
      { code: "UNKNOWN_SPLIT", remedy: 'Did you mean "test"?' },
    ],
    [
      { oldTest: { data: ["/nowhere/old.csv"] } },
      { where: expect.stringContaining("/nowhere/old.csv") as unknown },
    ],
    [{ replay: { data: [MANIFEST], share: 1 } }, { code: "INVALID_SETTING" }],
    [{ layerRates: { h99: 2 } }, { code: "UNKNOWN_LAYER" }],
  ])("refuses %o before it begins", async (settings, error) => {
    const out = join(folder, "refused");
    const given = { epochs: 1, data: { cacheDirectory: join(folder, "cache") }, report: false, ...settings };
    const run = startRun({ manifests: small.manifests, settings: given, out, startWorker });
    await expect(run).rejects.toMatchObject(error);
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    ["the replay", /^This is a transcript of the replay/],
    ["training", /--set alphabet=extended\.$/],
  ])("says of a transcript of %s that it cannot spell what helps", async (place, remedy) => {
    const clip = join(MANIFEST, "..", "train/sally-0001.mp3");
    const own = join(folder, `greek ${place}.csv`);
    writeFileSync(own, `path,transcript,split\n${clip},λόγος,${place === "training" ? "train" : "dev"}\n`);
    writeFileSync(join(folder, "initial.safetensors"), writeModelFile(untrainedModel()));
    const settings = {
      epochs: 1,
      initialModel: join(folder, "initial.safetensors"),
      data: { cacheDirectory: join(folder, "cache") },
      ...(place === "the replay" && { replay: { data: [own], split: "dev" } }),
    };
    const manifests = place === "training" ? [own] : small.manifests;
    const run = startRun({ manifests, settings, out: join(folder, "unspelled"), startWorker });
    await expect(run).rejects.toMatchObject({
      code: "UNKNOWN_SYMBOL",
      remedy: expect.stringMatching(remedy) as string,
    });
  });

  it("does not write into what it replays", async () => {
    const before = readFileSync(MANIFEST, "utf8");
    const out = join(folder, "replayed");
    mkdirSync(out);
    writeFileSync(join(out, "log.jsonl"), before);
    const settings = { replay: { data: [join(out, "log.jsonl")] } };
    await expect(startRun({ manifests: small.manifests, settings, out })).rejects.toMatchObject({
      code: "OUTPUT_IS_INPUT",
    });
    expect(readFileSync(join(out, "log.jsonl"), "utf8")).toBe(before);
  });
});
