// Callbacks in whole runs: what they are told, what they may do, and that a resumed run is the uninterrupted one.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadModelFile, readSafetensors } from "../../src/model/index.ts";
import type { Callback, LoopEvent, TrainingEvent } from "../../src/training/index.ts";
import { resume, train } from "./in-this-thread.ts";
import { smallSettings, writeSmallManifest } from "./recordings.ts";

let folder: string;
let manifests: string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "earshot-run-callbacks-"));
  manifests = [writeSmallManifest(folder, { train: 10, dev: 3 })];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (name: string) => join(folder, name);
const checkpointOf = (name: string) =>
  readSafetensors(readFileSync(join(run(name), "checkpoint.safetensors")), name);
const eventsOf = (name: string) =>
  readFileSync(join(run(name), "log.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as TrainingEvent);
const logged = <Type extends TrainingEvent["type"]>(name: string, type: Type) =>
  eventsOf(name).filter((event): event is Extract<TrainingEvent, { type: Type }> => event.type === type);

/** Everything that has a state: plateau, best checkpoints, accumulation, averaging. */
const busySettings = () => ({
  ...smallSettings(folder),
  epochs: 4,
  accumulate: 2,
  average: { from: 0.3 },
  plateau: { patience: 1, factor: 0.1 },
  schedule: { peak: 0.3 }, // too much, so that there are plateaus
  keep: 2,
  log: ["csv" as const, "tensorboard" as const],
});

/** Stops after so many updates, as Ctrl-C does. */
async function interruptAfter(updates: number, go: (options: object) => Promise<unknown>): Promise<void> {
  const controller = new AbortController();
  let seen = 0;
  const batchEnd = () => void (++seen === updates && controller.abort(new Error("stop here")));
  const callbacks: Callback[] = [{ name: "interruption", batchEnd }];
  await expect(go({ signal: controller.signal, callbacks })).rejects.toThrow("stop here");
}

describe("a run with callbacks", () => {
  it("calls them at every event in its order", async () => {
    const told: string[] = [];
    const names: LoopEvent[] = [
      "fitStart",
      "epochStart",
      "batchStart",
      "batchEnd",
      "devEnd",
      "epochEnd",
      "fitEnd",
    ];
    const note = (name: LoopEvent) => [
      name,
      ({ epoch, step }: { epoch: number; step: number }) => void told.push(`${name} ${epoch} ${step}`),
    ];
    const callback = { name: "notes", ...Object.fromEntries(names.map(note)) } as Callback;
    const settings = { ...smallSettings(folder), epochs: 1, accumulate: 3 };
    await train({ manifests, settings, out: run("told"), callbacks: [callback] });
    expect(told).toEqual([
      "fitStart 0 0",
      "epochStart 1 0",
      "batchStart 1 0",
      "batchEnd 1 1",
      "batchStart 1 1",
      "batchEnd 1 2",
      "devEnd 1 2",
      "epochEnd 1 2",
      "fitEnd 1 2",
    ]);
  });

  it("gives them the batch as the network was given it, and what became of the dev split", async () => {
    const frames: number[] = [];
    const evaluated: string[] = [];
    const texts: string[] = [];
    const callback: Callback = {
      name: "look",
      async batchStart({ load, utterances }) {
        const [batch] = await load();
        frames.push(batch.frames.length);
        expect(batch.labels).toEqual(utterances.map(({ labels }) => labels));
        texts.push(...utterances.map(({ text, transcript }) => (text === transcript ? "one" : "joined")));
      },
      async batchEnd({ load, losses }) {
        const [batch] = await load();
        expect(batch.frames).toHaveLength(frames.at(-1)!);
        expect(losses).toHaveLength(batch.B);
      },
      devEnd: (dev) => void evaluated.push(...dev.utterances.map(({ reference }) => reference)),
    };
    const settings = { ...smallSettings(folder), epochs: 1 };
    await train({ manifests, settings, out: run("look"), callbacks: [callback] });
    expect(frames).toHaveLength(4);
    expect(new Set(texts)).toEqual(new Set(["one", "joined"]));
    expect(evaluated).toHaveLength(3);
  });

  it("stops in the middle of an epoch when one asks to, with a model and a checkpoint to go on from", async () => {
    const callback: Callback = { name: "enough", batchEnd: ({ step }) => (step === 2 ? "stop" : undefined) };
    const { modelPath } = await train({
      manifests,
      settings: smallSettings(folder),
      out: run("enough"),
      callbacks: [callback],
    });
    expect((await loadModelFile(modelPath)).metrics).toEqual({});
    expect(logged("enough", "stop")).toMatchObject([{ reason: "asked by enough" }]);
    await resume({ directory: run("enough") });
    expect(logged("enough", "epoch")).toHaveLength(3);
  });

  it("tells how the layers do before each epoch's figures", async () => {
    await train({ manifests, settings: busySettings(), out: run("busy") });
    const types = eventsOf("busy").map(({ type }) => type);
    types.forEach((type, i) => expect(type === "epoch").toBe(types[i - 1] === "layers"));
    const [{ epoch, step, layers }] = logged("busy", "layers");
    expect({ epoch, step }).toEqual({ epoch: 1, step: 2 });
    const names = ["h1", "h2", "h3", "h4", "h4.forward", "h4.backward", "h5", "h6"];
    expect(layers.map(({ name }) => name)).toEqual(names);
    const { gradientNorm } = logged("busy", "batch")[1];
    expect(Math.hypot(...layers.map((layer) => layer.gradientNorm))).toBeCloseTo(gradientNorm, 4);
    for (const { name, zeroShare } of layers)
      expect(zeroShare === undefined).toBe(["h4", "h6"].includes(name));
  });

  it("measures the averaged weights beside the others and keeps the better as the model", async () => {
    const epochs = logged("busy", "epoch");
    expect(epochs.map(({ average }) => average !== undefined)).toEqual([false, true, true, true]);
    const { metrics } = await loadModelFile(join(run("busy"), "model.safetensors"));
    const wers = epochs.flatMap(({ devWer, average }) => [devWer!, average?.devWer ?? 1]);
    expect(metrics.devWer).toBe(Math.min(...wers));
    const losses = epochs
      .flatMap((epoch) => [epoch, epoch.average ?? epoch])
      .flatMap(({ devWer, devLoss }) => (devWer === metrics.devWer ? [devLoss!] : []));
    expect(metrics.devLoss).toBe(Math.min(...losses)); // at a tie of the WER
  });

  it("lowers the learning rate on plateaus, keeps the best models, and writes the logs asked for", () => {
    const rates = logged("busy", "batch").map(({ learningRate }) => learningRate);
    expect(Math.max(...rates) / rates.at(-1)!).toBeGreaterThan(100);
    expect(readdirSync(join(run("busy"), "best"))).toHaveLength(2);
    expect(
      readFileSync(join(run("busy"), "log.csv"), "utf8")
        .trimEnd()
        .split("\n"),
    ).toHaveLength(5);
    expect(readdirSync(join(run("busy"), "tensorboard"))).toHaveLength(1);
  });

  it("ends the same, bit for bit, when it is interrupted and resumed", async () => {
    const settings = busySettings();
    await interruptAfter(3, (options) => train({ manifests, settings, out: run("broken"), ...options }));
    await interruptAfter(4, (options) => resume({ directory: run("broken"), ...options }));
    await resume({ directory: run("broken") });
    expect(checkpointOf("broken").tensors).toEqual(checkpointOf("busy").tensors);
    const read = (name: string, file: string) => readFileSync(join(run(name), file));
    for (const file of ["model.safetensors", "log.csv"])
      expect(read("broken", file)).toEqual(read("busy", file));
    expect(readdirSync(join(run("broken"), "best"))).toEqual(readdirSync(join(run("busy"), "best")));
    expect(logged("broken", "layers")).toEqual(logged("busy", "layers"));
    const { callbacks, learningRateFactor } = JSON.parse(checkpointOf("busy").metadata.progress);
    expect(JSON.parse(checkpointOf("broken").metadata.progress)).toMatchObject({
      callbacks,
      learningRateFactor,
    });
  });

  it("fine-tunes a model on a frozen beginning", async () => {
    const initialModel = join(run("busy"), "model.safetensors");
    const settings = { ...smallSettings(folder), epochs: 1, initialModel, freeze: ["h1", "h2"] };
    const { modelPath } = await train({ manifests, settings, out: run("tuned") });
    const [before, after] = [await loadModelFile(initialModel), await loadModelFile(modelPath)];
    expect(after.weights.get("h1.weight")).toEqual(before.weights.get("h1.weight"));
    expect(after.weights.get("h3.weight")).not.toEqual(before.weights.get("h3.weight"));
    expect(logged("tuned", "layers")[0].layers[0].gradientNorm).toBe(0);
  });

  it("saves the batch of a gradient that is not finite, and stops when asked to", async () => {
    const settings = {
      ...smallSettings(folder),
      stopOnNaN: true,
      schedule: { peak: 1e30 },
      gradientCap: 1e30,
    };
    await train({ manifests, settings, out: run("diverged") }).catch((error: unknown) => {
      expect(error).toMatchObject({ code: "DIVERGED" });
    });
    expect(readdirSync(join(run("diverged"), "not-finite")).length).toBeGreaterThanOrEqual(2);
    expect(logged("diverged", "stop")[0].reason).toMatch(
      /is not finite; its batch is saved in .*safetensors/,
    );
  });
});
