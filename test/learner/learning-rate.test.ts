import { describe, expect, it } from "vitest";
import { drawSweep, hasExploded, readSweep, runningMean } from "../../src/learner/learning-rate.ts";

const pointsOf = (...losses: readonly number[]) =>
  losses.map((loss, i) => ({ loss, learningRate: 10 ** (i - 4) }));

describe("a sweep of the learning rate", () => {
  it("ends when the loss is four times its lowest, or no number", () => {
    expect(hasExploded(pointsOf(20, 3, 11.9))).toBe(false);
    expect(hasExploded(pointsOf(20, 3, 12))).toBe(true);
    expect(hasExploded(pointsOf(20, 3, Number.NaN))).toBe(true);
  });

  it("smooths the loss without bias at its beginning", () => {
    const mean = runningMean();
    expect([mean(5), mean(5), mean(5)].map((value) => value.toFixed(9))).toEqual(
      Array(3).fill("5.000000000"),
    );
    expect(mean(10)).toBeCloseTo((0.8 * 5 * (1 - 0.8 ** 3) + 0.2 * 10) / (1 - 0.8 ** 4), 12);
  });

  it("suggests where the loss has all but ended falling", () => {
    const points = pointsOf(20, 10, 5, 3.2, 3.05, 3, 3.1, Number.NaN);
    expect(readSweep(points)).toMatchObject({ suggestion: 1e-1, lowest: 10 });
  });

  it("is drawn with the suggestion marked", () => {
    expect(drawSweep(readSweep(pointsOf(8, 4, 2, 4)), 10, 3)).toBe(
      [
        "loss per symbol",
        "•",
        "   •     •",
        "      •",
        "──────▲───",
        "1.0e-4 1.0e-1".replace(" ", ""),
        "lowest loss at 1.0e-2; suggested peak ▲ 1.0e-2",
      ].join("\n"),
    );
  });
});
