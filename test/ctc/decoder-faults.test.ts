import { describe, expect, it } from "vitest";
import { BeamDecoder, greedyDecode, logProbabilities } from "../../src/ctc/index.ts";
import type { HotWords } from "../../src/ctc/index.ts";
import { EarshotError } from "../../src/errors.ts";
import { RandomStream } from "../../src/random.ts";
import { Alphabet } from "../../src/text/index.ts";
import { randomRows, rowsOf, TinyModel } from "./texts.ts";

const alphabet = Alphabet.fromSymbols(["a", "b", " "]);
const V = alphabet.size;
const decoder = new BeamDecoder(alphabet, { beta: 0 });

describe("what the decoder refuses", () => {
  it("names numbers that are no log-probabilities, and the step", () => {
    const rows = rowsOf("aba", alphabet);
    rows[2 * V + 1] = NaN;
    expect(() => decoder.decode(rows)).toThrow("step 2: A log-probability is not a number.");
    rows[2 * V + 1] = Infinity;
    expect(() => decoder.decode(rows)).toThrow("step 2: The probabilities of the symbols add up to Infinity");
    const logits = Float32Array.of(3, 1, 0, -2);
    expect(() => decoder.decode(logits)).toThrow("for logits take logProbabilities first");
    expect(() => decoder.decode(new Float32Array(4).fill(-Infinity))).toThrow("add up to 0.00 instead of 1");
  });

  it("names a wrong width", () => {
    expect(() => decoder.decode(new Float32Array(7))).toThrow(
      "They are 7 numbers, which is no whole number of steps of 4 symbols.",
    );
  });

  it("names settings that are wrong", () => {
    expect(() => new BeamDecoder(alphabet, { beam: 0 })).toThrow("decoder: beam: Expected integer");
    // @ts-expect-error a misspelled setting
    expect(() => new BeamDecoder(alphabet, { alhpa: 1 })).toThrow('Did you mean "alpha"?');
  });

  it("names a model that does not belong to the alphabet", () => {
    const shouting = new TinyModel("word", ["A", "AB"], 0);
    expect(() => new BeamDecoder(alphabet, {}, { scorer: shouting })).toThrow(
      'can spell none of the words: not "A" for one, as its letters have another case.',
    );
    const spaceless = Alphabet.fromSymbols(["a", "b"]);
    const words = new TinyModel("word", ["a"], 0);
    expect(() => new BeamDecoder(spaceless, {}, { scorer: words })).toThrow(
      "has no space to tell where words end",
    );
    expect(() => new BeamDecoder(alphabet, { dictionary: true })).toThrow(
      "Only words of a dictionary are wanted",
    );
  });
});

describe("what the decoder makes of extremes", () => {
  it("is the empty text when there is nothing to decode", () => {
    expect(decoder.decode(new Float32Array(0))).toEqual([
      { text: "", words: [], score: 0, acousticScore: 0 },
    ]);
    expect(decoder.decode(rowsOf("____", alphabet))[0].text).toBe("");
    expect(decoder.decode(rowsOf("  _ ", alphabet, 0.99))[0].text).toBe("");
  });

  it("takes probabilities of 0", () => {
    expect(decoder.decode(rowsOf("ab_b", alphabet, 1))[0]).toMatchObject({ text: "abb", score: 0 });
  });

  it("passes over a step that no text of the dictionary can take", () => {
    const [{ text }] = new BeamDecoder(
      alphabet,
      { dictionary: true, beta: 0 },
      { vocabulary: ["a", "aa"] },
    ).decode(rowsOf("a_b_a", alphabet, 1));
    expect(text).toBe("aa");
  });

  it("leaves a word out that is cut off before the dictionary has it", () => {
    const strict = new BeamDecoder(alphabet, { dictionary: true, beta: 0 }, { vocabulary: ["a", "bab"] });
    expect(strict.decode(rowsOf("a ba", alphabet, 1))[0].text).toBe("a");
    expect(strict.decode(rowsOf("ba", alphabet, 1))[0].text).toBe("");
  });

  it("takes a model that gives −∞, and does not ask one without weight", () => {
    const impossible = new TinyModel("word", ["a", "b"], 0);
    impossible.score = (_, token, result) =>
      Object.assign(result, { logProbability: -Infinity, state: token });
    expect(
      new BeamDecoder(alphabet, { alpha: 1 }, { scorer: impossible }).decode(rowsOf("a_b", alphabet)),
    ).toMatchObject([{ text: "" }]);
    expect(
      new BeamDecoder(alphabet, { alpha: 0, unknownWordPenalty: 0 }, { scorer: impossible }).decode(
        rowsOf("a_b", alphabet),
      )[0].text,
    ).toBe("ab");
  });

  it("gives an answer for any rows, bounds and knowledge", () => {
    const random = new RandomStream("any", 1);
    const one = <Item>(items: readonly Item[]) => items[random.integer(items.length)];
    for (let round = 0; round < 200; round++) {
      const settings = {
        alpha: one([0, 0.5, 3]),
        beta: one([-2, 0, 5]),
        beam: one([1, 2, 30]),
        beamThreshold: one([0, 3, 1000]),
        cutoffProbability: one([0, 0.01, 1]),
        symbolMass: one([0, 0.9, 1]),
        symbolLimit: one([undefined, 1, 2]),
        dictionary: one([false, true]),
        unknownWordPenalty: one([0, 4]),
        nBest: one([1, 5]),
      };
      const knowledge = {
        scorer: one([undefined, new TinyModel("word", ["a", "ba"], round)]),
        vocabulary: ["a", "ab", "bb"],
        hotWords: one<HotWords>([{}, { ab: 3 }, { "a bab": -2 }]),
      };
      const rows = randomRows(random, random.integer(40), V, one([0.1, 2, 30]));
      const texts = new BeamDecoder(alphabet, settings, knowledge).decode(rows);
      expect(texts.length).toBeGreaterThan(0);
      expect(texts.length).toBeLessThanOrEqual(settings.nBest);
      for (const { score, text } of texts) {
        expect(score).toBeGreaterThan(-Infinity);
        expect(text).toBe(text.trim());
      }
    }
  });
});

describe("logProbabilities", () => {
  it("are the softmax of each utterance's own steps", () => {
    const logits = Float32Array.of(0, Math.log(3), NaN, NaN, /**/ 1000, 1000, 2, 2); // [T 2, B 2, V 2]
    const [first, second] = logProbabilities(logits, { steps: [2, 0], symbols: 2 });
    expect([...first].map(Math.exp)).toEqual([0.25, 0.75, 0.5, 0.5].map((p) => expect.closeTo(p, 6)));
    expect(second).toHaveLength(0);
  });

  it("order the symbols as the logits do", () => {
    const logits = randomRows(new RandomStream("logits", 2), 50, V, 5).map((log) => 3 * log + 7);
    const [rows] = logProbabilities(logits, { steps: [50], symbols: V });
    const batch = { steps: [50], symbols: V, blank: alphabet.blank };
    expect(greedyDecode(rows, batch)).toEqual(greedyDecode(logits, batch));
  });

  it("refuse logits that are not finite, and name the step", () => {
    expect(() => logProbabilities(Float32Array.of(0, 1, NaN, 0), { steps: [2], symbols: 2 })).toThrow(
      "utterance 0 of the batch, step 1: A logit is infinite or not a number",
    );
    expect(() => logProbabilities(Float32Array.of(0, Infinity), { steps: [1], symbols: 2 })).toThrow(
      EarshotError,
    );
  });
});
