// What is to be learned as wordless: recordings without a transcript, and noise alone in the place of utterances.

import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { featureSettings } from "../../src/audio/index.ts";
import {
  augmentationSettings,
  dataSettings,
  featuresInThisThread,
  FeatureStore,
  PreparedCorpus,
  type Batch,
} from "../../src/data/index.ts";
import { Alphabet, transcriptPolicy } from "../../src/text/index.ts";
import { temporaryFolder, writeNoise } from "./recordings.ts";

const folder = temporaryFolder();
const spoken = ["one", "two", "three", "four"].map((transcript, i) => ({
  path: writeNoise(folder, `${transcript}.wav`, 0.3 + 0.05 * i),
  transcript,
  speaker: "ann",
  split: "train",
  where: `m.csv:${i + 2}`,
}));
const noise = { ...spoken[0], path: writeNoise(folder, "noise.wav", 3), transcript: "", where: "m.csv:6" };
let store: FeatureStore;

beforeAll(async () => {
  const place = { workers: 1, cacheDirectory: join(folder, "cache"), cacheMegabytes: 10 };
  const features = featureSettings.parse({ normalization: "speech" });
  store = await FeatureStore.open(features, place, () => undefined, { startWorker: featuresInThisThread });
});
afterAll(() => store.close());

const openCorpus = (utterances = spoken, augmentation: object = {}) =>
  PreparedCorpus.open({
    store,
    utterances,
    alphabet: Alphabet.english(),
    transcript: transcriptPolicy.parse({}),
    settings: dataSettings.parse({ batchFrames: 300, maxUtterances: 4 }),
    outputSteps: (frames) => Math.ceil(frames / 2),
    augmentation: augmentationSettings.parse(augmentation),
  });

async function collect(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

it("a recording without words is learned, and counts in no statistics of the training set", async () => {
  const [without, withNoise] = [await openCorpus(), await openCorpus([...spoken, noise])];
  expect(withNoise.statistics).toEqual(without.statistics);
  const batches = await collect(withNoise.epoch({ epoch: 0, seed: 1 }));
  expect(batches.flatMap(({ labels }) => labels).filter(({ length }) => length === 0)).toHaveLength(1);
  expect((await openCorpus([noise])).statistics).toBeDefined();
});

it("noise alone has the length of the utterance and no labels, and is what is said to be said", async () => {
  const corpus = await openCorpus(spoken, { wordless: { probability: 0.5 }, joined: { probability: 0.5 } });
  let wordless = 0;
  for (let epoch = 0; epoch < 5; epoch++) {
    for (const { labels, indices, lengths } of await collect(corpus.epoch({ epoch, seed: 1 }))) {
      for (const [b, utterance] of indices.entries()) {
        const said = corpus.said({ seed: 1, epoch, utterance });
        expect(labels[b]).toEqual(said.labels);
        if (said.text !== "") continue;
        expect(lengths[b]).toBe(corpus.utterances[utterance].variants[0].frames);
        wordless++;
      }
    }
  }
  expect(wordless).toBeGreaterThan(4);
  expect(wordless).toBeLessThan(16);
});
