import { describe, expect, it } from "vitest";
import { Recognizer } from "../../src/recognizer/index.ts";
import { untrainedModel } from "../model/small-model.ts";
import { scriptedModel, scriptOf } from "./scripted-model.ts";

const said = (path: string) => ({ samples: scriptOf(path), sampleRateHz: 16_000 });
const recognizer = new Recognizer(scriptedModel());

describe("an alignment", () => {
  it("gives the time of each word and each symbol, and how sure the model is", async () => {
    const { text, words, score, seconds } = await recognizer.align(said("__hhi_ _y_oo"), " Hi YO ", "a.wav");
    expect({ text, seconds }).toEqual({ text: "hi yo", seconds: 0.24 });
    expect(words).toMatchObject([
      {
        text: "hi",
        startMs: 40,
        endMs: 100,
        characters: [
          { text: "h", startMs: 40, endMs: 80 },
          { text: "i", startMs: 80, endMs: 100 },
        ],
      },
      { text: "yo", startMs: 160, endMs: 240, characters: [{ startMs: 160 }, { startMs: 200, endMs: 240 }] },
    ]);
    for (const { characters } of words)
      for (const { probability } of characters) expect(probability).toBeCloseTo(0.9, 5);
    expect(score).toBeCloseTo(12 * Math.log(0.9), 4); // all twelve steps as they were said
  });

  it("follows a text through the pieces of a long recording", async () => {
    const sentence = `${"_".repeat(90)}so far${"_".repeat(90)}`;
    const { words } = await recognizer.align(said(sentence.repeat(15)), "so far ".repeat(15), "long.wav");
    expect(words).toHaveLength(30);
    words.forEach(({ startMs }, n) => {
      const step = 186 * Math.floor(n / 2) + (n % 2 === 0 ? 90 : 93);
      expect(Math.abs(startMs - 20 * step)).toBeLessThanOrEqual(10); // pieces begin where it suits them
    });
  });

  it("that is impossible names the recording", async () => {
    await expect(recognizer.align(said("_a_"), "much too long", "a.wav")).rejects.toMatchObject({
      code: "IMPOSSIBLE_ALIGNMENT",
      where: "a.wav",
      problem: expect.stringContaining("at least 14 steps"),
    });
  });

  it("refuses a text that the model cannot spell, or leaves out what its policy says", async () => {
    await expect(recognizer.align(said("_a_"), "a1", "a.wav")).rejects.toMatchObject({
      code: "UNKNOWN_SYMBOL",
      where: "text for a.wav",
    });
    const { transcript } = untrainedModel();
    const lenient = new Recognizer(scriptedModel({ transcript: { ...transcript, unknown: "drop" } }));
    const { text, dropped } = await lenient.align(said("_a_"), "a1!", "a.wav");
    expect({ text, dropped }).toEqual({ text: "a", dropped: ["1", "!"] });
  });

  it("of nothing is empty", async () => {
    expect(await recognizer.align(said("___"), "", "a.wav")).toMatchObject({ text: "", words: [] });
  });
});
