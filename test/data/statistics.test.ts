import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeCorpus, measureRecordings, type Measured } from "../../src/data/index.ts";
import { distributionOf } from "../../src/data/statistics/distribution.ts";
import { temporaryFolder, writeNoise } from "./recordings.ts";

const row = (split: string, speaker: string, transcript: string, seconds: number, hash: string): Measured => {
  const utterance = { path: `${hash}.wav`, transcript, speaker, split, where: "a.csv:2" };
  const cut = { msBefore: 600, msAfter: 100, levelDb: -20 };
  return { utterance, seconds, rateHz: 16_000, hash, cut };
};

describe("the statistics of a corpus", () => {
  const { all, splits, overlaps } = describeCorpus([
    row("test", "cy", "A new\tday ", 2, "h1"),
    row("train", "ann", "A Day", 1, "h2"),
    row("train", "bob", "Été", 4, "h3"),
    row("train", "ann", "a day", 1, "h3"),
    row("dev", "ann", "A  DAY", 1, "h3"),
    row("dev", "", "", 1, "h4"),
  ]);

  it("count hours, speakers and words of each split, train first", () => {
    expect(
      splits.map(({ split, utterances, speakers, seconds }) => [split, utterances, speakers, seconds?.sum]),
    ).toEqual([
      ["train", 3, 2, 6],
      ["dev", 2, 1, 2],
      ["test", 1, 1, 2],
    ]);
    expect(all).toMatchObject({ utterances: 6, speakers: 3, rates: [[16_000, 6]], sources: [["human", 6]] });
    expect(splits[0].vocabulary).toMatchObject({ words: 5, distinctWords: 3 });
    expect(splits[0].charactersPerSecond).toMatchObject({ min: 0.75, median: 5, max: 5 });
  });

  it("fold case and white space, as training does", () => {
    expect(splits[2].vocabulary.symbols).toEqual([
      [" ", 2],
      ["a", 2],
      ["d", 1],
      ["e", 1],
      ["n", 1],
      ["w", 1],
      ["y", 1],
    ]);
  });

  it("tell which words train does not know", () => {
    expect(splits[0].unknownWords).toBeUndefined();
    expect(splits[1].unknownWords).toEqual({ words: 0, share: 0, examples: [] });
    expect(splits[2].unknownWords).toEqual({ words: 1, share: 1 / 3, examples: ["new"] });
  });

  it("tell what splits share: speakers, transcripts, recordings", () => {
    expect(overlaps).toEqual([
      { splits: ["train", "dev"], speakers: 1, transcripts: 1, recordings: 1 },
      { splits: ["train", "test"], speakers: 0, transcripts: 0, recordings: 0 },
      { splits: ["dev", "test"], speakers: 0, transcripts: 0, recordings: 0 },
    ]);
  });

  it("of nothing are empty", () => {
    expect(describeCorpus([])).toMatchObject({
      all: { utterances: 0, seconds: undefined },
      splits: [],
      overlaps: [],
    });
  });
});

describe("a distribution", () => {
  it("has the quantiles of NumPy 2.4.6's percentile", () => {
    // np.percentile([3, 1, 4, 1, 5, 9, 2, 6], [5, 50, 95])
    expect(distributionOf([3, 1, 4, 1, 5, 9, 2, 6])).toMatchObject({
      p5: 1,
      median: 3.5,
      p95: expect.closeTo(7.95, 10),
    });
  });
  it("counts every value once, in bins of a round width", () => {
    const { histogram } = distributionOf([0.2, 0.25, 0.9, 1.7, 1.7])!;
    expect(histogram).toEqual({ from: expect.closeTo(0.2), step: 0.2, counts: [2, 0, 0, 1, 0, 0, 0, 2] });
    expect(distributionOf([3, 3])?.histogram.counts).toEqual([2]);
    expect(distributionOf([0])?.histogram.counts).toEqual([1]);
  });
});

describe("measuring", () => {
  it("finds lengths and copies, and lists what cannot be read", async () => {
    const folder = temporaryFolder();
    const first = writeNoise(folder, "a.wav", 0.5);
    copyFileSync(first, join(folder, "b.wav"));
    writeFileSync(join(folder, "c.wav"), "hello");
    const utterances = ["a.wav", "b.wav", "c.wav", "d.wav"].map((name) => {
      return { path: join(folder, name), transcript: "", speaker: "", split: "train", where: name };
    });
    const told: number[] = [];
    const { measured, unreadable } = await measureRecordings(utterances, {
      onProgress: (done) => told.push(done),
    });
    expect(measured.map(({ seconds, rateHz }) => [seconds, rateHz])).toEqual([
      [0.5, 16_000],
      [0.5, 16_000],
    ]);
    expect(measured[0].hash).toBe(measured[1].hash);
    expect(unreadable.map(({ utterance, error }) => [utterance.where, error.code])).toEqual([
      ["c.wav", "UNKNOWN_AUDIO_FORMAT"],
      ["d.wav", "RECORDING_NOT_FOUND"],
    ]);
    expect(told).toEqual([1, 2, 3, 4]);
    const stopped = measureRecordings(utterances, { signal: AbortSignal.abort(new Error("enough")) });
    await expect(stopped).rejects.toThrow("enough");
  });
});
