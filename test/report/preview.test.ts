// The page of a preview: what is chosen is what training chooses, and a page that needs nothing else shows it.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { featureSettings } from "../../src/audio/index.ts";
import { chooseEffects } from "../../src/data/augmentation/index.ts";
import { augmentationSettings, AugmentationPreview, FeatureStore } from "../../src/data/index.ts";
import { describeVariant } from "../../src/report/preview-page.ts";
import { writePreview } from "../../src/report/index.ts";
import { temporaryFolder, writeNoise } from "../data/recordings.ts";
import { readHtml } from "./well-formed.ts";

const folder = temporaryFolder();
const noises = join(folder, "noises");
const path = writeNoise(folder, "speech.wav", 0.4);
const settings = augmentationSettings.parse({
  speeds: [0.9, 1.1],
  noise: { paths: [noises], probability: 1, tracks: 1 },
  gainDb: [-6, 6],
  vocalTract: [1.1, 1.2],
  delayFrames: 3,
  timeMasks: 1,
});
let store: FeatureStore;
let preview: AugmentationPreview;

beforeAll(async () => {
  mkdirSync(noises);
  writeNoise(noises, "rain & <wind>.wav", 0.3);
  const place = { workers: 1, cacheDirectory: join(folder, "cache"), cacheMegabytes: 10 };
  store = await FeatureStore.open(featureSettings.parse({}), place, () => undefined);
  preview = await AugmentationPreview.open(settings, store);
});
afterAll(() => store.close());

const utterance = (transcript: string, recording = path) => ({
  path: recording,
  transcript,
  speaker: "",
  split: "train",
  where: "m.csv:2",
});

describe("a previewed variant", () => {
  it("is what training chooses on that occasion, the same each time", async () => {
    const occasion = { seed: 3, epoch: 1, utterance: 7 };
    const recorded = await preview.record(utterance("yes"));
    const variant = await preview.augment(recorded, occasion);
    const sounds = { noise: [join(noises, "rain & <wind>.wav")], reverberation: [] };
    expect(variant.effects).toEqual(chooseEffects(settings, sounds, occasion));
    expect(variant.samples.length).toBe(Math.round(recorded.samples.length / variant.variant.speed));
    expect(variant.vocalTract).toBeGreaterThan(1.1);
    expect(await preview.augment(recorded, occasion)).toEqual(variant);
    expect(await preview.augment(recorded, { ...occasion, epoch: 2 })).not.toEqual(variant);
  });

  it("is told in words, and only what was changed", () => {
    const plain = {
      samples: new Float32Array(0),
      frames: { data: new Float32Array(0), frames: 0, size: 80 },
      variant: { speed: 1, tempo: 1 },
      effects: {},
      vocalTract: 1,
      trimmedFrames: 0,
      delayFrames: 0,
    };
    expect(describeVariant(plain)).toEqual([]);
    expect(describeVariant({ ...plain, trimmedFrames: 7 })).toEqual([["trimmed", "7 frames"]]);
    const noise = { snrDb: 4.26, tracks: [{ path: "/noises/rain.wav", start: 0.5 }] };
    const effects = { noise, shiftMs: { samples: -40 }, band: { lowHz: 210.2, highHz: 3400 } };
    expect(describeVariant({ ...plain, variant: { speed: 0.9, tempo: 1 }, effects })).toEqual([
      ["speed", "× 0.9"],
      ["shift", "-2.5 ms"],
      ["noise", "rain.wav"],
      ["speech over noise", "4.3 dB"],
      ["band", "210 to 3400 Hz"],
    ]);
  });
});

describe("the page of a preview", () => {
  const out = join(folder, "preview.html");
  const broken = join(folder, "broken.wav");
  const write = (signal?: AbortSignal) =>
    writePreview({
      preview,
      utterances: [
        { utterance: utterance('yes <script>alert("no")</script>'), index: 0 },
        { utterance: utterance("no", broken), index: 1 },
      ],
      occasions: 2,
      firstEpoch: 12,
      seed: 1,
      about: "m.csv & more",
      out,
      signal,
    });

  it("has a player and two pictures for the recording and each occasion, loads nothing, and names what is missing", async () => {
    writeFileSync(broken, "This is not a recording.");
    const { utterances, unreadable } = await write();
    expect([utterances, unreadable.map(({ where }) => where)]).toEqual([1, [broken]]);
    const page = readFileSync(out, "utf8");
    const elements = readHtml(page);
    const sources = elements.flatMap(({ attributes }) => attributes.get("src") ?? []);
    expect(sources.filter((source) => source.startsWith("data:audio/wav;base64,"))).toHaveLength(3);
    expect(sources.filter((source) => source.startsWith("data:image/png;base64,"))).toHaveLength(6);
    expect(sources).toHaveLength(9);
    expect(elements.some(({ name }) => name === "script" || name === "link")).toBe(false);
    expect(page.match(/As recorded|Epoch \d+/g)).toEqual(["As recorded", "Epoch 13", "Epoch 14"]);
    expect(page).toContain("rain &amp; &lt;wind&gt;.wav");
    expect(page).toContain(broken);
  });

  it("stays as it was when the work is stopped", async () => {
    const before = readFileSync(out, "utf8");
    await expect(write(AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
    expect(readFileSync(out, "utf8")).toBe(before);
    expect(readdirSync(folder).filter((name) => name.includes("preview"))).toEqual(["preview.html"]);
  });
});
