import { describe, expect, it } from "vitest";
import type { Moments } from "../../../src/training/index.ts";
import { drawSweep, readSweep, sweepLearningRate } from "../../../src/training/learner/learning-rate.ts";

/** A step with one utterance of ten symbols. */
const step = (loss: number, learningRate: number) =>
  ({
    losses: Float64Array.of(10 * loss),
    utterances: [{ labels: new Int32Array(10) }],
    learningRate,
  }) as unknown as Moments["batchEnd"];

const position = { epoch: 0, epochs: 1 };

describe("a sweep of the learning rate", () => {
  it("multiplies the rate from the first to the last", async () => {
    const { schedule, callback, points } = sweepLearningRate({ from: 1e-4, to: 1e-1, steps: 4 });
    const rates: number[] = [];
    let answer: unknown;
    while (answer !== "stop") {
      rates.push(schedule(position), schedule(position)); // however often it is asked
      answer = await callback.batchEnd!(step(3, rates.at(-1)!));
    }
    const expected = [1e-4, 1e-3, 1e-2, 1e-1].flatMap((rate) => [rate, rate]);
    expect(rates).toEqual(expected.map((rate) => expect.closeTo(rate, 12)));
    expect(points.map(({ loss }) => loss)).toEqual(points.map(() => expect.closeTo(3, 12))); // nats per symbol
  });

  it("ends when the loss explodes, or is not finite", async () => {
    for (const exploded of [1e6, Number.NaN]) {
      const { callback } = sweepLearningRate({ from: 1e-4, to: 1, steps: 100 });
      expect(await callback.batchEnd!(step(3, 1e-4))).toBeUndefined();
      expect(await callback.batchEnd!(step(exploded, 1e-3))).toBe("stop");
    }
  });

  it("suggests where the loss has all but ended falling", () => {
    const curve = [20, 18, 10, 5, 3.2, 3.05, 3, 3.1, 9];
    const points = curve.map((loss, i) => ({ loss, learningRate: 10 ** (i - 6) }));
    expect(readSweep(points)).toMatchObject({ suggestion: 1e-2, lowest: 1 });
  });

  it("is drawn with the suggestion marked", () => {
    const points = [8, 4, 2, 4].map((loss, i) => ({ loss, learningRate: 10 ** (i - 4) }));
    expect(drawSweep(readSweep(points), 10, 3)).toBe(
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
