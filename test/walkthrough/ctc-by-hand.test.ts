import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/random.ts";
import { ctcByHand, longestByHand } from "../../src/walkthrough/index.ts";
import { enumeratePaths, largestError } from "../ctc/oracles.ts";

const [A, B, BLANK] = [0, 1, 2];
const OF = { symbols: 3, blank: BLANK };

function randomProbabilities(steps: number, seed: number): Float64Array {
  const random = new RandomStream(seed, "by hand");
  return Float64Array.from(
    Array.from({ length: steps }, () => {
      const row = Array.from({ length: 3 }, () => 0.05 + random.uniform());
      const sum = row.reduce((a, b) => a + b);
      return row.map((value) => value / sum);
    }).flat(),
  );
}

describe("CTC by hand", () => {
  it("is the textbook's case: two frames, one letter, three paths", () => {
    // P(a) = P(aa) + P(a-) + P(-a) = 0.16 + 0.24 + 0.24, by hand; without b
    const { paths, probability } = ctcByHand(Float64Array.of(0.4, 0.6, 0.4, 0.6), [0], {
      symbols: 2,
      blank: 1,
    });
    expect(paths.filter(({ spells }) => spells).map(({ symbols }) => symbols.join(""))).toEqual([
      "00",
      "01",
      "10",
    ]);
    expect(probability).toBeCloseTo(0.64, 12);
  });

  it.each([3, 4, 5])("counts what the library computes, loss and gradient, with %i steps", (steps) => {
    for (const labels of [[], [A], [A, B], [A, A], [B, A]]) {
      const probabilities = randomProbabilities(steps, steps);
      const { loss, gradient, library } = ctcByHand(probabilities, labels, OF);
      expect(library!.loss).toBeCloseTo(loss, 9);
      expect(largestError(library!.gradient, gradient)).toBeLessThan(1e-6);
      const oracle = enumeratePaths({
        logits: probabilities.map(Math.log),
        labels: Int32Array.from(labels),
        steps,
        ...OF,
      });
      expect(loss).toBeCloseTo(oracle.loss, 9);
      expect(largestError(gradient, oracle.gradient)).toBeLessThan(1e-9);
    }
  });

  it("has a table whose α β / y adds up to the same probability at every step", () => {
    const { probability, library } = ctcByHand(randomProbabilities(4, 7), [A, B], OF);
    const { alpha, beta, path } = library!.table;
    expect([...path]).toEqual([BLANK, A, BLANK, B, BLANK]);
    for (const [t, row] of alpha.entries()) {
      const sum = row.reduce((total, value, s) => total + Math.exp(value + beta[t][s]), 0);
      expect(sum).toBeCloseTo(probability, 9);
    }
  });

  it("says that no path spells what does not fit", () => {
    const { probability, loss, library } = ctcByHand(randomProbabilities(2, 1), [A, A], OF);
    expect([probability, loss, library]).toEqual([0, Infinity, undefined]);
  });

  it("lists all paths, each once, which add up to one", () => {
    const { paths } = ctcByHand(randomProbabilities(5, 3), [A], OF);
    expect(new Set(paths.map(({ symbols }) => symbols.join())).size).toBe(243);
    expect(paths.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9);
    expect(longestByHand(3)).toBe(7);
  });
});
