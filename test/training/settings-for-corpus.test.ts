// A corpus that is worth it is heard as the world would bring it, unless somebody says otherwise; what was decided is the run's.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { augmentationPresets, type Utterance } from "../../src/data/index.ts";
import { loadModelFile } from "../../src/model/index.ts";
import { checkBesideModel, settingsForCorpus, type TrainingEvent } from "../../src/training/index.ts";
import { temporaryFolder, writeNoise } from "../data/recordings.ts";
import { resume, train } from "./in-this-thread.ts";

const utterances = (count: number, split = "train"): Utterance[] =>
  Array.from({ length: count }, (_, line) => ({
    path: "/a.wav",
    transcript: "a",
    speaker: "",
    split,
    where: `m.csv:${line}`,
  }));

const decided = (input: object | undefined, count: number) => {
  const all = [...utterances(count), ...utterances(200, "dev")];
  return settingsForCorpus(checkBesideModel(undefined, input, "test"), all);
};
/** What is decided of them, with one effect of the preset. */
const outcome = (input: object | undefined, count: number) => {
  const { data, features } = decided(input, count);
  return [data.augmentation.preset, data.augmentation.room.probability, features.normalization];
};
const augmented = (augmentation: unknown) => ({ data: { augmentation } });
const { room } = augmentationPresets["real-world"];
const CLEAN = ["none", 0, "utterance"];
const WORLD = ["real-world", room.probability, "speech"];

describe("the settings for a corpus", () => {
  it("have the world's augmentation and normalization by speech from 100 training utterances on", () => {
    expect(outcome({}, 99)).toEqual(CLEAN);
    expect(outcome({}, 100)).toEqual(WORLD);
    expect(outcome(undefined, 100)).toEqual(WORLD);
    expect(outcome({ trainSplit: "dev" }, 0)).toEqual(WORLD);
    expect(decided({}, 100)).toEqual(
      checkBesideModel(
        undefined,
        { ...augmented("real-world"), features: { normalization: "speech" } },
        "test",
      ).settings,
    );
  });

  it("have whichever preset is named, and auto as none is", () => {
    expect(outcome(augmented("none"), 100)).toEqual(CLEAN);
    expect(outcome(augmented({ preset: "none" }), 100)).toEqual(CLEAN);
    expect(outcome(augmented("real-world"), 1)).toEqual(WORLD);
    expect(outcome(augmented("auto"), 100)).toEqual(WORLD);
    expect(outcome(augmented({ preset: "auto" }), 99)).toEqual(CLEAN);
  });

  it("have a loss between several recurrent layers of a network that begins from nothing", () => {
    const heads = (network: object, intermediate?: object) =>
      decided({ network, intermediate }, 1).intermediate.heads;
    expect(heads({ recurrentLayers: 2 })).toBe(1);
    expect(heads({ name: "deep-speech-streaming" })).toBe(1);
    expect(heads({ recurrentLayers: 1 })).toBe(0);
    expect(heads({ name: "transformer" })).toBe(0);
    expect(heads({ recurrentLayers: 2 }, { heads: 0 })).toBe(0);
    expect(heads({ recurrentLayers: 4 }, { heads: 2 })).toBe(2);
    expect(heads({ recurrentLayers: 2 }, { weight: 0 })).toBe(0);
    expect(heads({ recurrentLayers: 3, selfConditioning: 1 })).toBe(0);
  });

  it("keep every single setting that was given", () => {
    expect(outcome(augmented({ room: { probability: 0 } }), 100)).toEqual(["real-world", 0, "speech"]);
    expect(outcome(augmented({ timeMasks: 2 }), 100)).toEqual(WORLD);
    expect(decided(augmented({ timeMasks: 2, speeds: [1] }), 100).data.augmentation).toMatchObject({
      timeMasks: 2,
      speeds: [1],
      room,
    });
    expect(outcome({ features: { normalization: "utterance" } }, 100)).toEqual([
      "real-world",
      room.probability,
      "utterance",
    ]);
    expect(decided({ features: { bins: 40 } }, 100).features).toMatchObject({
      bins: 40,
      normalization: "speech",
    });
    expect(decided({ data: { workers: 3 }, epochs: 7 }, 100)).toMatchObject({
      data: { workers: 3 },
      epochs: 7,
    });
  });

  it("leave cepstra what they can bear: no other microphone, and each utterance by itself", () => {
    for (const preset of ["auto", "real-world"]) {
      const { data, features } = decided({ features: { kind: "mfcc" }, ...augmented(preset) }, 100);
      expect(data.augmentation).toMatchObject({ preset: "real-world", microphoneDb: 0, room });
      expect(features.normalization).toBe("utterance");
    }
    const given = { features: { kind: "mfcc" }, ...augmented({ microphoneDb: 3 }) };
    expect(decided(given, 100).data.augmentation.microphoneDb).toBe(3); // and training refuses it
  });

  it("let a network that follows live speech do so: by what came before", () => {
    const network = { name: "deep-speech-forward" };
    expect(outcome({ network }, 100)).toEqual(["real-world", room.probability, "causal"]);
    expect(outcome({ network }, 99)).toEqual(CLEAN);
    expect(outcome({ network, features: { normalization: "global" } }, 100)[2]).toBe("global");
  });

  it("are what they are where all were filled in before", () => {
    const { settings } = checkBesideModel(undefined, {}, "test");
    expect(outcome(settings, 100)).toEqual(CLEAN);
    const resolved = decided({}, 100);
    expect(decided(resolved, 3)).toEqual(resolved);
  });
});

describe("a run", () => {
  const folder = temporaryFolder();
  const path = (name: string) => join(folder, name);
  const manifestOf = (count: number) => {
    const rows = Array.from({ length: count }, (_, i) => `${i % 2}.wav,a,x,train`);
    writeFileSync(path(`${count}.csv`), ["path,transcript,speaker,split", ...rows].join("\n"));
    return [path(`${count}.csv`)];
  };
  for (const name of ["0.wav", "1.wav"]) writeNoise(folder, name, 0.3);
  const settings = {
    epochs: 1,
    threads: 1,
    report: false,
    network: { width: 8, context: 1 },
    features: { bins: 10 },
    data: { workers: 1, cacheDirectory: path("cache") },
  };
  const runFile = (out: string) =>
    JSON.parse(readFileSync(join(path(out), "run.json"), "utf8")) as { settings: unknown };
  const keeps = (preset: string, normalization: string) => ({
    settings: { data: { augmentation: { preset } }, features: { normalization } },
  });
  const startOf = (events: readonly TrainingEvent[]) => events.find(({ type }) => type === "start");

  it("keeps what was decided, says so, and goes on with it", async () => {
    const controller = new AbortController();
    const manifests = manifestOf(100);
    const events: TrainingEvent[] = [];
    const onEvent = (event: TrainingEvent) => {
      events.push(event);
      if (event.type === "batch") controller.abort();
    };
    const { signal } = controller;
    const stopped = train({ manifests, settings, out: path("world"), signal, onEvent });
    await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
    expect(runFile("world")).toMatchObject(keeps("real-world", "speech"));
    expect(startOf(events)).toMatchObject({ augmentation: "real-world", step: 0 });
    const later: TrainingEvent[] = [];
    await resume({ directory: path("world"), onEvent: (event) => later.push(event) });
    expect(startOf(later)).toMatchObject({ augmentation: "real-world", step: 1 });
    expect(readFileSync(path("world/log.jsonl"), "utf8")).toContain('"augmentation":"real-world"');
    const { features, statistics } = await loadModelFile(path("world"));
    expect([features.normalization, statistics]).toEqual(["speech", expect.anything()]);
  });

  it("of few utterances is heard as it is, and one that begins with its model keeps the model's features", async () => {
    const events: TrainingEvent[] = [];
    await train({
      manifests: manifestOf(99),
      settings,
      out: path("trial"),
      onEvent: (one) => events.push(one),
    });
    expect(runFile("trial")).toMatchObject(keeps("none", "utterance"));
    expect(startOf(events)).toMatchObject({ augmentation: "none" });
    const { features: _, ...others } = settings;
    const tuned = { ...others, initialModel: path("trial") };
    await train({ manifests: manifestOf(100), settings: tuned, out: path("tuned") });
    expect(runFile("tuned")).toMatchObject(keeps("real-world", "utterance"));
  });
});
