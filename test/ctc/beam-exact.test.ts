import { describe, expect, it } from "vitest";
import { BeamDecoder, greedyDecode } from "../../src/ctc/index.ts";
import type { DecodedText, DecoderSettings, Knowledge } from "../../src/ctc/index.ts";
import { RandomStream } from "../../src/random.ts";
import { Alphabet } from "../../src/text/index.ts";
import { everyText, randomRows, TinyModel, wordsOf } from "./texts.ts";

const alphabet = Alphabet.fromSymbols(["a", "b", " "]);
const UNBOUNDED = { beam: 1_000_000, beamThreshold: 1e9, nBest: 1_000_000 };
const SEEDS = Array.from({ length: 12 }, (_, seed) => seed);
const ALPHA = 0.7;
const BETA = 0.9;

const rowsFor = (seed: number, steps = 6) =>
  randomRows(new RandomStream("rows", seed), steps, alphabet.size, 1 + (seed % 3));

/** Every text that the decoder gives with an unbounded beam, beside Q of all texts by enumeration. */
function bothWays(
  rows: Float32Array,
  settings: Partial<DecoderSettings>,
  knowledge: Knowledge,
  worth: (text: string) => number,
): { found: readonly DecodedText[]; expected: { text: string; score: number; acoustic: number }[] } {
  const found = new BeamDecoder(alphabet, { ...UNBOUNDED, ...settings }, knowledge).decode(rows);
  const expected = [...everyText(rows, alphabet)]
    .map(([text, acoustic]) => ({ text, acoustic, score: acoustic + worth(text) }))
    .filter(({ score }) => score > -Infinity)
    .toSorted((x, y) => y.score - x.score);
  return { found, expected };
}

function expectEqual({ found, expected }: ReturnType<typeof bothWays>): void {
  expect(found.map(({ text }) => text)).toEqual(expected.map(({ text }) => text));
  found.forEach(({ score, acousticScore }, i) => {
    expect(score).toBeCloseTo(expected[i].score, 9);
    expect(acousticScore).toBeCloseTo(expected[i].acoustic, 9);
  });
}

describe("the beam search without bounds is the search over all texts", () => {
  it.each(SEEDS)("without a model (rows %i)", (seed) => {
    expectEqual(bothWays(rowsFor(seed), { beta: 0 }, {}, () => 0));
  });

  it.each(SEEDS)("with a model of words, some of them unknown (rows %i)", (seed) => {
    const scorer = new TinyModel("word", ["a", "ab", "bb"], seed);
    const unknown = (word: string) => scorer.idOf(word) === 0;
    const settings = { alpha: ALPHA, beta: BETA, unknownWordPenalty: 2 };
    const both = bothWays(rowsFor(seed), settings, { scorer }, (text) => {
      const words = wordsOf(text);
      return ALPHA * scorer.textScore(text) + BETA * words.length - 2 * words.filter(unknown).length;
    });
    expectEqual(both);
  });

  it.each(SEEDS)("with a dictionary: no other words (rows %i)", (seed) => {
    const scorer = new TinyModel("word", ["a", "ab", "bb"], seed);
    const settings = { alpha: ALPHA, beta: BETA, dictionary: true };
    const both = bothWays(rowsFor(seed), settings, { scorer }, (text) =>
      wordsOf(text).every((word) => scorer.idOf(word) > 0)
        ? ALPHA * scorer.textScore(text) + BETA * wordsOf(text).length
        : -Infinity,
    );
    expectEqual(both);
    expect(both.found.length).toBeGreaterThan(5);
  });

  it.each(SEEDS)("with a model of characters (rows %i)", (seed) => {
    const scorer = new TinyModel("character", ["a", "b", " "], seed);
    const both = bothWays(
      rowsFor(seed),
      { alpha: ALPHA, beta: BETA },
      { scorer },
      (text) => ALPHA * scorer.textScore(text) + BETA * wordsOf(text).length,
    );
    expectEqual(both);
  });

  it.each(SEEDS)("with hot words, phrases and discouraged words (rows %i)", (seed) => {
    const hotWords = { a: 1.5, "a b": 2, "b a b": 2.5, ba: -3 };
    const worth = (text: string) =>
      Object.entries(hotWords).reduce((sum, [phrase, weight]) => sum + weight * count(text, phrase), 0);
    expectEqual(bothWays(rowsFor(seed), { beta: 0 }, { hotWords }, worth));
  });

  it.each(SEEDS)("without a space in the alphabet, where each symbol counts (rows %i)", (seed) => {
    const spaceless = Alphabet.fromSymbols(["a", "b", "c"]);
    const rows = rowsFor(seed);
    const scorer = new TinyModel("character", ["a", "b", "c"], seed);
    const settings = { ...UNBOUNDED, alpha: ALPHA, beta: BETA };
    const hotWords = { ab: 1, bab: 2 };
    const found = new BeamDecoder(spaceless, settings, { scorer, hotWords }).decode(rows);
    const expected = [...everyText(rows, spaceless)]
      .map(([text, acoustic]) => {
        const hot = count(text, "ab", "") + 2 * count(text, "bab", "");
        return { text, score: acoustic + ALPHA * scorer.textScore(text) + BETA * text.length + hot };
      })
      .toSorted((x, y) => y.score - x.score);
    expect(found.map(({ text }) => text)).toEqual(expected.map(({ text }) => text));
    found.forEach(({ score }, i) => expect(score).toBeCloseTo(expected[i].score, 9));
  });
});

it("tells symbols of a large alphabet apart that share a bit of a dictionary's beginnings", () => {
  const letters = Array.from({ length: 39 }, (_, k) => String.fromCodePoint(0x4e00 + k));
  const large = Alphabet.fromSymbols([...letters, " "]); // the space shares letter 7's bit, letter 34 that of letter 2
  const [word, other] = [letters[2] + letters[7], letters[34]];
  const rows = new Float32Array(8 * large.size).fill(Math.log(1e-9));
  const say = (step: number, symbol: number, p: number) => (rows[step * large.size + symbol] = Math.log(p));
  [2, 7, 39, 34].forEach((symbol, i) => {
    say(2 * i, symbol, 0.3);
    say(2 * i, (symbol + 32) % 64 < 39 ? (symbol + 32) % 64 : 5, 0.7 - 1e-6);
    say(2 * i + 1, large.blank, 1 - 1e-6);
  });
  const settings = { dictionary: true, beta: 0 };
  const [best] = new BeamDecoder(large, settings, { vocabulary: [word, other] }).decode(rows);
  expect(best.text).toBe(`${word} ${other}`);
});

/** How often a phrase is in a text as whole words. */
function count(text: string, phrase: string, edge = " "): number {
  const [whole, part] = [edge + text + edge, edge + phrase + edge];
  let times = 0;
  for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + 1)) times++;
  return times;
}

describe("bounded searches", () => {
  const noModel = { alpha: 0, beta: 0 };
  const many = Array.from({ length: 60 }, (_, seed) => rowsFor(seed, 7));

  it("never give a text more than it has, nor less than a smaller beam finds", () => {
    for (const rows of many.slice(0, 10)) {
      const exact = new BeamDecoder(alphabet, { ...noModel, ...UNBOUNDED }).decode(rows);
      const all = new Map(exact.map(({ text, score }) => [text, score]));
      for (const beam of [1, 4, 16, 64]) {
        const [best] = new BeamDecoder(alphabet, { ...noModel, beam }).decode(rows);
        expect(best.score).toBeLessThanOrEqual(all.get(best.text)! + 1e-9);
      }
      const [wide] = new BeamDecoder(alphabet, { ...noModel, beam: 200 }).decode(rows);
      expect(wide.text).toBe(exact[0].text);
      expect(wide.score).toBeCloseTo(exact[0].score, 2);
    }
  });

  it("with a beam of 1 and one symbol a step are greedy decoding", () => {
    const decoder = new BeamDecoder(alphabet, { ...noModel, beam: 1, symbolLimit: 1 });
    for (const rows of many) {
      const steps = rows.length / alphabet.size;
      const [labels] = greedyDecode(rows, { steps: [steps], symbols: alphabet.size, blank: alphabet.blank });
      const greedy = alphabet.decode(labels).replace(/ +/g, " ").trim();
      expect(decoder.decode(rows)[0].text).toBe(greedy);
    }
  });

  it.each([
    { cutoffProbability: 1e-9 },
    { symbolMass: 1 - 1e-12 },
    { symbolLimit: 4 },
    { beamThreshold: 60 },
  ])("change nothing when no bound is reached: %j", (bound) => {
    for (const rows of many.slice(0, 5)) {
      const free = new BeamDecoder(alphabet, { ...noModel, beam: 50 }).decode(rows);
      const bounded = new BeamDecoder(alphabet, { ...noModel, beam: 50, ...bound }).decode(rows);
      expect(bounded).toEqual(free);
    }
  });

  it("give as many texts as asked for, the best first, all different", () => {
    const found = new BeamDecoder(alphabet, { ...noModel, beam: 50, nBest: 7 }).decode(many[0]);
    expect(found).toHaveLength(7);
    expect(new Set(found.map(({ text }) => text)).size).toBe(7);
    const scores = found.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((x, y) => y - x));
  });
});
