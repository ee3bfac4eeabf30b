import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { inSplit, type FrameTransform } from "../../src/data/index.ts";
import { evaluate } from "../../src/evaluation/index.ts";
import { loadModelFile, type ModelFile } from "../../src/model/index.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import { corpus, Learner, train, type FitOptions, type LearnerOptions } from "../../src/learner/index.ts";
import type { TrainingEvent } from "../../src/training/index.ts";
import { smallSettings, writeSmallManifest } from "../training/recordings.ts";

vi.mock("../../src/training/step/session.ts", async (original) =>
  (await import("./sessions-in-this-thread.ts")).sessionsInThisThread(original),
);

let folder: string;
let manifest: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "earshot-learner-"));
  manifest = writeSmallManifest(folder, { train: 8, dev: 3 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = (name: string) => join(folder, name);

/** Does something with a learner of the small corpus, and closes it. */
async function withLearner<Result>(
  options: Partial<LearnerOptions>,
  work: (learner: Learner) => Promise<Result>,
): Promise<Result> {
  const settings = { ...smallSettings(folder), ...options.settings };
  const learner = await Learner.create({ data: manifest, quiet: true, ...options, settings });
  return work(learner).finally(() => learner.close());
}

async function modelOf(learner: Learner): Promise<ModelFile> {
  await learner.save(path("now.safetensors"));
  return loadModelFile(path("now.safetensors"));
}

/** The layers in which two models differ. */
function changed(before: ModelFile, after: ModelFile): string[] {
  const names = [...after.weights.keys()].filter((name) => {
    const [old, now] = [before.weights.get(name)!.data, after.weights.get(name)!.data];
    return old.some((value, i) => value !== now[i]);
  });
  return [...new Set(names.map((name) => name.replace(/\..*/, "")))].toSorted();
}

describe("a learner", () => {
  it("fits as `train` does: the same model, bit for bit", async () => {
    await train({
      manifests: [manifest],
      settings: { ...smallSettings(folder), epochs: 2 },
      out: path("train"),
    });
    await withLearner({}, async (learner) => {
      const { epochs, metrics } = await learner.fit(2);
      expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
      await learner.save(path("learner.safetensors"));
      await expect(learner.save(path("nowhere/learner.safetensors"))).rejects.toMatchObject({
        code: "FILE_SYSTEM",
        where: path("nowhere/learner.safetensors"),
      });
      expect(metrics).toEqual((await loadModelFile(path("learner.safetensors"))).metrics);
    });
    const bytes = readFileSync(path("learner.safetensors"));
    expect(bytes.equals(readFileSync(path("train/model.safetensors")))).toBe(true);
  });

  it("keeps the run of a fit in the folder asked for, and nothing of others", async () => {
    const scratch = () => readdirSync(tmpdir()).filter((name) => name.startsWith("earshot-fit-"));
    const before = scratch();
    await withLearner({}, async (learner) => {
      await learner.fit(1, { out: path("kept") });
      await learner.fit(1);
      expect(learner.history).toHaveLength(2);
    });
    expect(existsSync(path("kept/log.jsonl"))).toBe(true);
    expect(scratch().filter((name) => !before.includes(name))).toEqual([]);
  });

  it("goes on from its weights, in all layers or in those that are not frozen", async () => {
    await withLearner({}, async (learner) => {
      await learner.fit(1);
      const first = await modelOf(learner);
      learner.freeze();
      await learner.fit(1, { learningRate: 1e-3 });
      const second = await modelOf(learner);
      expect(changed(first, second)).toEqual(["h6"]);
      learner.unfreeze();
      await learner.fitOneCycle(1, { peak: 1e-3 });
      expect(changed(second, await modelOf(learner))).toEqual(["h1", "h2", "h3", "h4", "h5", "h6"]);
    });
  });

  it("goes on from a model file, with its alphabet, features and network", async () => {
    await withLearner({ width: 16 }, async (learner) => {
      await learner.fit(1);
      await learner.save(path("first.safetensors"));
    });
    const { data, threads } = smallSettings(folder);
    const learner = await Learner.load(path("first.safetensors"), {
      data: await corpus(manifest),
      settings: { data, threads },
      quiet: true,
    });
    expect(changed(await loadModelFile(path("first.safetensors")), await modelOf(learner))).toEqual([]);
    await learner.fit(1);
    const { architecture } = await modelOf(learner);
    expect(architecture.network.width).toBe(16);
    await learner.close();
  });

  it("hears a corpus of a hundred utterances as the world would bring it, unless settings say otherwise", async () => {
    const few = await corpus(manifest);
    const data = { ...few, utterances: Array.from({ length: 20 }, () => few.utterances).flat() };
    const outcome = ({
      settings: {
        data: { augmentation },
        features,
      },
    }: Learner) =>
      // prettier-ignore
      [augmentation.preset, augmentation.timeMasks, features.normalization];
    const quiet = { data, quiet: true };
    await withLearner({ data, width: 16 }, async (learner) => {
      expect(outcome(learner)).toEqual(["real-world", 1, "speech"]);
      await learner.save(path("world.safetensors"));
    });
    await withLearner({}, async (learner) => expect(outcome(learner)).toEqual(["none", 1, "utterance"]));
    const plain = await Learner.create({ ...quiet, settings: { data: { augmentation: "none" } } });
    expect(outcome(plain)).toEqual(["none", 0, "utterance"]);
    await plain.save(path("plain.safetensors"));
    await plain.close();
    const loaded = await Learner.load(path("plain.safetensors"), quiet);
    expect(outcome(loaded)).toEqual(["real-world", 0, "utterance"]); // the features are the model's
    await loaded.close();
  });

  it("measures as the recognizer does, and lists the worst first", async () => {
    await withLearner({}, async (learner) => {
      const { wer, utterances } = await learner.validate();
      const model = await modelOf(learner);
      const recognizer = await Recognizer.load(model, { threads: 1 });
      const dev = inSplit(learner.corpus.utterances, "dev", manifest);
      const whole = await evaluate(recognizer, dev);
      expect({ wer, utterances }).toEqual({ wer: whole.wer, utterances: 3 });
      const worst = await learner.worst(2);
      const losses = whole.pairs.map(({ loss }) => loss).toSorted((a, b) => b - a);
      expect(worst.map(({ loss }) => loss)).toEqual([
        expect.closeTo(losses[0], 3),
        expect.closeTo(losses[1], 3),
      ]);
      const [{ utterance, hypothesis }] = await learner.showResults(1);
      expect((await learner.transcribe(utterance.path)).text).toBe(hypothesis);
      await recognizer.close();
    });
  });

  it("tells how its model bears what recordings go through", async () => {
    await withLearner({}, async (learner) => {
      const { wer, cer, words } = await learner.validate();
      const rows = await learner.stress("dev", { conditions: ["telephone", "zeros-1s"] });
      expect(rows.map(({ name }) => name)).toEqual(["clean", "zeros-1s", "telephone"]);
      expect(rows[0]).toMatchObject({ words, wer: expect.closeTo(wer, 1), cer: expect.closeTo(cer, 1) });
      await expect(learner.stress("dev", { conditions: ["telefone"] })).rejects.toThrow('"telephone"?');
      const mistyped = { condition: ["telephone"] } as object;
      await expect(learner.stress("dev", mistyped)).rejects.toMatchObject({ code: "UNKNOWN_SETTING" });
    });
  });

  it("normalizes by its own training set before the first fit", async () => {
    const features = { ...smallSettings(folder).features, normalization: "global" as const };
    await withLearner({ settings: { features } }, async (learner) => {
      expect(await learner.validate()).toMatchObject({ utterances: 3 });
      expect((await modelOf(learner)).statistics).toBeDefined();
    });
  });

  it("takes a schedule, a callback and a transform of one's own", async () => {
    const rates: number[] = [];
    const mute: FrameTransform = (frames) => (frames.data.fill(7), frames);
    await withLearner({ transforms: [mute] }, async (learner) => {
      const [{ frames }] = await learner.showBatch({ count: 1 });
      expect(new Set(frames.data)).toEqual(new Set([7]));
      const stopper = {
        name: "stop at once",
        batchEnd: ({ learningRate }: { learningRate: number }) => (rates.push(learningRate), "stop" as const),
      };
      await learner.fit(5, {
        schedule: ({ epoch, epochs }) => 1e-4 * (epochs - epoch),
        callbacks: [stopper],
      });
      expect(learner.showTrainingLoop([stopper])).toMatch(/batchEnd .*stop at once/);
    });
    expect(rates).toEqual([5e-4]);
  });

  it("refuses a rate of 0, and names a transform that gives other than frames", async () => {
    const halve: FrameTransform = (frames) => ({ ...frames, size: frames.size / 2 });
    await withLearner({ transforms: [halve] }, async (learner) => {
      await expect(learner.fit(1, { learningRate: 0 })).rejects.toThrow(
        /^learner.fit: learningRate: Expected number above 0/,
      );
      await expect(learner.showBatch()).rejects.toMatchObject({
        code: "SHAPE_MISMATCH",
        where: "transform halve",
      });
    });
  });

  it("finds a learning rate on a copy of its weights", async () => {
    await withLearner({}, async (learner) => {
      const before = await modelOf(learner);
      const { points, suggestion, lowest } = await learner.findLearningRate({ steps: 12, to: 0.5 });
      expect(points[0].learningRate).toBeCloseTo(1e-5, 12);
      expect(suggestion).toBeLessThanOrEqual(lowest);
      expect(changed(before, await modelOf(learner))).toEqual([]);
    });
  });

  it("walks a recording through every transform", async () => {
    await withLearner({}, async (learner) => {
      const steps = await learner.summary();
      expect(steps.map(({ name }) => name).join(" ")).toBe(
        "file samples features normalized augmented logits decoded transcript loss",
      );
      const shapes = new Map(steps.map(({ name, shape }) => [name, shape]));
      expect(shapes.get("features")![1]).toBe(40);
      expect(shapes.get("logits")).toEqual([Math.ceil(shapes.get("augmented")![0] / 2), 29]);
    });
  });

  it("stops at a signal with its reason, and keeps the weights that it had", async () => {
    const controller = new AbortController();
    const onEvent = ({ type }: TrainingEvent) => {
      if (type === "batch") controller.abort(new Error("enough"));
    };
    await withLearner({ onEvent }, async (learner) => {
      const before = await modelOf(learner);
      await expect(learner.fit(2, { signal: controller.signal })).rejects.toThrow("enough");
      expect(changed(before, await modelOf(learner))).toEqual([]);
      await expect(learner.validate("dev", { signal: controller.signal })).rejects.toThrow("enough");
    });
  });

  it("shows results on stdout and progress on stderr, unless it is to be quiet", async () => {
    const [out, err] = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, "write").mockImplementation(() => true),
    );
    const written = (spy: typeof out) => spy.mock.calls.map(([text]) => String(text)).join("");
    await withLearner({ quiet: true }, (learner) => learner.worst(1));
    expect(written(out) + written(err)).toBe("");
    await withLearner({ quiet: false }, async (learner) => {
      await learner.fit(1);
      await learner.worst(1);
    });
    const shown = { out: written(out), err: written(err) };
    vi.restoreAllMocks();
    expect(shown.out).toMatch(/\.mp3 {2}loss \d+\.\d\nref {2}/);
    expect(shown.err).toMatch(/epoch 1\/1 {2}loss/);
  });
});

describe("a learner refuses", () => {
  it("a split that is not there, and names the one that was meant", async () => {
    await expect(withLearner({ settings: { trainSplit: "trian" } }, async () => {})).rejects.toMatchObject({
      code: "UNKNOWN_SPLIT",
      remedy: 'Did you mean "train"?',
    });
    await withLearner({}, (learner) =>
      expect(learner.validate("def")).rejects.toMatchObject({
        code: "UNKNOWN_SPLIT",
        where: manifest,
        problem: 'No row has the split "def".',
        remedy: 'Did you mean "dev"?',
      }),
    );
  });

  it("a setting that does not exist", async () => {
    const network = { name: "deep-speech", widht: 16 };
    await expect(withLearner({ network }, async () => {})).rejects.toMatchObject({
      code: "UNKNOWN_SETTING",
      remedy: 'Did you mean "network.width"?',
    });
  });

  it("an option that does not exist, and tells which was meant", async () => {
    const create = (options: object) => withLearner(options, async () => {});
    await expect(create({ trasforms: [] })).rejects.toMatchObject({
      code: "UNKNOWN_SETTING",
      where: "Learner.create: trasforms",
      remedy: 'Did you mean "transforms"?',
    });
    await withLearner({}, async (learner) => {
      const mistyped: object = { learningRte: 1e-3 };
      await expect(learner.fit(1, mistyped)).rejects.toMatchObject({
        code: "UNKNOWN_SETTING",
        where: "learner.fit: learningRte",
        remedy: 'Did you mean "learningRate"?',
      });
      const twice = { learningRate: 1e-3, schedule: () => 1e-3 };
      await expect(learner.fit(1, twice)).rejects.toMatchObject({
        code: "INVALID_SETTING",
        where: "learner.fit",
        problem: "There are both a learningRate and a schedule, and each would set the rate.",
      });
      const high: object = { paek: 1e-3 };
      await expect(learner.fitOneCycle(1, high)).rejects.toMatchObject({ remedy: 'Did you mean "peak"?' });
    });
  });

  it("to begin without data, or with transforms that are no functions", async () => {
    const bare = Learner.create as (options?: object) => Promise<Learner>;
    const missing = {
      code: "INVALID_SETTING",
      where: "Learner.create: data",
      problem: "There is no corpus, nor the path of a manifest or a list of them.",
    };
    await expect(bare()).rejects.toMatchObject(missing);
    await expect(bare({})).rejects.toMatchObject(missing);
    await expect(bare({ data: manifest, transforms: ["louder"] })).rejects.toMatchObject({
      where: "Learner.create: transforms",
      problem: "It is not a list of functions.",
    });
  });

  it("a callback without a name, or with a moment that never comes", async () => {
    await withLearner({}, async (learner) => {
      const fit = (callbacks: unknown) => learner.fit(1, { callbacks } as FitOptions);
      await expect(fit({ name: "alone" })).rejects.toMatchObject({
        where: "learner.fit: callbacks",
        problem: "It is not a list of callbacks.",
      });
      await expect(fit([{ epochEnd: () => {} }])).rejects.toMatchObject({
        code: "INVALID_SETTING",
        where: "learner.fit: callbacks[0]: name",
        problem: "Expected non-empty text, but it is missing.",
      });
      await expect(fit([{ name: "log", epochEnds: () => {} }])).rejects.toMatchObject({
        code: "UNKNOWN_SETTING",
        where: "learner.fit: callbacks[0]: epochEnds",
        remedy: 'Did you mean "epochEnd"?',
      });
      await expect(fit([{ name: "log", afterEpoh: () => {} }])).rejects.toThrow(
        /Known here: name, fitStart, /,
      );
    });
  });

  it("a sweep that does not rise, and counts that count nothing", async () => {
    await withLearner({}, async (learner) => {
      await expect(learner.findLearningRate({ from: 0.1, to: 0.1 })).rejects.toMatchObject({
        code: "INVALID_SETTING",
        where: "learner.findLearningRate",
        problem: "The lowest rate, from, is not below the highest, to.",
      });
      await expect(learner.findLearningRate({ steps: 1 })).rejects.toMatchObject({
        where: "learner.findLearningRate: steps",
        problem: "Expected integer of at least 2, but it is 1.",
      });
      for (const method of ["worst", "showResults"] as const)
        await expect(learner[method](-1)).rejects.toMatchObject({
          code: "INVALID_SETTING",
          where: `learner.${method}: count`,
          problem: "Expected integer of at least 0, but it is -1.",
        });
      await expect(learner.showBatch({ count: 1.5 })).rejects.toMatchObject({
        where: "learner.showBatch: count",
        problem: "Expected integer of at least 0, but it is 1.5.",
      });
    });
  });

  it("a schedule that gives no number, before the weights are touched", async () => {
    await withLearner({}, async (learner) => {
      const schedule = () => NaN;
      await expect(learner.fit(1, { schedule })).rejects.toMatchObject({
        code: "INVALID_SETTING",
        where: "schedule",
        problem: "It gives NaN after 0 of 1 epochs, which is no learning rate.",
      });
    });
  });

  it("to freeze a layer that is not there, at once", async () => {
    await withLearner({}, async (learner) => {
      expect(() => learner.freeze("h9")).toThrow(/no layer and no weight named "h9"/);
    });
  });

  it("two things at a time", async () => {
    await withLearner({}, async (learner) => {
      const first = learner.validate();
      await expect(learner.fit(1)).rejects.toMatchObject({
        code: "LEARNER_BUSY",
        problem: "The learner is at work: it does one thing at a time, since its weights are one.",
        remedy: "Await what it does before the next call, or stop it by its signal.",
      });
      await first;
    });
  });

  it("to work once it is closed", async () => {
    const learner = await withLearner({}, async (open) => open);
    await learner.close(); // again: nothing happens
    for (const method of ["freeze", "unfreeze", "showTrainingLoop"] as const)
      expect(() => learner[method]()).toThrow("The learner is closed.");
    await expect(learner.transcribe("a.wav")).rejects.toMatchObject({
      code: "LEARNER_CLOSED",
      problem: "The learner is closed.",
      remedy: "Call close() last; saved weights come back with Learner.load.",
    });
  });
});
