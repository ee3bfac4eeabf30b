import { describe, expect, it } from "vitest";
import { scaleOver } from "../../src/report/scale.ts";

describe("a linear axis", () => {
  it.each([
    [
      [0, 1],
      [0, 0.2, 0.4, 0.6, 0.8, 1],
    ],
    [
      [0.03, 0.97],
      [0, 0.2, 0.4, 0.6, 0.8, 1],
    ],
    [
      [3, 17],
      [0, 5, 10, 15, 20],
    ],
    [
      [-0.3, 0.1],
      [-0.3, -0.2, -0.1, 0, 0.1],
    ],
    [
      [99.7, 100.2],
      [99.7, 99.8, 99.9, 100, 100.1, 100.2],
    ],
    [
      [1.2e-7, 9e-7],
      [0, 2e-7, 4e-7, 6e-7, 8e-7, 1e-6],
    ],
  ])("over %j is marked at %j, and its ends are marks", (values, ticks) => {
    const scale = scaleOver(values, "linear");
    expect(scale.ticks).toEqual(ticks);
    expect(scale.place(ticks[0])).toBeCloseTo(0);
    expect(scale.place(ticks.at(-1)!)).toBeCloseTo(1);
    expect(scale.place((ticks[0] + ticks.at(-1)!) / 2)).toBeCloseTo(0.5);
  });
  it("ends at the values themselves when it is tight", () => {
    const { ticks, place } = scaleOver([0, 16], "linear", { tight: true });
    expect(ticks).toEqual([0, 5, 10, 15]);
    expect([0, 8, 16].map(place)).toEqual([0, 0.5, 1]);
  });
  it("holds 0 when asked to", () => {
    expect(scaleOver([5, 6], "linear", { fromZero: true }).ticks).toEqual([0, 2, 4, 6]);
  });
  it("has room around a single value, around none, and around zeros", () => {
    expect(scaleOver([7], "linear").ticks).toEqual([0, 2, 4, 6, 8]);
    expect(scaleOver([-7], "linear").ticks).toEqual([-8, -6, -4, -2, 0]);
    expect(scaleOver([], "log").ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(scaleOver([0, 0], "linear").ticks.at(-1)).toBe(1);
  });
});

describe("a logarithmic axis", () => {
  it.each([
    [
      [1, 1e8],
      [1, 100, 1e4, 1e6, 1e8],
    ],
    [
      [1, 1e5],
      [1, 10, 100, 1e3, 1e4, 1e5],
    ],
    [
      [2, 250],
      [3, 10, 30, 100],
    ],
    [
      [1, 12],
      [1, 2, 5, 10],
    ],
    [
      [30, 42],
      [30, 35, 40],
    ],
  ])("over %j is marked at %j", (values, ticks) => {
    const scale = scaleOver(values, "log");
    expect(scale.ticks).toEqual(ticks);
    expect(values.map(scale.place)).toEqual([0, 1]);
  });
  it("places equal ratios equally far apart", () => {
    const { place } = scaleOver([1, 10_000], "log");
    expect([1, 10, 100, 1000, 10_000].map(place)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });
  it("is linear where there is one value only", () => {
    expect(scaleOver([3, 3], "log").place(3)).toBeGreaterThan(0.5);
  });
});
