import { describe, expect, it } from "vitest";
import { BeamDecoder, GreedyDecoder } from "../../src/ctc/index.ts";
import type { DecoderSettings, Emission, Knowledge } from "../../src/ctc/index.ts";
import { PrefixProbabilities, type TextPaths } from "../../src/ctc/decoder/prefix-probabilities.ts";
import { START } from "../../src/ctc/decoder/prefix-tree.ts";
import { RandomStream } from "../../src/random.ts";
import { Alphabet } from "../../src/text/index.ts";
import { everyText, randomRows, rowsOf, TinyModel, wordsOf } from "./texts.ts";

const alphabet = Alphabet.fromSymbols(["a", "b", " "]);
const english = Alphabet.english();
const UNBOUNDED = { beam: 1_000_000, beamThreshold: 1e9, nBest: 1_000_000 };
const NO_MODEL = { alpha: 0, beta: 0 };
const SEEDS = Array.from({ length: 8 }, (_, seed) => seed);

const randomFor = (name: string, seed: number, steps: number, symbols = alphabet.size) =>
  randomRows(new RandomStream(name, seed), steps, symbols, 1 + (seed % 3));

/** Two models whose steps differ in number and length, the first of more weight. */
function twoModels(seed: number, symbols = alphabet.size): Emission[] {
  return [
    { rows: randomFor("first", seed, 6, symbols), stepMs: 20, weight: 0.7 },
    { rows: randomFor("second", seed, 4, symbols), stepMs: 30, weight: 0.3 },
  ];
}

const alike = (...rows: Float32Array[]): Emission[] =>
  rows.map((own) => ({ rows: own, stepMs: 20, weight: 1 / rows.length }));

/** The weighted sum of ln P(c|x) over the models, of every text that all of them can spell, by enumeration of paths. */
function everyTextOf(emissions: readonly Emission[], own: Alphabet): Map<string, number> {
  const [first, ...others] = emissions.map(({ rows }) => everyText(rows, own));
  const texts = [...first.keys()].filter((text) => others.every((each) => each.has(text)));
  const maps = [first, ...others];
  const sumOf = (text: string) =>
    maps.reduce((sum, each, m) => sum + emissions[m].weight * each.get(text)!, 0);
  return new Map(texts.map((text) => [text, sumOf(text)]));
}

function expectExact(
  emissions: readonly Emission[],
  settings: Partial<DecoderSettings>,
  knowledge: Knowledge,
  worth: (text: string) => number,
  own = alphabet,
): void {
  const found = new BeamDecoder(own, { ...UNBOUNDED, ...settings }, knowledge).decodeTogether(emissions);
  const expected = [...everyTextOf(emissions, own)]
    .map(([text, acoustic]) => ({ text, acoustic, score: acoustic + worth(text) }))
    .filter(({ score }) => score > -Infinity)
    .toSorted((x, y) => y.score - x.score);
  expect(found.map(({ text }) => text)).toEqual(expected.map(({ text }) => text));
  found.forEach(({ score, acousticScore }, i) => {
    expect(score).toBeCloseTo(expected[i].score, 9);
    expect(acousticScore).toBeCloseTo(expected[i].acoustic, 9);
  });
}

describe("the joint search without bounds is the search over all texts, by the weighted sum of what models say", () => {
  it.each(SEEDS)("without a language model (rows %i)", (seed) => {
    expectExact(twoModels(seed), NO_MODEL, {}, () => 0);
  });

  it.each(SEEDS)("with a model of words, some of them unknown (rows %i)", (seed) => {
    const scorer = new TinyModel("word", ["a", "ab", "bb"], seed);
    const settings = { alpha: 0.7, beta: 0.9, unknownWordPenalty: 2 };
    expectExact(twoModels(seed), settings, { scorer }, (text) => {
      const words = wordsOf(text);
      const unknown = words.filter((word) => scorer.idOf(word) === 0).length;
      return 0.7 * scorer.textScore(text) + 0.9 * words.length - 2 * unknown;
    });
  });

  it.each(SEEDS)("with a dictionary: no other words (rows %i)", (seed) => {
    const settings = { ...NO_MODEL, dictionary: true };
    expectExact(twoModels(seed), settings, { vocabulary: ["ab", "b"] }, (text) =>
      wordsOf(text).every((word) => ["ab", "b"].includes(word)) ? 0 : -Infinity,
    );
  });

  it.each(SEEDS)("with hot words (rows %i)", (seed) => {
    expectExact(twoModels(seed), NO_MODEL, { hotWords: { ab: 3, b: -1 } }, (text) =>
      wordsOf(text).reduce((sum, word) => sum + (word === "ab" ? 3 : word === "b" ? -1 : 0), 0),
    );
  });

  it.each(SEEDS)("with three models, without a space in the alphabet (rows %i)", (seed) => {
    const spaceless = Alphabet.fromSymbols(["a", "b", "c"]);
    const three = [
      ...twoModels(seed).map((each) => ({ ...each, weight: each.weight / 2 })),
      { rows: randomFor("third", seed, 5), stepMs: 24, weight: 0.5 },
    ];
    const settings = { alpha: 0, beta: 0.5 };
    expectExact(three, settings, {}, (text) => 0.5 * text.length, spaceless);
  });
});

describe("prefix probabilities", () => {
  it.each(SEEDS)(
    "of all continuations and of the text itself add up to that of the beginning (rows %i)",
    (seed) => {
      const model = new PrefixProbabilities(randomFor("rows", seed, 7), alphabet);
      const check = (paths: TextPaths, last: number, whole: number, depth: number): void => {
        const isSpace = last === alphabet.symbols.indexOf(" ");
        const logs = [...model.continuations(paths, last)];
        const space = alphabet.symbols.indexOf(" ");
        // After a space, and before the first symbol, another space changes nothing.
        const goesOn = (k: number) => k !== alphabet.blank && !((isSpace || last === START) && k === space);
        const ended = paths.toStep > model.steps ? paths.total[model.steps - paths.fromStep] : 0;
        let sum = ended * Math.exp(paths.logScale);
        logs.forEach((log, k) => (sum += goesOn(k) ? Math.exp(log) : 0));
        expect(sum).toBeCloseTo(whole, 6); // rows in float32 add up to 1 no better
        if (depth === 0) return;
        for (const [k, log] of logs.entries()) {
          const longer = goesOn(k) ? model.extended(paths, last, k) : undefined;
          if (longer) check(longer, k, Math.exp(log), depth - 1);
        }
      };
      check(model.empty(), START, 1, 3);
    },
  );
});

describe("several models", () => {
  const decoders = [new GreedyDecoder(english), new BeamDecoder(english, { ...NO_MODEL, beam: 20 })];

  it.each(decoders)("that say each symbol at another moment agree on the text (%#)", (decoder) => {
    // Averaged step by step, the blanks of each hide the symbols of the other.
    const early = rowsOf("h_e_l_l_o___t_h_e_r_e______ ", english, 0.95);
    const text = "hello there";
    const spaced = [...text].map((symbol) => `__${symbol}`).join("");
    const late = rowsOf(spaced, english, 0.95);
    const first = rowsOf([...text].map((symbol) => `${symbol}__`).join(""), english, 0.95);
    expect(decoder.decodeTogether(alike(first, late))[0].text).toBe(text);
    expect(decoder.decodeTogether(alike(first, late, early))[0].text).toBe(text);
  });

  it.each(decoders)("decide by how sure each is, not by how many steps it takes (%#)", (decoder) => {
    const right = { rows: rowsOf("_c_a_t_", english, 0.9), stepMs: 20, weight: 0.5 };
    const wrong = { rows: rowsOf("__bbb___aaa___ttt___", english, 0.8), stepMs: 7, weight: 0.5 };
    expect(decoder.decodeTogether([right, wrong])[0].text).toMatch(/^[cb]at$/);
    expect(
      decoder.decodeTogether([
        { ...right, weight: 0.9 },
        { ...wrong, weight: 0.1 },
      ])[0].text,
    ).toBe("cat");
    expect(
      decoder.decodeTogether([
        { ...right, weight: 0.01 },
        { ...wrong, weight: 0.99 },
      ])[0].text,
    ).toBe("bat");
  });

  it.each(SEEDS)("that are one twice give the text of that one (rows %i)", (seed) => {
    const decoder = new BeamDecoder(alphabet, { ...NO_MODEL, beam: 500 });
    const rows = randomFor("rows", seed, 7);
    const [alone] = decoder.decode(rows);
    const [twice] = decoder.decodeTogether(alike(rows, rows));
    expect(twice.text).toBe(alone.text);
    expect(twice.score).toBeCloseTo(alone.score, 6);
    twice.words.forEach(({ startStep, endStep }, i) => {
      expect(startStep).toBeCloseTo(alone.words[i].startStep, 9);
      expect(endStep).toBeCloseTo(alone.words[i].endStep, 9);
    });
  });

  it.each(decoders)("give words the mean of their times, in steps of the first (%#)", (decoder) => {
    const fast = { rows: rowsOf("__aa____bb__", english), stepMs: 10, weight: 0.5 };
    const slow = { rows: rowsOf("_a_ _b", english), stepMs: 20, weight: 0.5 };
    const [{ text, words }] = decoder.decodeTogether([
      slow,
      { ...fast, rows: rowsOf("aa____   bbb", english) },
    ]);
    expect(text).toBe("a b");
    // In ms 20 to 40 and 100 to 120 to the one, 0 to 20 and 90 to 120 to the other.
    expect(words.map(({ startStep, endStep }) => [20 * startStep, 20 * endStep])).toEqual([
      [10, 30],
      [95, 120],
    ]);
    for (const { confidence } of words) expect(confidence).toBeGreaterThan(0.6);
  });

  it.each(decoders)("can disagree on everything, or have no steps at all (%#)", (decoder) => {
    const [empty] = decoder.decodeTogether(alike(new Float32Array(0), new Float32Array(0)));
    expect(empty).toMatchObject({ text: "", words: [] });
    const sure = (path: string) => rowsOf(path, english, 1);
    const [{ text, score }] = decoder.decodeTogether(alike(sure("_abc_"), sure("_xyz_")));
    expect(text).toHaveLength(3);
    expect(score).toBeGreaterThan(-Infinity);
    expect(decoder.decodeTogether(alike(sure("_".repeat(900)), sure("_ab".repeat(300))))).toHaveLength(1);
  });

  it("refuse rows that are no log-probabilities", () => {
    const decoder = new GreedyDecoder(alphabet);
    const rows = randomFor("rows", 1, 4);
    expect(() =>
      decoder.decodeTogether(
        alike(
          rows,
          rows.map((log) => log + 1),
        ),
      ),
    ).toThrow("instead of 1");
    expect(() => decoder.decodeTogether(alike(rows, rows.subarray(1)))).toThrow("no whole number of steps");
  });

  it("keep the meaning of a language model's weight: two of a kind choose as one does", () => {
    const scorer = new TinyModel("word", ["ab", "ba"], 3);
    for (const alpha of [0.5, 2, 8]) {
      const decoder = new BeamDecoder(alphabet, { alpha, beta: 0, beam: 500 }, { scorer });
      for (const seed of SEEDS) {
        const rows = randomFor("rows", seed, 7);
        expect(decoder.decodeTogether(alike(rows, rows))[0].text).toBe(decoder.decode(rows)[0].text);
      }
    }
  });
});
