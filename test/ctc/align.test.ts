import { describe, expect, it } from "vitest";
import { alignText } from "../../src/ctc/index.ts";
import { bestPath } from "../../src/ctc/alignment/viterbi.ts";
import { RandomStream } from "../../src/random.ts";
import { Alphabet } from "../../src/text/index.ts";
import { collapse } from "./oracles.ts";
import { randomRows, rowsOf } from "./texts.ts";

const alphabet = Alphabet.fromSymbols(["a", "b", " "]);
const V = alphabet.size;

/** The likeliest path of a text, by trying all V^T. */
function likeliestPath(rows: Float32Array, text: string): number {
  const steps = rows.length / V;
  let best = -Infinity;
  for (let code = 0; code < V ** steps; code++) {
    const path = Array.from({ length: steps }, (_, t) => Math.floor(code / V ** t) % V);
    const spelled = collapse(path, alphabet.blank).map((k) => alphabet.symbols[k]);
    if (spelled.join("").replace(/ +/g, " ").trim() !== text) continue;
    best = Math.max(
      best,
      path.reduce((sum, k, t) => sum + rows[t * V + k], 0),
    );
  }
  return best;
}

/** Steps that are as sure as those of a trained network: symbols with blanks between them, some of them misheard. */
function sureRows(random: RandomStream, labels: readonly number[]): Float32Array {
  const heard = labels.flatMap((label) => [label, alphabet.blank, alphabet.blank]);
  return Float32Array.from(
    heard.flatMap((symbol) => {
      const scores = Array.from({ length: V }, (_, k) => random.normal() + (k === symbol ? 12 : 0));
      const sum = Math.log(scores.reduce((total, score) => total + Math.exp(score), 0));
      return scores.map((score) => score - sum);
    }),
  );
}

describe("a long text", () => {
  // With prices, which are 0 here, all states are followed.
  const prices = { word: new Float64Array(600), pause: new Float64Array(600) };
  it.each([
    ["what was said", 0],
    ["half of it wrong", 0.5],
    ["another text", 1],
  ])("of %s has the path that following all states finds", (_, wrong) => {
    for (let seed = 0; seed < 20; seed++) {
      const random = new RandomStream("long", seed);
      const said = Array.from({ length: 120 }, () => random.integer(3));
      const labels = said.map((label) => (random.uniform() < wrong ? random.integer(3) : label));
      const rows = sureRows(random, said);
      const span = {
        rows,
        fromStep: 0,
        toStep: rows.length / V,
        symbols: V,
        blank: alphabet.blank,
        space: 2,
      };
      const found = bestPath(Int32Array.from(labels), span);
      const all = bestPath(Int32Array.from(labels), span, { words: [], prices });
      expect(found?.score).toBeCloseTo(all!.score, 9);
      if (wrong === 0) expect(found?.starts).toEqual(all!.starts);
    }
  });
});

describe("a text with five errors", () => {
  /** The least time of some runs, in ms. */
  function timeOf(length: number): number {
    const random = new RandomStream("linear", length);
    const said = Array.from({ length }, () => random.integer(3));
    const labels = Int32Array.from(said, (label, i) => (i % (length / 5) === 7 ? (label + 1) % 3 : label));
    const rows = sureRows(random, said);
    const span = { rows, fromStep: 0, toStep: 3 * length, symbols: V, blank: alphabet.blank, space: 2 };
    const times = Array.from({ length: 4 }, () => {
      const start = performance.now();
      bestPath(labels, span);
      return performance.now() - start;
    });
    return Math.min(...times);
  }

  it("takes time by its length, not by the square of it", () => {
    expect(timeOf(2400)).toBeLessThan(30 * timeOf(300)); // 64 times by the square
  });
});

describe("forced alignment", () => {
  it.each([0, 1, 2, 3, 4, 5])("finds the likeliest path of every short text (rows %i)", (seed) => {
    const rows = randomRows(new RandomStream("align", seed), 6, V);
    for (const text of ["", "a", "aa", "a b", "ab ba", "b b a"])
      expect(alignText(rows, text, alphabet).score).toBeCloseTo(likeliestPath(rows, text), 9);
  });

  it("tells when each word and symbol was said, and how well it fits", () => {
    const { words, score } = alignText(rowsOf("_aab__ _b_", alphabet, 0.9), "  ab  b ", alphabet);
    expect(words.map(({ text, startStep, endStep }) => [text, startStep, endStep])).toEqual([
      ["ab", 1, 4],
      ["b", 8, 9],
    ]);
    expect(words[0].symbols.map(({ text, startStep, endStep }) => [text, startStep, endStep])).toEqual([
      ["a", 1, 3],
      ["b", 3, 4],
    ]);
    expect(words[0].symbols[0].probability).toBeCloseTo(0.9, 6);
    expect(words[1].confidence).toBeCloseTo(0.9, 6); // one step, one symbol
    expect(score).toBeCloseTo(10 * Math.log(0.9), 5);
  });

  it("gives a text that was not said a low score and low confidence", () => {
    const rows = rowsOf("_aab__ _b_", alphabet, 0.9);
    const right = alignText(rows, "ab b", alphabet);
    const wrong = alignText(rows, "ba a", alphabet);
    expect(wrong.score).toBeLessThan(right.score - 5);
    expect(wrong.words[1].confidence).toBeLessThan(0.1);
  });

  it("refuses a text that does not fit, with the steps that it needs", () => {
    expect(() => alignText(rowsOf("ab", alphabet), "bb", alphabet)).toThrow(
      "alignment: The text needs at least 3 steps (2 symbols, 1 repeats) but the network gives 2. " +
        "Is the recording cut, or paired with another's text?",
    );
    expect(() => alignText(new Float32Array(0), "a", alphabet)).toThrow("needs at least 1 steps");
    const certain = rowsOf("aa", alphabet, 1); // all else has probability 0
    expect(() => alignText(certain, "b", alphabet)).toThrow(
      "gives every path that spells the text a probability of zero",
    );
  });

  it("refuses what the alphabet cannot spell, and rows that are none", () => {
    expect(() => alignText(rowsOf("a", alphabet), "c", alphabet)).toThrow("The alphabet cannot spell");
    expect(() => alignText(new Float32Array(5), "a", alphabet)).toThrow(
      "no whole number of steps of 4 symbols",
    );
    expect(() => alignText(new Float32Array(4), "a", alphabet)).toThrow("add up to 4.00 instead of 1");
    expect(() => alignText(new Float32Array(4).fill(NaN), "a", alphabet)).toThrow("is not a number");
  });
});
