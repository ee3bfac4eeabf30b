// The sliders of the page's CTC by hand, with the loss that they are for.

import { describe, expect, it } from "vitest";
import {
  beginWith,
  BLANK,
  labelsOfText,
  learned,
  probabilitiesOf,
  STEP_COUNTS,
  SYMBOLS,
  TARGETS,
  withSteps,
  withWeight,
} from "../../src/apps/page/how-it-works/by-hand/weights.ts";
import { ctcByHand } from "../../src/walkthrough/index.ts";

describe("the sliders of CTC by hand", () => {
  const of = { symbols: SYMBOLS.length, blank: BLANK };

  it.each(TARGETS)("can begin with the right text, whose loss is least: %s", (text) => {
    for (const steps of STEP_COUNTS) {
      const losses = (["right", "even", "blanks"] as const).map(
        (kind) => ctcByHand(probabilitiesOf(beginWith(kind, steps, text)), labelsOfText(text), of).loss,
      );
      expect(losses[0]).toBe(Math.min(...losses));
    }
  });

  it.each(TARGETS)("learn: each step lowers the loss, until nearly nothing is left of it: %s", (text) => {
    let weights = beginWith("blanks", 5, text);
    let before = Infinity;
    for (let i = 0; i < 60; i++) {
      const { loss, gradient } = ctcByHand(probabilitiesOf(weights), labelsOfText(text), of);
      expect(loss).toBeLessThan(before + 1e-9);
      before = loss;
      weights = learned(weights, gradient);
    }
    expect(before).toBeLessThan(0.3);
    expect(weights.flat().every((weight) => weight >= 1 && weight <= 100)).toBe(true);
  });

  it("keep what was set when there are more steps or fewer", () => {
    const weights = withWeight(beginWith("even", 3, "ab"), 1, 0, 90);
    expect(withSteps(withSteps(weights, 5), 3)).toEqual(weights);
    expect(probabilitiesOf(weights)[3]).toBeCloseTo(90 / 190);
  });
});
