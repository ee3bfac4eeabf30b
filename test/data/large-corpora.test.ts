import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import {
  augmentationSettings,
  dataSettings,
  featuresInThisThread,
  FeatureStore,
  PreparedCorpus,
} from "../../src/data/index.ts";
import { addedSamples, chooseEffects, chooseLengthening } from "../../src/data/augmentation/index.ts";
import { labelUtterances } from "../../src/data/corpus/prepare.ts";
import { hashOfRecordings } from "../../src/data/corpus/recordings-hash.ts";
import { locateRecordings } from "../../src/data/features/recording.ts";
import { featureSettings } from "../../src/audio/index.ts";
import { memoryFolder } from "../../src/platform/index.ts";
import { RandomStream } from "../../src/random.ts";
import { Alphabet, transcriptPolicy } from "../../src/text/index.ts";
import { temporaryFolder, writeNoise } from "./recordings.ts";

const utterance = (path: string, transcript: string) => ({
  path,
  transcript,
  speaker: "",
  split: "train",
  where: `m.csv:${path}`,
});

describe("utterances by the hundred thousand", () => {
  it("hold their text and no labels, which are made of it each time", () => {
    const alphabet = Alphabet.english();
    const [spelled] = labelUtterances(
      [utterance("a.wav", "Yes")],
      alphabet,
      transcriptPolicy.parse({}),
    ).utterances;
    expect(Object.keys(spelled)).not.toContain("labels");
    expect(spelled.labels).not.toBe(spelled.labels);
    const measured = spelled.measured({ path: "a.wav", bytes: 1, modifiedMs: 2 }, []);
    expect(measured).toMatchObject({ text: "yes", bytes: 1, modifiedMs: 2, variants: [] });
    expect(measured.labels).toEqual(alphabet.encode("yes"));
  });

  it("have the digest of the JSON of their labels and lengths, in whatever parts it is made", () => {
    const random = new RandomStream("digest");
    const many = Array.from({ length: 300 }, (_, i) => ({
      labels: Int32Array.from({ length: i === 7 ? 40_000 : random.integer(400) }, () => {
        return random.integer([10, 11, 100, 101, 30_000, 2 ** 31][random.integer(6)]);
      }),
      variants: [1, 0.9].map((speed) => ({ speed, tempo: 1, frames: random.integer(3000), seconds: 1 })),
    }));
    const plain = createHash("sha256").update("of sounds").update("own: 299");
    for (const { labels, variants } of many) {
      const lengths = variants.map(({ speed, tempo, frames }) => [speed, tempo, frames]);
      plain.update(JSON.stringify([[...labels], lengths]));
    }
    const opened = { sounds: {}, digest: "of sounds", warnings: [] };
    expect(hashOfRecordings({ own: 299, opened }, many)).toBe(plain.digest("hex"));
  });

  it("are looked up in their order, and whatever is no file says why in its place", async () => {
    const folder = temporaryFolder();
    const paths = Array.from({ length: 100 }, (_, i) => join(folder, `${i}.wav`));
    for (const [i, path] of paths.entries()) writeFileSync(path, "x".repeat(i));
    const found = await locateRecordings([...paths, join(folder, "none.wav"), folder, "a\0b"]);
    expect(found.slice(0, 100).map((each) => ("bytes" in each ? each.bytes : each))).toEqual([
      ...paths.keys(),
    ]);
    expect(found.slice(100)).toMatchObject([
      { code: "RECORDING_NOT_FOUND" },
      { code: "UNREADABLE_RECORDING", problem: expect.stringContaining("not a regular file") },
      { code: "UNREADABLE_RECORDING" },
    ]);
    expect(await locateRecordings([])).toEqual([]);
  });
});

describe("an epoch of a large corpus", () => {
  it("is planned by as many samples as its effects add, though nothing else is drawn", () => {
    const settings = augmentationSettings.parse({
      share: 0.8,
      wordless: { probability: 0.3 },
      joined: { probability: 0.5 },
      surroundings: { probability: 0.5 },
      babble: { probability: 0.5 },
      shiftMs: 5,
    });
    const join = () => ({ path: "b.wav", samples: 16_000, text: "no", frames: 100, seconds: 1 });
    const sounds = { babble: ["a.wav", "b.wav"], joined: { among: () => [0, 1, 2], join } };
    const added = Array.from({ length: 500 }, (_, index) => {
      const occasion = { seed: 1, epoch: 1, utterance: index, rampEpochs: 2 };
      const all = chooseEffects(settings, sounds, occasion);
      const lengthening = chooseLengthening(settings, sounds, occasion);
      expect(addedSamples(lengthening)).toBe(addedSamples(all));
      for (const [name, choice] of Object.entries(lengthening)) expect(all).toHaveProperty(name, choice);
      return addedSamples(all);
    });
    expect(added.filter((samples) => samples > 16_000).length).toBeGreaterThan(50);
    expect(added.filter((samples) => samples === 0).length).toBeGreaterThan(50);
  });

  it("is planned once where its plan is given, and lengths that are known cost no measuring", async () => {
    const folder = temporaryFolder();
    const utterances = ["yes", "no", "go"].map((text, i) =>
      utterance(writeNoise(folder, `${i}.wav`, 0.3), text),
    );
    const settings = dataSettings.parse({ maxUtterances: 1, sortaGrad: false });
    const cache = memoryFolder();
    const open = async () => {
      const place = { workers: 1, cacheDirectory: "", cacheMegabytes: 1 };
      const options = { cache, startWorker: featuresInThisThread };
      const store = await FeatureStore.open(featureSettings.parse({}), place, () => undefined, options);
      const measuring = vi.spyOn(store, "measure");
      const corpus = await PreparedCorpus.open({
        store,
        utterances,
        alphabet: Alphabet.english(),
        transcript: transcriptPolicy.parse({}),
        settings,
        outputSteps: (frames) => frames,
      });
      return { corpus, store, measured: measuring.mock.calls.length };
    };
    const first = await open();
    expect(first.measured).toBe(3);
    await first.store.close();
    const { corpus, store, measured } = await open();
    expect(measured).toBe(0);
    const planning = vi.spyOn(corpus, "plan");
    const given: number[][] = [];
    for await (const { indices } of corpus.epoch({ epoch: 0, seed: 1, plan: [[2], [0, 1]] }))
      given.push([...indices]);
    expect(given).toEqual([[2], [0, 1]]);
    expect(planning).not.toHaveBeenCalled();
    await store.close();
  });
});
