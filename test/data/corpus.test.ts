import { mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  featureSettings,
  measureStatistics,
  normalizeFeatures,
  type FeatureStatistics,
  type Frames,
} from "../../src/audio/index.ts";
import {
  augmentationSettings,
  dataSettings,
  featuresInThisThread,
  FeatureStore,
  PreparedCorpus,
  type Batch,
  type CorpusOptions,
  type Utterance,
} from "../../src/data/index.ts";
import { EarshotError, type Warning } from "../../src/errors.ts";
import { failingFolder, memoryFolder } from "../../src/platform/index.ts";
import { RandomStream } from "../../src/random.ts";
import { Alphabet, transcriptPolicy } from "../../src/text/index.ts";
import { AS_RECORDED } from "../../src/data/features/pace.ts";
import { temporaryFolder, writeNoise, writeSamples } from "./recordings.ts";

const folder = temporaryFolder();
const settings = dataSettings.parse({ batchFrames: 150, maxUtterances: 4, prefetch: 2 });
const augmentation = augmentationSettings.parse({
  speeds: [0.9, 1, 1.1],
  timeMasks: 1,
  frequencyMasks: 1,
  trim: { probability: 0.5, belowDb: [0.2, 1] },
});
let utterances: Utterance[] = [];

beforeAll(() => {
  utterances = Array.from({ length: 12 }, (_, i) => ({
    path: writeNoise(folder, `${i}.wav`, 0.2 + 0.05 * i),
    transcript: ["yes", "no", "go"][i % 3],
    speaker: "",
    split: "train",
    where: `m.csv:${i + 2}`,
  }));
});

const note = (warnings: Warning[]) => (warning: Warning) => void warnings.push(warning);
const inThisThread = { startWorker: featuresInThisThread };
const openStore = (cache: string, features = {}, cacheMegabytes = 100, warnings: Warning[] = []) => {
  const place = { workers: 1, cacheDirectory: join(folder, cache), cacheMegabytes };
  return FeatureStore.open(featureSettings.parse(features), place, note(warnings), inThisThread);
};
const openCorpus = (store: FeatureStore, options: Partial<CorpusOptions> = {}) =>
  PreparedCorpus.open({
    store,
    utterances,
    alphabet: Alphabet.english(),
    transcript: transcriptPolicy.parse({}),
    settings,
    outputSteps: (frames) => Math.ceil(frames / 2),
    ...options,
  });

describe("the statistics of a training set", () => {
  it("are measured once: another start reads no features for them", async () => {
    let asked = 0;
    const startWorker = () => {
      const worker = featuresInThisThread();
      return {
        ...worker,
        post: (...parts: Parameters<typeof worker.post>) => (asked++, worker.post(...parts)),
      };
    };
    const open = async (features: object) => {
      const place = { workers: 1, cacheDirectory: join(folder, "statistics"), cacheMegabytes: 0 };
      const store = await FeatureStore.open(featureSettings.parse(features), place, () => {}, {
        startWorker,
      });
      asked = 0;
      const speakers = utterances.map((utterance, i) => ({ ...utterance, speaker: `s${i % 3}` }));
      const { statistics } = await openCorpus(store, { utterances: speakers });
      await store.close();
      return statistics;
    };
    for (const normalization of ["global", "speaker"]) {
      const first = await open({ normalization });
      expect(asked).toBeGreaterThanOrEqual(utterances.length);
      expect(await open({ normalization })).toEqual(first);
      expect(asked).toBe(0);
    }
  });
});

async function collect(batches: AsyncIterable<Batch>): Promise<Omit<Batch, "waitedMs">[]> {
  const all: Omit<Batch, "waitedMs">[] = [];
  for await (const { waitedMs: _, ...batch } of batches) all.push(batch);
  return all;
}

/** The normalized frames of the utterances chosen by their index, in the order of the corpus. */
async function framesOf(corpus: PreparedCorpus, isChosen: (index: number) => boolean): Promise<Frames[]> {
  const found = new Map<number, Frames>();
  for (const { frames, B, F, lengths, indices } of await collect(corpus.inOrder())) {
    for (const [b, index] of indices.entries()) {
      const row = (t: number): Float32Array => frames.subarray((t * B + b) * F, (t * B + b + 1) * F);
      const data = Float32Array.from(Array.from({ length: lengths[b] }, (_, t) => [...row(t)]).flat());
      if (isChosen(index)) found.set(index, { data, frames: lengths[b], size: F });
    }
  }
  return [...found].toSorted(([a], [b]) => a - b).map(([, each]) => each);
}

const [zeros, ones] = [new Float32Array(80), new Float32Array(80).fill(1)];

function expectClose(a: FeatureStatistics, b: FeatureStatistics, digits = 4): void {
  a.mean.forEach((value, bin) => expect(value).toBeCloseTo(b.mean[bin], digits));
  a.deviation.forEach((value, bin) => expect(value).toBeCloseTo(b.deviation[bin], digits));
}

describe("a prepared corpus", () => {
  it("gives every utterance once an epoch, in batches within the budget", async () => {
    const store = await openStore("epoch");
    const corpus = await openCorpus(store, { augmentation });
    for (const epoch of [0, 1]) {
      const batches = await collect(corpus.epoch({ epoch, seed: 1 }));
      expect(batches.map(({ indices }) => indices)).toEqual(corpus.plan({ epoch, seed: 1 }));
      expect(batches.flatMap(({ indices }) => indices).toSorted((a, b) => a - b)).toEqual([
        ...utterances.keys(),
      ]);
      for (const { T, B, F, frames, lengths } of batches) {
        expect([frames.length, Math.max(...lengths), F]).toEqual([T * B * F, T, 80]);
        expect(T * B).toBeLessThanOrEqual(150);
      }
    }
    expect(corpus.seconds).toBeCloseTo(12 * 0.2 + 0.05 * 66, 6);
    await store.close();
  });

  it("cuts recordings tightly, but never to fewer steps than their text needs", async () => {
    const store = await openStore("tight");
    const cut = async (belowDb: number) => {
      const trim = { probability: 1, belowDb: [belowDb, belowDb] };
      const corpus = await openCorpus(store, { augmentation: augmentationSettings.parse({ trim }) });
      const lengths = utterances.map(() => 0);
      for (const batch of await collect(corpus.epoch({ epoch: 0, seed: 1 }))) {
        batch.indices.forEach((index, b) => (lengths[index] = batch.lengths[b]));
      }
      return lengths.map((frames, index) => ({ frames, whole: corpus.utterances[index].variants[0].frames }));
    };
    for (const { frames, whole } of await cut(0)) expect(frames).toBe(whole); // the loudest frame alone is too few
    const some = await cut(0.5);
    expect(some.some(({ frames, whole }) => frames < whole)).toBe(true);
    some.forEach(({ frames }, i) => {
      expect(Math.ceil(frames / 2)).toBeGreaterThanOrEqual(utterances[i].transcript.length);
    });
    await store.close();
  });

  it("brings the same batches again, bit for bit: from the cache, from a fresh one, or resumed", async () => {
    const store = await openStore("again");
    const corpus = await openCorpus(store, { augmentation });
    const all = await collect(corpus.epoch({ epoch: 3, seed: 7 }));
    expect(await collect(corpus.epoch({ epoch: 3, seed: 7 }))).toEqual(all);
    expect(await collect(corpus.epoch({ epoch: 3, seed: 7, from: 2 }))).toEqual(all.slice(2));
    expect(await collect(corpus.epoch({ epoch: 4, seed: 7 }))).not.toEqual(all);
    await store.close();
    const uncached = await openStore("uncached", {}, 0);
    const fresh = await openCorpus(uncached, { augmentation });
    expect(fresh.hash).toBe(corpus.hash);
    expect(await collect(fresh.epoch({ epoch: 3, seed: 7 }))).toEqual(all);
    await uncached.close();
  });

  it("mixes noise in anew each epoch, the same again when resumed, and keeps only what it is mixed with", async () => {
    const noises = join(folder, "noises");
    mkdirSync(noises, { recursive: true });
    for (const name of ["rain.wav", "street.wav"]) writeNoise(noises, name, 0.3);
    const noise = { paths: [noises], probability: 0.5, snrDb: [0, 10] };
    const noisy = augmentationSettings.parse({ noise, shiftMs: 5 });
    const store = await openStore("noisy");
    const corpus = await openCorpus(store, { augmentation: noisy });
    const kept = () => readdirSync(join(folder, "noisy", "frames"));
    const before = kept();
    const all = await collect(corpus.epoch({ epoch: 1, seed: 7 }));
    expect(kept().filter((name) => !before.includes(name))).toEqual(
      corpus.utterances.map(() => expect.stringMatching(/-samples\.frames$/)),
    );
    expect(await collect(corpus.epoch({ epoch: 1, seed: 7 }))).toEqual(all); // of kept samples now
    const plain = await collect((await openCorpus(store)).epoch({ epoch: 1, seed: 7 }));
    expect(plain.map(({ lengths }) => lengths)).toEqual(all.map(({ lengths }) => lengths));
    expect(plain).not.toEqual(all);
    expect(await collect(corpus.epoch({ epoch: 2, seed: 7 }))).not.toEqual(all);
    expect(kept()).toHaveLength(before.length + corpus.utterances.length);
    await store.close();
    const again = await openStore("again");
    const resumed = await openCorpus(again, { augmentation: noisy });
    expect(resumed.hash).toBe(corpus.hash);
    expect(await collect(resumed.epoch({ epoch: 1, seed: 7, from: 2 }))).toEqual(all.slice(2));
    writeNoise(noises, "more.wav", 0.3);
    expect((await openCorpus(again, { augmentation: noisy })).hash).not.toBe(corpus.hash);
    await again.close();
  });

  it("plans other tempos by their lengths, and measures recordings as they are", async () => {
    const store = await openStore("tempo");
    const paced = augmentationSettings.parse({ speeds: [0.9, 1], tempos: [1, 1.25] });
    const corpus = await openCorpus(store, { augmentation: paced, utterances: [utterances[11]] });
    const seconds = corpus.utterances[0].variants.map((variant) => variant.seconds);
    [0.75 / 0.9, 0.75 / 0.9 / 1.25, 0.75, 0.75 / 1.25].forEach((expected, i) => {
      expect(seconds[i]).toBeCloseTo(expected, 4);
    });
    expect(corpus.seconds).toBeCloseTo(0.75, 6);
    const [batch] = await collect(corpus.inOrder());
    expect(batch.lengths).toEqual([corpus.utterances[0].variants[2].frames]);
    for (const epoch of [0, 1, 2, 3, 4]) {
      const [{ lengths }] = await collect(corpus.epoch({ epoch, seed: 1 }));
      expect(corpus.utterances[0].variants.map(({ frames }) => frames)).toContain(lengths[0]);
    }
    await store.close();
  });

  it("plans what surrounds an utterance by its length: no batch has more frames than its budget", async () => {
    const store = await openStore("around");
    const around = augmentationSettings.parse({
      speeds: [0.9, 1],
      surroundings: { probability: 0.7, ms: [0, 700] },
    });
    const corpus = await openCorpus(store, { augmentation: around });
    let longer = 0;
    for (const epoch of [0, 1, 2]) {
      for (const { T, B, lengths, indices } of await collect(corpus.epoch({ epoch, seed: 1 }))) {
        expect(B === 1 || T * B <= settings.batchFrames).toBe(true);
        for (const [b, index] of indices.entries()) {
          const most = Math.max(...corpus.utterances[index].variants.map(({ frames }) => frames));
          if (lengths[b] > most) longer++;
        }
      }
    }
    expect(longer).toBeGreaterThan(10);
    await store.close();
  });

  it("starts with the largest batch, then from short to long", async () => {
    const store = await openStore("again");
    const corpus = await openCorpus(store);
    const [largest, ...others] = await collect(corpus.epoch({ epoch: 0, seed: 1 }));
    expect(largest.T * largest.B).toBe(Math.max(largest.T * largest.B, ...others.map(({ T, B }) => T * B)));
    expect(others.map(({ T }) => T)).toEqual(others.map(({ T }) => T).toSorted((a, b) => a - b));
    await store.close();
  });

  it("needs neither workers nor recordings the second time", async () => {
    const store = await openStore("second");
    const first = await openCorpus(store, { augmentation });
    await store.close(); // from here on, computing anything would be FEATURE_POOL_CLOSED
    const second = await openCorpus(store, { augmentation });
    expect(second.hash).toBe(first.hash);
    expect(await collect(second.inOrder())).toHaveLength(first.plan({ epoch: 0, seed: 0 }).length);
  });

  it("computes anew what was damaged or lost in the cache", async () => {
    const store = await openStore("damaged");
    const corpus = await openCorpus(store);
    const before = await collect(corpus.inOrder());
    const entries = readdirSync(join(folder, "damaged", "frames"));
    truncateSync(join(folder, "damaged", "frames", entries[0]), 100);
    rmSync(join(folder, "damaged", "frames", entries[1]));
    expect(await collect(corpus.inOrder())).toEqual(before);
    await store.close();
  });

  it("brings the same in memory and in one thread as with a disk and workers, bit for bit", async () => {
    const place = { workers: 1, cacheDirectory: join(folder, "ordinary"), cacheMegabytes: 100 };
    const inMemory = { cache: memoryFolder(), ...inThisThread };
    const warnings: Warning[] = [];
    const [ordinary, portable] = await Promise.all([
      FeatureStore.open(featureSettings.parse({}), place, note(warnings)),
      FeatureStore.open(featureSettings.parse({}), place, note(warnings), inMemory),
    ]);
    const [a, b] = await Promise.all(
      [ordinary, portable].map((store) => openCorpus(store, { augmentation })),
    );
    expect(b.hash).toBe(a.hash);
    expect(warnings).toEqual([]);
    const epochOf = (corpus: PreparedCorpus) => collect(corpus.epoch({ epoch: 1, seed: 2 }));
    expect(await epochOf(b)).toEqual(await epochOf(a));
    expect((await inMemory.cache.list()).length).toBeGreaterThan(utterances.length);
    await Promise.all([ordinary.close(), portable.close()]);
  });

  it("goes on without a cache that can no longer be written, and says so once", async () => {
    const warnings: Warning[] = [];
    const place = { workers: 1, cacheDirectory: "unused", cacheMegabytes: 100 };
    const cache = failingFolder({ call: 12, kind: "full disk", lasting: true });
    const options = { cache, ...inThisThread };
    const store = await FeatureStore.open(featureSettings.parse({}), place, note(warnings), options);
    const corpus = await openCorpus(store);
    expect(await collect(corpus.inOrder())).toHaveLength(corpus.plan({ epoch: 0, seed: 0 }).length);
    expect(cache.calls.filter((call) => call.startsWith("append"))).toHaveLength(utterances.length);
    expect(warnings).toEqual([
      {
        code: "CACHE_UNWRITABLE",
        message: expect.stringMatching(
          /^Features cannot be cached, so that every epoch computes them anew: ENOSPC: no space left on device, write\.$/,
        ),
      },
    ]);
    await store.close();
  });

  it("does not mistake a changed recording, or other settings, for a cached one", async () => {
    const path = writeNoise(folder, "changing.wav", 0.3);
    const changing = [{ ...utterances[0], path }];
    const lengthOf = async (features = {}) => {
      const store = await openStore("changing", features);
      const corpus = await openCorpus(store, { utterances: changing });
      await store.close();
      return corpus.utterances[0].variants[0].frames;
    };
    expect(await lengthOf()).toBe(29); // (300 - 20) / 10 + 1
    writeNoise(folder, "changing.wav", 0.4);
    expect(await lengthOf()).toBe(39);
    expect(await lengthOf({ hopMs: 20 })).toBe(20);
  });

  it("leaves out, by name, what cannot be read or is too short, and goes on", async () => {
    const store = await openStore("left-out");
    const broken = join(folder, "broken.wav");
    writeFileSync(broken, "This is not a recording.");
    const bad = [
      { ...utterances[0], path: join(folder, "none.wav"), where: "m.csv:20" },
      { ...utterances[0], path: broken, where: "m.csv:21" },
      { ...utterances[0], transcript: "much too much for so short a time", where: "m.csv:22" },
    ];
    const progress: string[] = [];
    const onProgress = (done: number, total: number) => progress.push(`${done}/${total}`);
    const corpus = await openCorpus(store, { utterances: [...bad, ...utterances.slice(0, 2)], onProgress });
    expect(corpus.utterances.map(({ text }) => text)).toEqual(["yes", "no"]);
    expect(corpus.leftOut.map(({ code }) => code)).toEqual([
      "RECORDING_NOT_FOUND",
      expect.stringMatching(/^[A-Z_]+$/),
      "TOO_FEW_FRAMES",
    ]);
    expect(corpus.leftOut[0].message).toBe(
      `m.csv:20: ${join(folder, "none.wav")}: There is no such file. ` +
        "Correct the path; paths in a manifest are relative to the manifest's folder. Left out.",
    );
    expect(progress).toEqual(["1/5", "2/5", "3/5", "4/5", "5/5"]);
    await expect(openCorpus(store, { utterances: bad })).rejects.toMatchObject({ code: "EMPTY_CORPUS" });
    await store.close();
  });

  it("does not call a file missing that may not be looked up", async () => {
    const store = await openStore("unreadable");
    writeFileSync(join(folder, "file"), "");
    const through = { ...utterances[0], path: join(folder, "file", "0.wav") };
    const { leftOut } = await openCorpus(store, { utterances: [through, utterances[1]] });
    expect(leftOut).toMatchObject([
      { code: "UNREADABLE_RECORDING", message: expect.stringContaining("The file cannot be read: ENOTDIR") },
    ]);
    await store.close();
  });

  it("measures global statistics over the recordings as they are, and normalizes by them", async () => {
    const store = await openStore("global", { normalization: "global" });
    const corpus = await openCorpus(store, { augmentation });
    const batches = await collect(corpus.inOrder());
    const normalized = batches.map(({ frames, T, B, F, lengths }) => {
      const spoken = lengths.flatMap((length, b) =>
        Array.from({ length: Math.min(length, T) }, (_, t) =>
          frames.subarray((t * B + b) * F, (t * B + b + 1) * F),
        ),
      );
      return {
        data: Float32Array.from(spoken.flatMap((frame) => [...frame])),
        frames: spoken.length,
        size: F,
      };
    });
    const { mean, deviation } = measureStatistics(normalized);
    for (const value of mean) expect(value).toBeCloseTo(0, 4);
    for (const value of deviation) expect(value).toBeCloseTo(1, 4);
    const other = await openCorpus(store, {
      utterances: utterances.slice(0, 2),
      statistics: corpus.statistics,
    });
    expect(other.statistics).toBe(corpus.statistics);
    await store.close();
  });

  it("normalizes by speaker: over all that one says in the training set; a recognizer's way elsewhere", async () => {
    const speakers = ["ann", "bob", "ann", "", "ann", "bob"];
    const spoken = speakers.map((speaker, i) => ({ ...utterances[i], speaker }));
    const store = await openStore("speaker", { normalization: "speaker", priorFrames: 1 });
    const corpus = await openCorpus(store, { utterances: spoken });
    const raw = await Promise.all(corpus.utterances.map((utterance) => store.frames(utterance, AS_RECORDED)));
    const training = corpus.statistics!;
    expectClose(training, measureStatistics(raw));
    const ann = await framesOf(corpus, (index) => speakers[index] === "ann");
    expectClose(measureStatistics(ann), { mean: zeros, deviation: ones }, 1); // but for the prior's one frame
    const nobody = await framesOf(corpus, (index) => speakers[index] === "");
    expect(nobody).toEqual([normalizeFeatures(raw[3], store.settings, training)]);
    const dev = await openCorpus(store, { utterances: spoken.slice(0, 1), statistics: training });
    expect(await framesOf(dev, () => true)).toEqual([normalizeFeatures(raw[0], store.settings, training)]);
    await store.close();
  });

  it("normalizes by speech: training statistics are those of speech alone, whatever silence the clips have", async () => {
    const [bare, padded] = [0, 8000].map((silence) =>
      utterances.map((utterance, i) => {
        const random = new RandomStream("said", i);
        const sound = Float32Array.from({ length: 8000 }, () => 0.2 * (random.uniform() - 0.5));
        const hiss = new RandomStream("around", i); // digital silence would be cut off
        const samples = Float32Array.from(
          { length: sound.length + 2 * silence },
          () => 2e-4 * (hiss.uniform() - 0.5),
        );
        samples.set(sound, silence);
        return { ...utterance, path: writeSamples(folder, `speech-${silence}-${i}.wav`, samples) };
      }),
    );
    const store = await openStore("speech", { normalization: "speech" });
    const [once, again] = [
      await openCorpus(store, { utterances: bare }),
      await openCorpus(store, { utterances: padded }),
    ];
    for (const part of ["mean", "deviation"] as const) {
      const [a, b] = [once.statistics![part], again.statistics![part]];
      a.forEach((value, f) => expect(Math.abs(b[f] - value)).toBeLessThan(0.3));
      expect(a.some((value) => value !== 0)).toBe(true);
    }
    const [inside] = await framesOf(again, (index) => index === 0);
    const [clean] = await framesOf(once, (index) => index === 0);
    const middle = clean.data.subarray(10 * 80, 40 * 80);
    const same = inside.data.subarray(60 * 80, 90 * 80);
    middle.forEach((value, i) => expect(Math.abs(same[i] - value)).toBeLessThan(0.3));
    await store.close();
  });

  it("normalizes by speaker whatever the order of the manifest", async () => {
    const spoken = utterances.map((utterance, i) => ({ ...utterance, speaker: `speaker ${i % 3}` }));
    const store = await openStore("speaker", { normalization: "speaker" });
    const [forward, backward] = [
      await openCorpus(store, { utterances: spoken }),
      await openCorpus(store, { utterances: spoken.toReversed() }),
    ];
    expectClose(forward.statistics!, backward.statistics!);
    const [first] = await framesOf(forward, (index) => index === 0);
    const [last] = await framesOf(backward, (index) => index === spoken.length - 1);
    first.data.forEach((value, i) => expect(value).toBeCloseTo(last.data[i], 4));
    await store.close();
  });

  it("warns when the cache is too small for it", async () => {
    const store = await openStore("small", {}, 0.05);
    const corpus = await openCorpus(store);
    expect(corpus.warnings).toEqual([
      {
        code: "CACHE_TOO_SMALL",
        message:
          "The features take 1 MB where the cache keeps 0.05 MB: every epoch computes some anew. " +
          "Raise data.cacheMegabytes.",
      },
    ]);
    await store.close();
  });

  it("stops when the signal aborts", async () => {
    const store = await openStore("aborted");
    const interrupted = new EarshotError({ code: "INTERRUPTED", problem: "Enough.", remedy: "Resume." });
    await expect(openCorpus(store, { signal: AbortSignal.abort(interrupted) })).rejects.toBe(interrupted);
    const corpus = await openCorpus(store);
    const stop = new AbortController();
    const run = async () => {
      for await (const _ of corpus.epoch({ epoch: 0, seed: 1, signal: stop.signal }))
        stop.abort(new Error("enough"));
    };
    await expect(run()).rejects.toThrow("enough");
    await store.close();
  });
});
