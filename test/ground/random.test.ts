// The random numbers: reproducible for ever, and good enough for dropout, shuffling and initial weights. Every key is
// fixed, so no test can fail by chance; the bounds are those of 0.1 % tails.

import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/random.ts";

const draw = <Value>(count: number, next: () => Value): Value[] => Array.from({ length: count }, next);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Pearson's statistic of counts that should all be alike. */
function chiSquare(counts: readonly number[]): number {
  const expected = mean(counts);
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function histogram(values: readonly number[], bins: number): number[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values) counts[value]++;
  return counts;
}

/** Correlation of equally long lists of uniform numbers in [0, 1), whose mean is 1/2 and variance 1/12. */
const correlation = (a: readonly number[], b: readonly number[]) =>
  12 * mean(a.map((value, index) => (value - 0.5) * (b[index] - 0.5)));

// 0.1 % tails of chi-square with 255 degrees of freedom (SciPy 1.17.1, chi2.ppf([0.001, 0.999], 255), rounded outwards)
const [CHI_LOW, CHI_HIGH] = [190, 331];
const SAMPLES = 65_536;
const LARGEST_CORRELATION = 3.3 / Math.sqrt(SAMPLES);

// Written down when the generator was; a change of them would make old runs irreproducible.
const PINNED = {
  bits: [3464620425, 1422990906, 4291873202, 216079343],
  mixed: [0.5542973009869456, 15, 0.839019629287002],
  noKey: 2720414481,
  shuffled: "treasho",
};

describe("the numbers of a stream", () => {
  it("stay as they are, so that runs are reproducible across releases", () => {
    const stream = new RandomStream(1, "dropout", 7);
    expect(draw(4, () => stream.bits())).toEqual(PINNED.bits);
    const values = new RandomStream(2 ** 40 + 5, "ünï", -1);
    expect([values.uniform(), values.integer(1000), values.normal()]).toEqual(PINNED.mixed);
    expect(new RandomStream().bits()).toBe(PINNED.noKey);
    expect(new RandomStream("order").shuffle([..."earshot"]).join("")).toBe(PINNED.shuffled);
  });
  it("depend on the key and the count of draws alone", () => {
    const [one, other] = [new RandomStream(3, "a"), new RandomStream(3, "a")];
    const first = draw(5, () => one.bits());
    new RandomStream(3, "b").bits();
    expect(draw(5, () => other.bits())).toEqual(first);
  });
  it("differ between keys that look alike", () => {
    const keys = [
      [],
      [0],
      [1],
      [2],
      [-1],
      [2 ** 32],
      [2 ** 32 + 1],
      [1, 2],
      [2, 1],
      [1, 0],
      ["1"],
      ["1", "2"],
    ];
    const more = [["12"], ["ab", "c"], ["a", "bc"], ["abc"], ["", "abc"], [""], ["", ""], [1, "a"], ["a", 1]];
    const starts = [...keys, ...more].map((key) => {
      const stream = new RandomStream(...key);
      return draw(2, () => stream.bits()).join();
    });
    expect(new Set(starts).size).toBe(starts.length);
  });
  it.each([
    ["one after another", () => new RandomStream(1, "chi")],
    ["with another key", () => new RandomStream(2, "chi")],
  ])("fill 256 bins evenly by their high bits and by their low bits, %s", (_, open) => {
    for (const shift of [24, 12, 0]) {
      const stream = open();
      const bins = histogram(
        draw(SAMPLES, () => (stream.bits() >>> shift) & 255),
        256,
      );
      expect(chiSquare(bins)).toBeGreaterThan(CHI_LOW);
      expect(chiSquare(bins)).toBeLessThan(CHI_HIGH);
    }
  });
  it("fill the bins evenly too as the first numbers of streams whose keys count up", () => {
    let key = 0;
    const firsts = draw(SAMPLES, () => new RandomStream(1, "utterance", key++).integer(256));
    expect(chiSquare(histogram(firsts, 256))).toBeGreaterThan(CHI_LOW);
    expect(chiSquare(histogram(firsts, 256))).toBeLessThan(CHI_HIGH);
  });
  it("are not correlated with those before them, nor with those of the next key", () => {
    const stream = new RandomStream(1, "lag");
    const values = draw(SAMPLES + 100, () => stream.uniform());
    const now = values.slice(0, SAMPLES);
    for (const lag of [1, 2, 3, 7, 16, 100])
      expect(Math.abs(correlation(now, values.slice(lag, lag + SAMPLES)))).toBeLessThan(LARGEST_CORRELATION);
    const next = new RandomStream(2, "lag");
    const others = draw(SAMPLES, () => next.uniform());
    expect(Math.abs(correlation(now, others))).toBeLessThan(LARGEST_CORRELATION);
  });
});

describe("uniform, integer and normal numbers", () => {
  it("are uniform in [0, 1)", () => {
    const stream = new RandomStream(4);
    const values = draw(SAMPLES, () => stream.uniform());
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(Math.abs(mean(values) - 0.5)).toBeLessThan(3.3 / Math.sqrt(12 * SAMPLES));
  });
  it.each([1, 2, 3, 10, 1000])("are the integers below %i, all of them and no other", (bound) => {
    const stream = new RandomStream("bound", bound);
    const values = draw(20 * bound, () => stream.integer(bound));
    expect(values.every((value) => Number.isInteger(value) && value >= 0 && value < bound)).toBe(true);
    expect(new Set(values).size).toBe(bound);
  });
  it("are normal, with mean 0, variance 1 and the tails of the bell", () => {
    const stream = new RandomStream("normal");
    const values = draw(SAMPLES, () => stream.normal());
    expect(values.every(Number.isFinite)).toBe(true);
    expect(Math.abs(mean(values))).toBeLessThan(3.3 / Math.sqrt(SAMPLES));
    const power = (exponent: number) => mean(values.map((value) => value ** exponent));
    expect(Math.abs(power(2) - 1)).toBeLessThan(3.3 * Math.sqrt(2 / SAMPLES));
    expect(Math.abs(power(3))).toBeLessThan(3.3 * Math.sqrt(15 / SAMPLES));
    expect(Math.abs(power(4) - 3)).toBeLessThan(3.3 * Math.sqrt(96 / SAMPLES));
  });
});

describe("shuffle", () => {
  it("gives a permutation and leaves its argument alone", () => {
    const items = Array.from({ length: 100 }, (_, index) => index);
    const shuffled = new RandomStream(5).shuffle(Object.freeze(items));
    expect(shuffled).not.toEqual(items);
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(items);
    expect(new RandomStream(5).shuffle([])).toEqual([]);
    expect(new RandomStream(5).shuffle(["only"])).toEqual(["only"]);
  });
  it("gives each of the six orders of three items equally often", () => {
    const orders = ["abc", "acb", "bac", "bca", "cab", "cba"];
    const stream = new RandomStream(6, "orders");
    const drawn = draw(12_000, () => orders.indexOf(stream.shuffle(["a", "b", "c"]).join("")));
    expect(chiSquare(histogram(drawn, 6))).toBeLessThan(20.6); // 0.1 % tail, 5 degrees of freedom
  });
});
