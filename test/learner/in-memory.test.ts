// A learner's fits on data that is in memory: what they train on, what they read again, and what they leave on the disk.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { writeManifest } from "../../src/data/index.ts";
import { evaluate } from "../../src/evaluation/index.ts";
import { corpus, Learner, resume, train, type Corpus } from "../../src/learner/index.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import type { TrainingEvent } from "../../src/training/index.ts";
import { smallSettings, writeSmallManifest } from "../training/recordings.ts";

/** Paths that this thread's code gave to the file system. */
const touched: string[] = [];

vi.mock("node:fs/promises", async (original) => watched(await original<typeof import("node:fs/promises")>()));
vi.mock("node:fs", async (original) => watched(await original<typeof import("node:fs")>()));

/** The same functions, each of which notes the path that it is called with. */
function watched<Module extends object>(module: Module): Module {
  const entries = Object.entries(module).map(([name, member]): [string, unknown] => [
    name,
    typeof member === "function" && /^[a-z]/.test(name)
      ? (...parameters: unknown[]) => {
          if (typeof parameters[0] === "string") touched.push(parameters[0]);
          return (member as (...parameters: unknown[]) => unknown)(...parameters);
        }
      : member,
  ]);
  return Object.fromEntries(entries) as Module;
}

vi.mock("../../src/training/step/session.ts", async (original) =>
  (await import("./sessions-in-this-thread.ts")).sessionsInThisThread(original),
);

let folder: string;
let manifest: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "earshot-in-memory-"));
  manifest = writeSmallManifest(folder, { train: 8, dev: 3 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => void (touched.length = 0));

const path = (name: string) => join(folder, name);
const settings = () => smallSettings(folder);
const bytesOf = (file: string) => readFileSync(path(file));

/** Every other utterance of each split. */
async function half(): Promise<Corpus> {
  const data = await corpus(manifest);
  return { ...data, utterances: data.utterances.filter((_, index) => index % 2 === 0) };
}

async function withLearner(data: Corpus | string, work: (learner: Learner) => Promise<void>): Promise<void> {
  const learner = await Learner.create({ data, settings: settings(), quiet: true });
  await work(learner).finally(() => learner.close());
}

describe("a fit", () => {
  it("trains on the corpus as it is in memory, filtered: as on a manifest of those rows", async () => {
    const data = await half();
    await writeManifest(path("half.csv"), data.utterances);
    await train({ manifests: [path("half.csv")], settings: { ...settings(), epochs: 2 }, out: path("half") });
    await withLearner(data, async (learner) => {
      await learner.fit(2);
      await learner.save(path("half.safetensors"));
    });
    expect(bytesOf("half.safetensors").equals(bytesOf("half/model.safetensors"))).toBe(true);
  });

  it("trains on what the corpus has become since the last one", async () => {
    const data = await corpus(manifest);
    const utterances = [...data.utterances];
    const starts: number[] = [];
    const onEvent = (event: TrainingEvent) => {
      if (event.type === "start") starts.push(event.utterances);
    };
    const learner = await Learner.create({
      data: { ...data, utterances },
      settings: settings(),
      onEvent,
      quiet: true,
    });
    await learner.fit(1);
    utterances.splice(0, 2); // of the training split, which comes first
    await learner.fit(1);
    await learner.close();
    expect(starts).toEqual([8, 6]);
  });

  it("reads no manifest and touches no file of a run when it is not the first", async () => {
    await withLearner(manifest, async (learner) => {
      await learner.showBatch({ count: 1 });
      await learner.fit(1);
      expect(touched).toContain(manifest); // so that the watch is one
      touched.length = 0;
      await learner.fit(2);
      await learner.findLearningRate({ steps: 3 });
      const { cacheDirectory } = learner.settings.data;
      const elsewhere = [cacheDirectory, "/proc/"]; // the process's peak memory is read there
      const files = touched.filter((file) => !elsewhere.some((folder) => file.startsWith(folder)));
      expect(files).toEqual([]);
    });
  });

  it("is the same run whether the data was prepared for it or kept from the one before", async () => {
    await withLearner(manifest, async (learner) => {
      await learner.fit(1);
      await learner.save(path("first.safetensors"));
      await learner.fit(1);
      await learner.save(path("second.safetensors"));
    });
    const { network: _, features: __, ...others } = settings();
    const learner = await Learner.load(path("first.safetensors"), {
      data: manifest,
      settings: others,
      quiet: true,
    });
    await learner.fit(1);
    await learner.save(path("again.safetensors"));
    await learner.close();
    expect(bytesOf("second.safetensors").equals(bytesOf("again.safetensors"))).toBe(true);
  });
});

describe("a fit that diverges", () => {
  it("names no file and no run where it keeps none", async () => {
    const reasons: string[] = [];
    const onEvent = (event: TrainingEvent) => {
      if (event.type === "stop") reasons.push(event.reason);
    };
    const diverging = { ...settings(), schedule: { peak: 1e38 }, gradientCap: 1e30 };
    const learner = await Learner.create({ data: manifest, settings: diverging, onEvent, quiet: true });
    await expect(learner.fit(2)).rejects.toMatchObject({
      code: "DIVERGED",
      remedy: expect.not.stringMatching(/run\.json|--resume/) as string,
    });
    await learner.close();
    expect(reasons).toEqual([expect.stringMatching(/^the output of step \d+ is not finite \(.*\.mp3/)]);
  });
});

describe("measuring after a fit", () => {
  it.each(["utterance", "global", "speaker"] as const)(
    "gives what recordings that are read give, without reading them (normalization: %s)",
    async (normalization) => {
      const features = { ...settings().features, normalization };
      const own = { ...settings(), features };
      const learner = await Learner.create({ data: manifest, settings: own, quiet: true });
      await learner.fit(2);
      await learner.save(path("measured.safetensors"));
      const recognizer = await Recognizer.load(path("measured.safetensors"), { threads: 1 });
      const dev = learner.corpus.utterances.filter(({ split }) => split === "dev");
      const { pairs, failures, ...rates } = await evaluate(recognizer, dev);
      touched.length = 0;
      expect(await learner.validate()).toEqual({ ...rates, failures });
      expect(await learner.worst(3)).toEqual(pairs.toSorted((a, b) => b.loss - a.loss));
      expect(touched.filter((file) => dev.some((utterance) => utterance.path === file))).toEqual([]);
      await recognizer.close();
      await learner.close();
    },
  );
});

describe("the run of a fit in a folder", () => {
  const whole = async (name: string) =>
    withLearner(await half(), async (learner) => void (await learner.fit(3, { out: path(name) })));

  it("keeps a manifest of a corpus that was changed, so that it goes on with the same data", async () => {
    await whole("whole");
    await withLearner(await half(), async (learner) => {
      const controller = new AbortController();
      const stop = {
        name: "stop",
        epochEnd: ({ epoch }: { epoch: number }) => {
          if (epoch === 1) controller.abort(new Error("enough"));
        },
      };
      const fit = learner.fit(3, { out: path("stopped"), callbacks: [stop], signal: controller.signal });
      await expect(fit).rejects.toThrow("enough");
    });
    const { manifests } = JSON.parse(bytesOf("stopped/run.json").toString());
    expect(manifests).toEqual([path("stopped/manifest.csv")]);
    await resume({ directory: path("stopped") });
    expect(bytesOf("stopped/model.safetensors").equals(bytesOf("whole/model.safetensors"))).toBe(true);
  });

  it("names the manifests of a corpus that is as it was read", async () => {
    await withLearner(manifest, async (learner) => void (await learner.fit(1, { out: path("as-read") })));
    expect(JSON.parse(bytesOf("as-read/run.json").toString()).manifests).toEqual([manifest]);
    expect(existsSync(path("as-read/manifest.csv"))).toBe(false);
  });

  it("begins with the learner's weights also when it is resumed before its first epoch has ended", async () => {
    const data = await corpus(manifest);
    const finish = async (interrupt: boolean, out: string) => {
      const learner = await Learner.create({ data, settings: settings(), quiet: true });
      await learner.fit(1);
      const controller = new AbortController();
      const stop = { name: "stop", batchEnd: () => controller.abort(new Error("enough")) };
      const callbacks = interrupt ? [stop] : [];
      const fit = learner.fit(2, { out: path(out), callbacks, signal: controller.signal });
      if (interrupt) await expect(fit).rejects.toThrow("enough");
      else await fit;
      await learner.close();
      if (interrupt) await resume({ directory: path(out) });
    };
    await finish(false, "tuned");
    await finish(true, "tuned-resumed");
    expect(bytesOf("tuned-resumed/model.safetensors").equals(bytesOf("tuned/model.safetensors"))).toBe(true);
  });
});
