// Two utterances in one recording, as training meets them: the sound and the text of both, in batches planned by their
// length, and the same ones again whenever the occasion is the same.

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { computeFeatures, decodeAudio, featureSettings, normalizeFeatures } from "../../src/audio/index.ts";
import {
  augmentationSettings,
  dataSettings,
  featuresInThisThread,
  FeatureStore,
  PreparedCorpus,
  type Batch,
} from "../../src/data/index.ts";
import { changePace, type Pace } from "../../src/data/features/pace.ts";
import { loadFirstBatch } from "../../src/learner/show-batch.ts";
import { readWholeFile } from "../../src/platform/index.ts";
import { Alphabet, transcriptPolicy } from "../../src/text/index.ts";
import { temporaryFolder, writeNoise } from "./recordings.ts";

const folder = temporaryFolder();
const alphabet = Alphabet.english();
const features = featureSettings.parse({ normalization: "none" });
const settings = dataSettings.parse({ batchFrames: 300, maxUtterances: 4 });
const WORDS = "one two three four five six seven eight nine ten".split(" ");
const utterances = WORDS.map((transcript, i) => ({
  path: writeNoise(folder, `${transcript}.wav`, 0.3 + 0.05 * i),
  transcript,
  speaker: i < 4 ? "ann" : "bob",
  split: "train",
  where: `m.csv:${i + 2}`,
}));
let store: FeatureStore;

beforeAll(async () => {
  const place = { workers: 1, cacheDirectory: join(folder, "cache"), cacheMegabytes: 10 };
  store = await FeatureStore.open(features, place, () => undefined, { startWorker: featuresInThisThread });
});
afterAll(() => store.close());

const openCorpus = (augmentation: object) =>
  PreparedCorpus.open({
    store,
    utterances,
    alphabet,
    transcript: transcriptPolicy.parse({}),
    settings,
    outputSteps: (frames) => Math.ceil(frames / 2),
    augmentation: augmentationSettings.parse(augmentation),
  });

async function collect(batches: AsyncIterable<Batch>): Promise<Omit<Batch, "waitedMs">[]> {
  const all: Omit<Batch, "waitedMs">[] = [];
  for await (const { waitedMs: _, ...batch } of batches) all.push(batch);
  return all;
}

const samplesAt = async (pace: Pace, path: string): Promise<Float32Array> =>
  changePace((await decodeAudio(await readWholeFile(path), path)).samples, pace);

describe("joined utterances", () => {
  it("are heard one after the other to the sample, and have both texts, by one speaker at one pace", async () => {
    const pace = { speed: 0.8, tempo: 1 };
    const corpus = await openCorpus({
      speeds: [pace.speed],
      joined: { probability: 1, gapMs: [200, 200] },
    });
    for (const utterance of utterances.keys()) {
      const occasion = { seed: 1, epoch: 0, utterance };
      const { text, path, followedBy } = corpus.said(occasion);
      const [own, other] = text.split(" ");
      expect([path, followedBy]).toEqual([own, other].map((word) => utterances[WORDS.indexOf(word)].path));
      expect(own).toBe(WORDS[utterance]);
      expect(other).not.toBe(own);
      expect(utterances[WORDS.indexOf(other)].speaker).toBe(utterances[utterance].speaker);
      const [first, second] = await Promise.all(
        [own, other].map((word) => samplesAt(pace, utterances[WORDS.indexOf(word)].path)),
      );
      const heard = Float32Array.from([...first, ...new Float32Array(3200), ...second]);
      const { frames, labels, seconds } = await corpus.augment(occasion);
      expect(frames).toEqual(normalizeFeatures(computeFeatures(heard, features), features));
      expect(alphabet.decode(labels)).toBe(`${own} ${other}`);
      expect(seconds).toBeCloseTo(heard.length / 16_000, 9);
    }
  });

  it("come in batches within the budget, at every pace, all of them in each epoch", async () => {
    const corpus = await openCorpus({ speeds: [0.8, 1, 1.25], joined: { probability: 0.6 }, delayFrames: 2 });
    let joined = 0;
    for (const epoch of [0, 1, 2, 3]) {
      const batches = await collect(corpus.epoch({ epoch, seed: 1 }));
      expect(batches.map(({ indices }) => indices)).toEqual(corpus.plan({ epoch, seed: 1 }));
      for (const { T, B, labels, indices } of batches) {
        expect(T * B).toBeLessThanOrEqual(settings.batchFrames);
        for (const [b, utterance] of indices.entries()) {
          const { text } = corpus.said({ seed: 1, epoch, utterance });
          expect(alphabet.decode(labels[b])).toBe(text);
          if (text.includes(" ")) joined++;
        }
      }
      expect(batches.flatMap(({ indices }) => indices).length).toBe(utterances.length);
    }
    expect(joined).toBeGreaterThan(12);
  });

  it("are those of the uninterrupted epoch when it is resumed, and others in another epoch", async () => {
    const asked = { joined: { probability: 0.6 } };
    const corpus = await openCorpus(asked);
    const all = await collect(corpus.epoch({ epoch: 2, seed: 4 }));
    const resumed = await openCorpus(asked);
    expect(resumed.hash).toBe(corpus.hash);
    expect(await collect(resumed.epoch({ epoch: 2, seed: 4, from: 1 }))).toEqual(all.slice(1));
    const texts = (epoch: number) =>
      [...utterances.keys()].map((utterance) => corpus.said({ seed: 4, epoch, utterance }).text);
    expect(texts(3)).not.toEqual(texts(2));
  });

  it("are none in what is measured, and change nothing at a probability of 0", async () => {
    const always = await openCorpus({ joined: { probability: 1 } });
    const never = await openCorpus({ joined: { probability: 0, gapMs: [5, 6], mostSeconds: 1 } });
    const plain = await openCorpus({});
    const texts = (batches: readonly Pick<Batch, "labels">[]) =>
      batches.flatMap(({ labels }) => labels.map((each) => alphabet.decode(each))).toSorted();
    expect(texts(await collect(always.inOrder()))).toEqual(WORDS.toSorted());
    expect(texts(await collect(always.epoch({ epoch: 1, seed: 1 })))).not.toEqual(WORDS.toSorted());
    expect(await collect(never.epoch({ epoch: 1, seed: 1 }))).toEqual(
      await collect(plain.epoch({ epoch: 1, seed: 1 })),
    );
    expect([always.hash, never.hash]).toEqual([plain.hash, plain.hash]);
  });

  it("are shown as they are trained", async () => {
    const corpus = await openCorpus({ joined: { probability: 1 } });
    for (const { utterance, frames, seconds } of await loadFirstBatch(corpus, 1, {})) {
      expect(utterance.text).toMatch(/^[a-z]+ [a-z]+$/);
      expect(seconds).toBeGreaterThan(0.75); // two recordings and a gap
      expect(Math.abs(frames.frames - 100 * seconds)).toBeLessThan(4);
    }
  });
});
