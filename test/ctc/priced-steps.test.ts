// Paths that pay for words at silent steps and for pauses at steps with sound: against all V^T paths, each with all ways to
// part it into words and pauses.

import { describe, expect, it } from "vitest";
import { alignText, type StepPrices } from "../../src/ctc/index.ts";
import { RandomStream } from "../../src/random.ts";
import { Alphabet } from "../../src/text/index.ts";
import { collapse } from "./oracles.ts";
import { randomRows, rowsOf } from "./texts.ts";

const alphabet = Alphabet.fromSymbols(["a", "b", " "]);
const V = alphabet.size;
const PRICE = 3;

/** Of steps with sound, "s", and silent ones, ".". */
function pricesOf(steps: string): StepPrices {
  const of = (symbol: string) => Float64Array.from(steps, (step) => (step === symbol ? PRICE : 0));
  return { word: of("."), pause: of("s") };
}

/** The least that a path pays: for each gap, one run of it is the pause and the rest is the sound of the words beside it. */
function leastPrice(path: readonly number[], { word, pause }: StepPrices): number {
  const inGap = (t: number) => path[t] === alphabet.blank || path[t] === alphabet.symbols.indexOf(" ");
  let total = 0;
  for (let t = 0; t < path.length;) {
    let to = t + 1;
    while (to < path.length && inGap(t) && inGap(to)) to++;
    const steps = Array.from({ length: to - t }, (_, i) => t + i);
    const isBetween =
      inGap(t) && (t === 0 || to === path.length || steps.some((step) => path[step] !== alphabet.blank));
    total += isBetween ? leastOfGap(steps, t === 0, to === path.length, word, pause) : sum(steps, word);
    t = to;
  }
  return total;
}

const sum = (steps: readonly number[], prices: Float64Array) =>
  steps.reduce((total, step) => total + prices[step], 0);

/** Before the first word and after the last there is no other word: the pause goes to the end. */
function leastOfGap(
  steps: readonly number[],
  isFirst: boolean,
  isLast: boolean,
  word: Float64Array,
  pause: Float64Array,
): number {
  let least = Infinity;
  for (let from = 0; from <= (isFirst ? 0 : steps.length); from++)
    for (let to = isLast ? steps.length : from; to <= steps.length; to++)
      least = Math.min(
        least,
        sum(steps.slice(0, from), word) + sum(steps.slice(from, to), pause) + sum(steps.slice(to), word),
      );
  return least;
}

/** Over all paths that spell the text: ln of its probability less its price, and ln of its probability. */
function best(rows: Float32Array, text: string, prices: StepPrices) {
  const steps = rows.length / V;
  let most = { value: -Infinity, score: -Infinity };
  for (let code = 0; code < V ** steps; code++) {
    const path = Array.from({ length: steps }, (_, t) => Math.floor(code / V ** t) % V);
    const spelled = collapse(path, alphabet.blank).map((k) => alphabet.symbols[k]);
    if (spelled.join("").replace(/ +/g, " ").trim() !== text) continue;
    const score = path.reduce((total, k, t) => total + rows[t * V + k], 0);
    const value = score - leastPrice(path, prices);
    if (value > most.value) most = { value, score };
  }
  return most;
}

describe("forced alignment with prices of steps", () => {
  it.each([0, 1, 2, 3, 4, 5])("finds the path that is worth most (rows %i)", (seed) => {
    const rows = randomRows(new RandomStream("priced", seed), 6, V);
    for (const text of ["a", "ab", "a b", "b b"])
      for (const steps of ["ss..ss", ".ss.s.", "......"])
        expect(alignText(rows, text, alphabet, pricesOf(steps)).score).toBeCloseTo(
          best(rows, text, pricesOf(steps)).score,
          5,
        );
  });

  it("keeps a word on one side of a pause, and gives each sound its word", () => {
    const rows = rowsOf("_a________b_ _b_", alphabet, 0.9);
    const times = (prices?: StepPrices) =>
      alignText(rows, "ab b", alphabet, prices).words.map(({ startStep, endStep }) => [startStep, endStep]);
    expect(times()).toEqual([[1, 11], [14, 15]]); // prettier-ignore
    const [[, end], [start]] = times(pricesOf("ssss.....sss.sss"));
    expect(end).toBeLessThanOrEqual(4);
    expect(start).toBeGreaterThanOrEqual(9);
  });

  it("without a price is as without prices", () => {
    const rows = randomRows(new RandomStream("priced", 9), 40, V);
    const free = { word: new Float64Array(40), pause: new Float64Array(40) };
    expect(alignText(rows, "ab ba a", alphabet, free)).toEqual(alignText(rows, "ab ba a", alphabet));
  });
});
