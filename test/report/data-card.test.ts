import { describe, expect, it } from "vitest";
import { dataCard } from "../../src/report/data-card.ts";

const row = (split: string, speaker: string, transcript: string) => ({
  path: "a.wav",
  transcript,
  speaker,
  split,
  where: "manifest.csv:2",
});

describe("a data card, counted by hand", () => {
  const rows = [
    row("dev", "eve", "one NINE"),
    row("train", "ada", "One two"),
    row("train", "bob", "three"),
    row("dev", "bob", "three"),
    row("train", "ada", "one two three four"),
  ];
  it("counts each split, the training split first, and what it shares with that", () => {
    const [train, dev] = dataCard(rows, "train");
    expect(train).toMatchObject({
      split: "train",
      utterances: 3,
      speakers: 2,
      vocabulary: { words: 7, distinctWords: 4 },
      lengths: { min: 1, median: 2, max: 4 },
    });
    expect(train.overlap).toBeUndefined();
    expect(dev).toMatchObject({
      split: "dev",
      utterances: 2,
      speakers: 2,
      vocabulary: { words: 3, distinctWords: 3 },
      lengths: { min: 1, median: 1.5, max: 2 },
      overlap: { unknownWords: { words: 1, examples: ["nine"] }, knownTexts: 1, knownSpeakers: 1 },
    });
  });
  it("bears a training split without rows, and rows without speakers", () => {
    const [train, dev] = dataCard([row("dev", "", "")], "train");
    expect(train).toMatchObject({ utterances: 0, lengths: undefined });
    expect(dev).toMatchObject({ speakers: 0, vocabulary: { words: 0 }, overlap: { knownSpeakers: 0 } });
  });
});
