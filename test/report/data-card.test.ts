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
    expect(dataCard(rows, "train")).toEqual([
      {
        split: "train",
        utterances: 3,
        speakers: 2,
        words: 7,
        vocabulary: 4,
        shortest: 1,
        median: 2,
        longest: 4,
      },
      {
        split: "dev",
        utterances: 2,
        speakers: 2,
        words: 3,
        vocabulary: 3,
        shortest: 1,
        median: 2,
        longest: 2,
        overlap: { unknownWords: 1, knownTexts: 1, knownSpeakers: 1 },
      },
    ]);
  });
  it("bears a training split without rows, and rows without speakers", () => {
    const [train, dev] = dataCard([row("dev", "", "")], "train");
    expect(train).toMatchObject({ utterances: 0, longest: 0, median: 0 });
    expect(dev).toMatchObject({ speakers: 0, words: 0, overlap: { unknownWords: 0, knownSpeakers: 0 } });
  });
});
