import { describe, expect, it } from "vitest";
import { drawRates, improvementProbability, interval95 } from "../../src/evaluation/comparison/bootstrap.ts";
import { matchedPairs, segmentsOf, twoTailed } from "../../src/evaluation/comparison/matched-pairs.ts";
import { holm, systemPairs } from "../../src/evaluation/comparison/system-pairs.ts";
import { countWordErrors, markWords } from "../../src/evaluation/comparison/word-marks.ts";
import { recognizedByTwo } from "./recognized-by-two.ts";

const heard = (reference: string, first: string, second: string, other = reference) => ({
  references: [reference, other],
  hypotheses: [first, second],
});
const segments = (...texts: [string, string, string]) => segmentsOf(markWords(heard(...texts))!);

describe("the matched-pairs test", () => {
  it("gives the segments, mean and z of NIST's sc_stats (sctk 2.4.10, sclite -i rm, mapsswe)", () => {
    const near = matchedPairs(recognizedByTwo(200, [0.06, 0.05]));
    expect(near.segments).toBe(187); // # segs: 187, mean: -0.005, Z Stat: -0.085
    expect(near.meanDifference).toBeCloseTo(-0.005, 3);
    expect(near.z).toBeCloseTo(-0.085, 3);
    const far = matchedPairs(recognizedByTwo(200, [0.12, 0.06]));
    expect(far.segments).toBe(220); // # segs: 220, mean: 0.395, Z Stat: 6.222, p < 0.001
    expect(far.meanDifference).toBeCloseTo(0.395, 3);
    expect(far.z).toBeCloseTo(6.222, 3);
    expect(far.p).toBeLessThan(0.001);
  });

  it("parts an utterance where both have two words right, and counts insertions to the side they stand on", () => {
    expect(segments("a b c d", "a b c d", "a b c d")).toEqual([]);
    expect(segments("a b c d e", "x b c d e", "a b c d y")).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(segments("a b c d", "x b c d", "a b y d")).toEqual([[1, 1]]); // only one word between
    expect(segments("a b c d", "a b x c d", "a b c d x")).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(segments("a b", "", "a b x")).toEqual([[2, 1]]);
  });

  it("counts capitals as small letters, and an utterance that is spelled in different words as one segment", () => {
    expect(matchedPairs([heard("a b", "a x", "A B", "A B")])).toMatchObject({
      segments: 1,
      meanDifference: 1,
    });
    const numbers = heard("room one oh one", "room one oh on", "room 101", "room 101");
    expect(markWords(numbers)).toBeUndefined();
    expect(countWordErrors(numbers)).toEqual([1, 0]);
    expect(matchedPairs([numbers])).toMatchObject({ segments: 1, meanDifference: 1 });
  });

  it("of few segments tries all ways of exchanging the two", () => {
    for (const rates of [
      [0.3, 0.05],
      [0.1, 0.2],
    ] as const) {
      const utterances = recognizedByTwo(9, rates);
      const differences = utterances
        .flatMap((utterance) => segmentsOf(markWords(utterance)!))
        .map(([a, b]) => a - b);
      expect(differences.length).toBeLessThan(20);
      expect(matchedPairs(utterances).p).toBeCloseTo(triedOneByOne(differences), 12);
    }
    expect(matchedPairs([])).toEqual({ segments: 0, meanDifference: 0, z: 0, p: 1 });
    expect(matchedPairs([heard("a", "a", "b"), heard("b", "b", "a")]).p).toBe(0.5); // both ways of four
  });

  it("knows the normal distribution (values of Abramowitz & Stegun, tables 26.1 and 26.2)", () => {
    for (const [z, p] of [
      [0, 1],
      [1, 0.3173105078629141],
      [1.96, 0.04999579029644087],
      [3, 0.0026997960632601866],
      [-6, 1.973175290075331e-9],
    ])
      expect(twoTailed(z) / p).toBeCloseTo(1, 12);
  });
});

/** How often a sum of as large a size comes of all signs. */
function triedOneByOne(differences: readonly number[]): number {
  const found = Math.abs(differences.reduce((sum, each) => sum + each, 0));
  let times = 0;
  for (let signs = 0; signs < 2 ** differences.length; signs++) {
    const sum = differences.reduce((total, each, i) => total + ((signs >> i) & 1 ? each : -each), 0);
    if (Math.abs(sum) >= found) times++;
  }
  return times / 2 ** differences.length;
}

describe("the bootstrap", () => {
  const utterances = [
    { words: [4, 4], errors: [2, 0] },
    { words: [1, 1], errors: [0, 1] },
    { words: [6, 6], errors: [3, 1] },
    { words: [2, 3], errors: [0, 0] },
  ];
  /** Of all 4⁴ tests that can be drawn from four utterances. */
  const allTests = () => {
    const rates: [number, number][] = [];
    for (let draw = 0; draw < 4 ** 4; draw++) {
      const chosen = [0, 1, 2, 3].map((i) => utterances[Math.floor(draw / 4 ** i) % 4]);
      const total = (figure: "words" | "errors", m: number) =>
        chosen.reduce((sum, each) => sum + each[figure][m], 0);
      rates.push([0, 1].map((m) => total("errors", m) / total("words", m)) as [number, number]);
    }
    return rates;
  };

  it("comes to what all tests that can be drawn come to", () => {
    const all = allTests();
    const [first, second] = drawRates(utterances, { draws: 100_000 });
    const share = (holds: (rates: [number, number]) => boolean) => all.filter(holds).length / all.length;
    const better = share(([a, b]) => b < a) + share(([a, b]) => a === b) / 2;
    expect(improvementProbability(first, second)).toBeCloseTo(better, 2);
    const differences = second.map((rate, i) => rate - first[i]);
    const exact = interval95(Float64Array.from(all, ([a, b]) => b - a));
    const { low, high } = interval95(differences);
    expect(share(([a, b]) => b - a < low - 1e-9)).toBeLessThan(0.025 + 0.005);
    expect(share(([a, b]) => b - a > high + 1e-9)).toBeLessThan(0.025 + 0.005);
    expect(low).toBeCloseTo(exact.low, 1);
    expect(high).toBeCloseTo(exact.high, 1);
  });

  it("is the same for the same seed and another for another", () => {
    expect(drawRates(utterances, { draws: 50 })).toEqual(drawRates(utterances, { draws: 50, seed: 1 }));
    expect(drawRates(utterances, { draws: 50 })).not.toEqual(drawRates(utterances, { draws: 50, seed: 2 }));
  });
});

describe("two systems of several", () => {
  it("are told apart by words, with insertions, and with all pairs looked at", () => {
    const utterances = [
      { references: ["a b c", "a b c", "a b c"], hypotheses: ["a x c", "a b c", "a b c d"] },
      { references: ["b b", "b b", "b b"], hypotheses: ["x x", "x b", "b b"] },
    ];
    const drawn = drawRates(
      utterances.map((each) => ({ words: [3, 3, 3], errors: countWordErrors(each) })),
      { draws: 100 },
    );
    const pairs = systemPairs(utterances, [0.6, 0.2, 0.2], drawn);
    expect(pairs.map(({ first, second }) => [first, second])).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
    expect(pairs[0]).toMatchObject({
      onlyFirst: [{ word: "b", times: 2 }],
      onlySecond: [],
      bothWrong: 1,
      inserted: [0, 0],
    });
    expect(pairs[0].difference).toBeCloseTo(-0.4, 12);
    expect(pairs[2]).toMatchObject({ onlyFirst: [{ word: "b", times: 1 }], inserted: [0, 1] });
    expect(pairs.every(({ p, adjustedP }) => adjustedP >= p)).toBe(true);
  });

  it("have their p adjusted as Holm's paper does", () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
    expect(holm([0.9, 0.5])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});
