// The preview of augmentation shows what training gets: both follow the one order of augment.ts.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { featureSettings } from "../../src/audio/index.ts";
import {
  AugmentationPreview,
  augmentationSettings,
  dataSettings,
  FeatureStore,
  PreparedCorpus,
} from "../../src/data/index.ts";
import { Alphabet, transcriptPolicy } from "../../src/text/index.ts";
import { temporaryFolder, writeNoise } from "./recordings.ts";

const folder = temporaryFolder();
const noises = join(folder, "noises");
const augmentation = augmentationSettings.parse({
  speeds: [0.5, 1, 2],
  joined: { probability: 0.7, gapMs: [0, 200], mostSeconds: 2 },
  noise: { paths: [noises], probability: 0.7 },
  babble: { probability: 0.5 },
  gainDb: [-6, 6],
  vocalTract: [0.9, 1.1],
  trim: { probability: 0.7, belowDb: [0.2, 1] },
  delayFrames: 3,
  timeMasks: 1,
  frequencyMasks: 1,
});
const texts = {
  alphabet: Alphabet.english(),
  transcript: transcriptPolicy.parse({}),
  outputSteps: (frames: number) => Math.ceil(frames / 2),
};
/** The longest texts fit only at the slower paces, and not into every trimmed recording. */
const utterances = ["no", "yes please", "seventy seven", "an answer that needs a step for each letter"].map(
  (transcript, i) => ({
    path: writeNoise(folder, `${i}.wav`, 0.4 + 0.1 * i),
    transcript,
    speaker: "",
    split: "train",
    where: `m.csv:${i + 2}`,
  }),
);
let store: FeatureStore;

beforeAll(async () => {
  mkdirSync(noises);
  for (const name of ["rain.wav", "wind.wav"]) writeNoise(noises, name, 0.5);
  const place = { workers: 1, cacheDirectory: join(folder, "cache"), cacheMegabytes: 10 };
  const features = featureSettings.parse({ normalization: "utterance" });
  store = await FeatureStore.open(features, place, () => undefined);
});
afterAll(() => store.close());

const openCorpus = (chosen = augmentation) =>
  PreparedCorpus.open({
    store,
    utterances,
    augmentation: chosen,
    settings: dataSettings.parse({}),
    ...texts,
  });

describe("the preview of augmentation", () => {
  it("gives the frames of training bit for bit on every occasion, trimmed, changed, masked and delayed", async () => {
    const corpus = await openCorpus();
    expect(corpus.leftOut).toEqual([]);
    const preview = await AugmentationPreview.open(augmentation, store, { texts, corpus: utterances });
    const seen = { trimmed: 0, whole: 0, delayed: 0, noisy: 0, joined: 0, alone: 0 };
    for (const [index, utterance] of utterances.entries()) {
      const recording = await preview.record(utterance);
      expect(recording.paces.length).toBe(corpus.utterances[index].variants.length);
      for (let epoch = 0; epoch < 12; epoch++) {
        const occasion = { seed: 5, epoch, utterance: index };
        const shown = await preview.augment(recording, occasion);
        expect(shown.frames).toEqual((await corpus.augment(occasion)).frames);
        expect(shown.effects.joined?.text ?? utterance.transcript).toBe(corpus.said(occasion).text);
        seen[shown.effects.joined ? "joined" : "alone"]++;
        seen[shown.trimmedFrames > 0 ? "trimmed" : "whole"]++;
        if (shown.delayFrames > 0) seen.delayed++;
        if (shown.effects.noise) seen.noisy++;
      }
    }
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(4);
  });

  it("shows masks in proportion to the length as training draws them", async () => {
    const adaptive = augmentationSettings.parse({ maskPolicy: "adaptive" });
    const corpus = await openCorpus(adaptive);
    const preview = await AugmentationPreview.open(adaptive, store, { texts, corpus: utterances });
    const recording = await preview.record(utterances[0]);
    const occasion = { seed: 5, epoch: 0, utterance: 0 };
    const { frames } = await preview.augment(recording, occasion);
    expect(frames).toEqual((await corpus.augment(occasion)).frames);
    expect(frames).not.toEqual(recording.frames);
  });

  it("shows what is far from speech as training by speech does: not at all", async () => {
    const features = featureSettings.parse({ normalization: "speech" });
    const around = augmentationSettings.parse({ surroundings: { probability: 1, ms: [1000, 1000] } });
    const preview = await AugmentationPreview.open(around, await store.withFeatures(features));
    const recording = await preview.record(utterances[0]);
    const { data, frames, size } = (await preview.augment(recording, { seed: 1, epoch: 0, utterance: 0 }))
      .frames;
    const row = (t: number) => data.slice(t * size, (t + 1) * size);
    for (const t of [30, frames - 30]) expect(row(t)).toEqual(row(0));
    expect(Math.max(...row(0))).toBeLessThan(Math.min(...recording.frames.data));
  });

  it("keeps of two joined recordings the frames that both texts need, as training does", async () => {
    const tight = augmentationSettings.parse({
      speeds: [0.5], // slow enough for every text
      joined: { probability: 1, gapMs: [0, 50] },
      trim: { probability: 1, belowDb: [0.1, 0.4] },
    });
    const corpus = await openCorpus(tight);
    const preview = await AugmentationPreview.open(tight, store, { texts, corpus: utterances });
    const seen = { trimmed: 0, whole: 0 };
    for (const [index, { labels }] of corpus.utterances.entries()) {
      const recording = await preview.record(utterances[index]);
      for (let epoch = 0; epoch < 12; epoch++) {
        const occasion = { seed: 5, epoch, utterance: index };
        const { frames, trimmedFrames } = await preview.augment(recording, occasion);
        expect(frames).toEqual((await corpus.augment(occasion)).frames);
        expect(texts.outputSteps(frames.frames)).toBeGreaterThanOrEqual(labels.length);
        seen[trimmedFrames > 0 ? "trimmed" : "whole"]++;
      }
    }
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(4);
  });

  it("takes only the paces at which a recording is long enough for its text", async () => {
    const preview = await AugmentationPreview.open(augmentation, store, { texts });
    const paces = await Promise.all(utterances.map(async (row) => (await preview.record(row)).paces.length));
    expect(paces[0]).toBe(3);
    expect(paces[3]).toBeLessThan(3);
  });

  it("trims whatever the text needs where nobody says how it is spelled, and of what training would leave out", async () => {
    const unsure = await AugmentationPreview.open(augmentation, store);
    const sure = await AugmentationPreview.open(augmentation, store, { texts });
    const long = { ...utterances[0], transcript: "far more letters than there are frames ".repeat(9) };
    const unspelled = { ...utterances[0], transcript: "4 o'clock" };
    for (const recording of [
      await unsure.record(utterances[3]),
      await sure.record(long),
      await sure.record(unspelled),
    ])
      expect([recording.paces.length, recording.stepsNeeded]).toEqual([3, 0]);
  });
});
