import { describe, expect, it } from "vitest";
import { median, quantile } from "../../src/quantiles.ts";

describe("quantiles", () => {
  // numpy 2.4.6: np.quantile([1, 2, 4, 8, 16], share)
  it.each([
    [0, 1],
    [0.05, 1.2],
    [0.5, 4],
    [0.6, 5.6],
    [0.95, 14.4],
    [1, 16],
  ])("lie between the nearest ranks: %d of five values is %d", (share, expected) => {
    expect(quantile([1, 2, 4, 8, 16], share)).toBeCloseTo(expected, 12);
  });

  it("of one value are that value, and of none are no number", () => {
    expect([0, 0.3, 1].map((share) => quantile([7], share))).toEqual([7, 7, 7]);
    expect(quantile([], 0.5)).toBeNaN();
    expect(median([])).toBeNaN();
  });

  it("may be infinite, as the levels of digital silence are", () => {
    expect(quantile([-Infinity, -Infinity, 0], 0.25)).toBe(-Infinity);
    expect(quantile([-Infinity, 0], 0.5)).toBe(-Infinity);
  });

  it("have the mean of the two middle values as their median, whatever the order", () => {
    expect(median([10, 9, 100, 8])).toBe(9.5);
    expect(median(new Set([3, 1, 2]))).toBe(2);
  });
});
