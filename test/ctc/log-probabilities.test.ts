import { describe, expect, it } from "vitest";
import { addLogs } from "../../src/ctc/log-probabilities.ts";
import { RandomStream } from "../../src/random.ts";

const COUNT = 2000;

describe("logarithms of sums", () => {
  it("are those of the definition within 4e-13, also where they take the place of their terms", () => {
    const random = new RandomStream("sums", 1);
    const a = Float64Array.from({ length: COUNT }, () => 40 * random.normal());
    const b = a.map((log) => log + 50 * (random.uniform() - 0.5));
    const expected = a.map((log, k) => {
      const larger = Math.max(log, b[k]);
      return larger + Math.log1p(Math.exp(Math.min(log, b[k]) - larger));
    });
    addLogs(a, b, b, COUNT);
    expect(Math.max(...b.map((log, k) => Math.abs(log - expected[k])))).toBeLessThan(4e-13);
  });

  it("of nothing and something are the something; those beyond the count stay", () => {
    const a = Float64Array.of(-Infinity, -2, -Infinity, -3);
    addLogs(a, Float64Array.of(-1, -Infinity, -Infinity, -3), a, 3);
    expect([...a]).toEqual([-1, -2, -Infinity, -3]);
  });
});
