// What an epoch takes of a corpus: of a replay its share, of each source as many as its weight says, drawn by the seed, all before anything
// comes again.

import { beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { featureSettings } from "../../src/audio/index.ts";
import {
  augmentationSettings,
  dataSettings,
  featuresInThisThread,
  FeatureStore,
  PreparedCorpus,
  type CorpusOptions,
  type Utterance,
} from "../../src/data/index.ts";
import { indicesInEpoch, withTurns, replayedInEpoch } from "../../src/data/corpus/portions.ts";
import { Alphabet, transcriptPolicy } from "../../src/text/index.ts";
import { temporaryFolder, writeNoise } from "./recordings.ts";

const portions = (own: number, all: number, replayed: number) => [
  { key: [], indices: Array.from({ length: own }, (_, i) => i), drawn: own },
  { key: ["replay"], indices: Array.from({ length: all - own }, (_, i) => own + i), drawn: replayed },
];

describe("what an epoch hears", () => {
  it("is a share of replayed utterances, one at least", () => {
    expect(replayedInEpoch(70, 0.3)).toBe(30);
    expect(replayedInEpoch(200, 0.5)).toBe(200);
    expect(replayedInEpoch(1, 0.01)).toBe(1);
  });

  const epochs = (count: number, request: { all: number; replayed: number; seed?: number }) =>
    Array.from({ length: count }, (_, epoch) =>
      indicesInEpoch(portions(3, request.all, request.replayed), { seed: request.seed ?? 1, epoch }),
    );

  it("is all of the training set's own and so many others, by the seed and the epoch", () => {
    const heard = epochs(4, { all: 13, replayed: 4 });
    for (const indices of heard) {
      expect(indices.slice(0, 3)).toEqual([0, 1, 2]);
      expect(indices).toHaveLength(7);
      for (const index of indices.slice(3)) expect(index >= 3 && index < 13).toBe(true);
    }
    expect(heard).toEqual(epochs(4, { all: 13, replayed: 4 }));
    expect(heard).not.toEqual(epochs(4, { all: 13, replayed: 4, seed: 2 }));
    expect(heard[0]).not.toEqual(heard[1]);
  });

  it("goes through all others before one comes again, each time in another order", () => {
    const others = epochs(5, { all: 13, replayed: 4 }).flatMap((indices) => indices.slice(3));
    const [first, second] = [others.slice(0, 10), others.slice(10, 20)];
    const all = Array.from({ length: 10 }, (_, i) => i + 3);
    expect(first.toSorted((a, b) => a - b)).toEqual(all);
    expect(second.toSorted((a, b) => a - b)).toEqual(all);
    expect(first).not.toEqual(second);
  });

  it("has those of a small replay several times", () => {
    const [indices] = epochs(1, { all: 5, replayed: 6 });
    for (const index of [3, 4]) expect(indices.filter((other) => other === index)).toHaveLength(3);
  });

  it("is the training set alone where nothing is replayed", () => {
    expect(indicesInEpoch(portions(3, 3, 0), { seed: 1, epoch: 5 })).toEqual([0, 1, 2]);
  });

  it("has those of a source as often as its weight says, each turn with an index of its own", () => {
    const utterances = ["kokoro", undefined, "kokoro", "flite", "kokoro", "kokoro"].map((source) => ({
      source,
    }));
    const weights = { human: 2.5, kokoro: 0.5, flite: 0 };
    const { utterances: turns, portions: weighted } = withTurns({ utterances, own: 6 }, { weights });
    expect(turns.slice(6)).toEqual([{}, {}]); // of the human's, three turns at most
    const all = Array.from({ length: 4 }, (_, epoch) => indicesInEpoch(weighted, { seed: 3, epoch }));
    const counted = (indices: readonly number[], source?: string) =>
      indices.filter((index) => turns[index].source === source).length;
    for (const indices of all) expect(counted(indices, "kokoro")).toBe(2);
    for (const indices of all) expect(counted(indices, "flite")).toBe(0);
    expect(all.map((indices) => counted(indices))).toEqual([3, 3, 3, 3]); // 2.5, rounded
    expect([...all[0], ...all[1]].filter((index) => turns[index].source === "kokoro").toSorted()).toEqual([
      0, 2, 4, 5,
    ]);
    const many = Array.from({ length: 200_000 }, () => ({}));
    expect(withTurns({ utterances: many, own: 200_000 }, { weights: { human: 2 } }).utterances).toHaveLength(
      400_000,
    );
    expect(
      withTurns({ utterances, own: 6 }, { weights: { human: 0.001 } }).portions.map(({ drawn }) => drawn),
    ).toEqual([4, 1, 1]); // of what weighs anything, one at least
    expect(withTurns({ utterances, own: 6 }).portions).toEqual([
      { key: [], indices: [0, 1, 2, 3, 4, 5], drawn: 6 },
    ]);
  });
});

describe("a corpus with a replay", () => {
  const folder = temporaryFolder();
  const settings = dataSettings.parse({ batchFrames: 400, maxUtterances: 4 });
  const written = (name: string, count: number, seconds: number): Utterance[] =>
    Array.from({ length: count }, (_, i) => ({
      path: writeNoise(folder, `${name}-${i}.wav`, seconds + 0.01 * i),
      transcript: ["yes", "no", "go"][i % 3],
      speaker: "",
      split: "train",
      where: `${name}.csv:${i + 2}`,
    }));
  let [own, others]: Utterance[][] = [];
  let store: FeatureStore;
  beforeAll(async () => {
    [own, others] = [written("own", 6, 0.2), written("other", 9, 0.5)];
    const place = { workers: 1, cacheDirectory: join(folder, "cache"), cacheMegabytes: 100 };
    const inThisThread = { startWorker: featuresInThisThread };
    const fail = ({ message }: { message: string }) => expect.fail(message);
    store = await FeatureStore.open(
      featureSettings.parse({ normalization: "global" }),
      place,
      fail,
      inThisThread,
    );
    return () => store.close();
  });
  const open = (options: Partial<CorpusOptions> = {}) =>
    PreparedCorpus.open({
      store,
      utterances: own,
      alphabet: Alphabet.english(),
      transcript: transcriptPolicy.parse({}),
      settings,
      outputSteps: (frames) => Math.ceil(frames / 2),
      ...options,
    });
  const replay = () => ({ utterances: others, share: 0.4 });

  it("gives each epoch all its own once and the replay's share, in batches of similar lengths, in any order", async () => {
    const corpus = await open({ replay: replay() });
    expect(corpus).toMatchObject({ own: 6, inEpoch: { own: 6, replay: { inEpoch: 4, of: 9 } } });
    for (const [epoch, sortaGrad] of [
      [0, true],
      [1, false],
      [2, false],
    ] as const) {
      const plan = corpus.plan({ epoch, seed: 7, sortaGrad });
      const heard = plan.flat().toSorted((a, b) => a - b);
      expect(heard.slice(0, 6)).toEqual([0, 1, 2, 3, 4, 5]);
      expect(heard.slice(6)).toHaveLength(4);
      expect(heard.slice(6)).toEqual(
        indicesInEpoch(portions(6, 15, 4), { seed: 7, epoch })
          .slice(6)
          .toSorted((a, b) => a - b),
      );
      const batches = [];
      for await (const batch of corpus.epoch({ epoch, seed: 7, sortaGrad })) batches.push(batch);
      expect(batches.map(({ indices }) => indices)).toEqual(plan);
      const from = [];
      for await (const { indices } of corpus.epoch({ epoch, seed: 7, sortaGrad, from: 2 }))
        from.push(indices);
      expect(from).toEqual(plan.slice(2));
    }
  });

  it("is another corpus to a checkpoint, whose length is that of its own and whose statistics are of both", async () => {
    const [alone, both, all] = [
      await open(),
      await open({ replay: replay() }),
      await open({ utterances: [...own, ...others] }),
    ];
    expect(both.hash).not.toBe(alone.hash);
    expect(both.hash).not.toBe(all.hash);
    expect(both.seconds).toBeCloseTo(alone.seconds, 6);
    expect(both.statistics).toEqual(all.statistics);
    expect(alone).toMatchObject({ own: 6, inEpoch: { own: 6 } });
  });

  it("has further turns of a source that weighs more, each changed anew, and less of another", async () => {
    const utterances = own.map((utterance, i) => (i < 2 ? { ...utterance, source: "kokoro" } : utterance));
    const augmentation = augmentationSettings.parse({ microphoneDb: 12 });
    const corpus = await open({ utterances, augmentation, weights: { kokoro: 2, human: 0.5 } });
    expect(corpus).toMatchObject({ own: 6, inEpoch: { own: 6 } });
    expect(corpus.seconds).toBeCloseTo((await open()).seconds, 6);
    const heard = corpus.plan({ epoch: 1, seed: 7 }).flat();
    expect(heard.toSorted((a, b) => a - b)).toEqual([0, 1, expect.any(Number), expect.any(Number), 6, 7]);
    expect(corpus.utterances[6].path).toBe(own[0].path);
    const framesOf = async (utterance: number) =>
      (await corpus.augment({ seed: 7, epoch: 1, utterance })).frames.data;
    expect(await framesOf(6)).not.toEqual(await framesOf(0));
    await expect(open({ utterances, weights: { kokoro: 0, human: 0 } })).rejects.toMatchObject({
      code: "EMPTY_CORPUS",
      message: expect.stringContaining("Every source of the training split weighs 0"),
    });
    await expect(open({ utterances, weights: { kokro: 2 } })).rejects.toMatchObject({
      code: "UNKNOWN_CORPUS_SOURCE",
      message: expect.stringContaining('Did you mean "kokoro"?'),
    });
  });

  it("leaves out what cannot be read of either, and needs some of its own", async () => {
    const gone = (utterance: Utterance) => ({ ...utterance, path: `${utterance.path}.gone` });
    const corpus = await open({
      utterances: [gone(own[0]), ...own.slice(1)],
      replay: { utterances: [...others.slice(1), gone(others[0])], share: 0.5 },
    });
    expect(corpus).toMatchObject({ own: 5, inEpoch: { replay: { inEpoch: 5 } } });
    expect(corpus.utterances).toHaveLength(13);
    expect(corpus.leftOut).toHaveLength(2);
    await expect(open({ utterances: own.map(gone), replay: replay() })).rejects.toMatchObject({
      code: "EMPTY_CORPUS",
    });
    const none = await open({ replay: { utterances: others.map(gone), share: 0.5 } });
    expect(none).toMatchObject({ own: 6, inEpoch: { own: 6 } });
  });
});
