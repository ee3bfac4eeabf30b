import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadModelFile, readSafetensors } from "../../src/model/index.ts";
import { resumeRun, startRun, type TrainingEvent } from "../../src/training/index.ts";
import { resume, train } from "./in-this-thread.ts";
import { smallSettings, writeSmallManifest } from "./recordings.ts";

let folder: string;
let manifests: string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "earshot-run-"));
  manifests = [writeSmallManifest(folder, { train: 10, dev: 3 })];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (name: string) => join(folder, name);
const bytes = (name: string, file: string) => readFileSync(join(run(name), file));
const logOf = (name: string) =>
  readFileSync(join(run(name), "log.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as TrainingEvent);

/** Weights and optimizer state; the metadata holds times, which differ. */
const tensorsOf = (name: string) => readSafetensors(bytes(name, "checkpoint.safetensors"), name).tensors;

/** Trains until `batches` batches are done, then stops as Ctrl-C does. */
async function interruptAfter(batches: number, go: (options: object) => Promise<unknown>): Promise<void> {
  const controller = new AbortController();
  let seen = 0;
  const onEvent = ({ type }: TrainingEvent) => {
    if (type === "batch" && ++seen === batches) controller.abort(new Error("stop here"));
  };
  await expect(go({ signal: controller.signal, onEvent })).rejects.toThrow("stop here");
}

describe("a training run", () => {
  it("emits its events in order and ends with a model that carries its figures", async () => {
    const events: TrainingEvent[] = [];
    const settings = smallSettings(folder);
    const result = await startRun({
      manifests,
      settings,
      out: run("whole"),
      onEvent: (event) => events.push(event),
    });
    const types = events.map(({ type }) => type).filter((type, i, all) => type !== all[i - 1]);
    expect(types.slice(0, 4)).toEqual(["prepare", "start", "batch", "memory"]);
    expect(types.at(-1)).toBe("done");
    expect(events.filter(({ type }) => type === "epoch")).toHaveLength(3);
    const model = await loadModelFile(result.modelPath);
    expect(model.metrics).toEqual(result.metrics);
    expect(model.training).toMatchObject({ seed: 3, epochs: 3 });
    expect(logOf("whole").at(-1)).toMatchObject({ type: "done" });
  });

  it("repeats itself bit for bit from the same seed, and not from another", async () => {
    const settings = smallSettings(folder);
    await train({ manifests, settings, out: run("again") });
    await train({ manifests, settings: { ...settings, seed: 4 }, out: run("other") });
    expect(tensorsOf("again")).toEqual(tensorsOf("whole"));
    expect(bytes("again", "model.safetensors")).toEqual(bytes("whole", "model.safetensors"));
    expect(tensorsOf("other")).not.toEqual(tensorsOf("whole"));
  });

  it("interrupted twice in the middle of epochs and resumed, ends with the same weights and log", async () => {
    const settings = smallSettings(folder);
    await interruptAfter(2, (options) => startRun({ manifests, settings, out: run("broken"), ...options }));
    await interruptAfter(4, (options) => resumeRun({ directory: run("broken"), ...options }));
    await resumeRun({ directory: run("broken") });
    expect(tensorsOf("broken")).toEqual(tensorsOf("whole"));
    expect(bytes("broken", "model.safetensors")).toEqual(bytes("whole", "model.safetensors"));
    const steps = (name: string) =>
      logOf(name).flatMap((event) => (event.type === "batch" ? [event.step] : []));
    expect(steps("broken")).toEqual(steps("whole"));
    expect(logOf("broken").filter(({ type }) => type === "memory")).toHaveLength(1); // of the largest batch
  });

  it("goes on with a learning rate that was changed in its run.json, as DIVERGED advises", async () => {
    const settings = smallSettings(folder);
    await interruptAfter(2, (options) => train({ manifests, settings, out: run("lowered"), ...options }));
    const path = join(run("lowered"), "run.json");
    const file = JSON.parse(readFileSync(path, "utf8")) as { settings: { schedule: { peak: number } } };
    file.settings.schedule.peak /= 10;
    writeFileSync(path, JSON.stringify(file));
    await resume({ directory: run("lowered") });
    const rates = (name: string) =>
      logOf(name).flatMap((event) => (event.type === "batch" ? [event.learningRate] : []));
    const whole = rates("whole");
    expect(rates("lowered")).toEqual(whole.map((rate, i) => expect.closeTo(i < 2 ? rate : rate / 10, 12)));
  });

  it("interrupted while the dev split is measured and resumed, ends with the same weights and log", async () => {
    const controller = new AbortController();
    const events: TrainingEvent["type"][] = [];
    const onEvent = (event: TrainingEvent) => {
      events.push(event.type);
      if (event.type === "batch" && event.batch === event.batches)
        queueMicrotask(() => controller.abort(new Error("stop here"))); // after the loop has looked at the signal
    };
    const options = { manifests, settings: smallSettings(folder), signal: controller.signal, onEvent };
    await expect(train({ ...options, out: run("undecided") })).rejects.toThrow("stop here");
    expect(events).not.toContain("epoch");
    await resume({ directory: run("undecided") });
    expect(tensorsOf("undecided")).toEqual(tensorsOf("whole"));
    expect(logOf("undecided").filter(({ type }) => type === "epoch")).toHaveLength(3);
  });

  it("resumes from its beginning when it was stopped before the first checkpoint", async () => {
    await train({ manifests, settings: smallSettings(folder), out: run("early") });
    rmSync(join(run("early"), "checkpoint.safetensors"));
    const log = join(run("early"), "log.jsonl");
    const [before] = readFileSync(log, "utf8").split('{"type":"checkpoint"');
    writeFileSync(log, before);
    await resume({ directory: run("early") });
    expect(tensorsOf("early")).toEqual(tensorsOf("whole"));
  });

  it("drops what the checkpoint does not cover from the log, a cut line included", async () => {
    appendFileSync(join(run("early"), "log.jsonl"), '{"type":"batch","step":99999}\n{"type":"ba');
    await resume({ directory: run("early") });
    expect(logOf("early").some((event) => event.type === "batch" && event.step === 99999)).toBe(false);
  });

  it("stops early when the dev split does not improve", async () => {
    const events: TrainingEvent[] = [];
    const schedule = { peak: 1e-30 }; // moves no weight, so that the dev loss stays too
    const settings = { ...smallSettings(folder), epochs: 9, patience: 2, schedule };
    await train({ manifests, settings, out: run("patient"), onEvent: (event) => events.push(event) });
    expect(events.filter(({ type }) => type === "epoch")).toHaveLength(3);
    expect(events.find(({ type }) => type === "stop")).toMatchObject({
      reason: "no better dev WER in 2 epochs",
    });
  });

  it("learns with the paper's optimizer and schedule too", async () => {
    const settings = {
      ...smallSettings(folder),
      optimizer: { name: "nesterov" as const },
      schedule: { name: "annealed" as const, initial: 1e-4 },
    };
    await train({ manifests, settings, out: run("paper") });
    const losses = logOf("paper").flatMap((event) => (event.type === "epoch" ? [event.trainLoss] : []));
    expect(losses.at(-1)!).toBeLessThan(losses[0]);
  });
});

describe("a training run refuses", () => {
  const settings = () => smallSettings(folder);
  it("a folder that holds a run", async () => {
    await expect(train({ manifests, settings: settings(), out: run("whole") })).rejects.toMatchObject({
      code: "RUN_EXISTS",
      remedy: expect.stringContaining("--resume"),
    });
  });
  it("to leave a folder behind when the manifest does not exist", async () => {
    const attempt = train({
      manifests: [join(folder, "missing.csv")],
      settings: settings(),
      out: run("never"),
    });
    await expect(attempt).rejects.toMatchObject({ code: "MANIFEST_NOT_FOUND" });
    expect(existsSync(run("never"))).toBe(false);
  });
  it("to leave a folder behind, or to compute features, when the engine is absent", async () => {
    const events: TrainingEvent[] = [];
    const absent = process.platform === "win32" ? "coreml" : "dml";
    const attempt = train({
      manifests,
      settings: { ...settings(), engine: absent },
      out: run("runs/1"),
      onEvent: (event) => events.push(event),
    });
    await expect(attempt).rejects.toMatchObject({ code: "ENGINE_ABSENT" });
    expect(existsSync(run("runs"))).toBe(false);
    expect(events).toEqual([]);
  });
  it("to remove a folder that was there before", async () => {
    mkdirSync(run("mine"));
    const attempt = train({
      manifests,
      settings: { ...settings(), trainSplit: "trian" },
      out: run("mine/1"),
    });
    await expect(attempt).rejects.toMatchObject({ code: "EMPTY_CORPUS" });
    expect(readdirSync(run("mine"))).toEqual([]);
  });
  it("a split that has no rows, so that the corrected command can be given again", async () => {
    const mistaken = { ...settings(), epochs: 1, trainSplit: "trian" };
    await expect(train({ manifests, settings: mistaken, out: run("mistaken") })).rejects.toMatchObject({
      code: "EMPTY_CORPUS",
    });
    await train({ manifests, settings: { ...mistaken, trainSplit: "train" }, out: run("mistaken") });
    expect(logOf("mistaken").filter(({ type }) => type === "start")).toHaveLength(1);
  });
  it("to resume what is no run", async () => {
    await expect(resume({ directory: folder })).rejects.toMatchObject({ code: "NOT_A_RUN" });
  });
  it("to resume on other data", async () => {
    const copy = join(folder, "changing.csv");
    writeFileSync(copy, readFileSync(manifests[0]));
    await train({ manifests: [copy], settings: settings(), out: run("changing") });
    writeFileSync(copy, readFileSync(manifests[0], "utf8").split("\n").toSpliced(2, 1).join("\n"));
    await expect(resume({ directory: run("changing") })).rejects.toMatchObject({ code: "DATA_CHANGED" });
  });
  it("a checkpoint that is damaged, by name", async () => {
    writeFileSync(join(run("changing"), "checkpoint.safetensors"), "not a checkpoint");
    await expect(resume({ directory: run("changing") })).rejects.toMatchObject({ code: "NOT_A_MODEL" });
  });
});
