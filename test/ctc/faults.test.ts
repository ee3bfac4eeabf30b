import { describe, expect, it } from "vitest";
import { ctcLoss, minimumSteps, type CtcBatch } from "../../src/ctc/index.ts";
import { EarshotError } from "../../src/errors.ts";

const T = 3;
const good: CtcBatch = {
  logits: new Float32Array(T * 2 * 4),
  steps: [3, 2],
  labels: [Int32Array.of(0, 1), Int32Array.of(2)],
  symbols: 4,
  blank: 3,
};

function faultOf(change: Partial<CtcBatch>): EarshotError {
  try {
    ctcLoss({ ...good, ...change });
  } catch (error) {
    if (error instanceof EarshotError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

function withLogit(index: number, value: number): Partial<CtcBatch> {
  const logits = Float32Array.from(good.logits);
  logits[index] = value;
  return { logits };
}

describe("what the CTC loss refuses", () => {
  it("names an alignment that cannot be, with both numbers and the way out", () => {
    const fault = faultOf({ labels: [Int32Array.of(0, 1), Int32Array.of(1, 1)] });
    expect(fault.code).toBe("IMPOSSIBLE_ALIGNMENT");
    expect(fault.message).toBe(
      "utterance 1 of the batch: Its labels need at least 3 steps (2 symbols, 1 repeats) but the network gives 2. " +
        "Leave it out of training (is the recording cut, or paired with another's text?), or lower the stride or the hop.",
    );
  });

  it.each([NaN, Infinity, -Infinity])("names where a logit is %d", (value) => {
    const fault = faultOf(withLogit((1 * 2 + 1) * 4 + 2, value));
    expect(fault).toMatchObject({ code: "NOT_FINITE", where: "utterance 1 of the batch, step 1" });
    expect(fault.problem).toBe(`The logit of symbol 2 is ${value}, so there is no finite loss.`);
    expect(fault.remedy).toContain("learning rate");
  });

  it("names a loss beyond float64 instead of returning infinity", () => {
    const logits = Float64Array.of(1.7e308, -1.7e308);
    const fault = faultOf({ logits, steps: [1], labels: [Int32Array.of(1)], symbols: 2, blank: 0 });
    expect(fault).toMatchObject({
      code: "NOT_FINITE",
      problem: "The loss is Infinity, so there is no finite loss.",
    });
  });

  it.each([
    [3, "Label 3 at position 1 is the blank."],
    [4, "Label 4 at position 1 is outside 0 to 3."],
    [-1, "Label -1 at position 1 is outside 0 to 3."],
  ])("names label %i and its position", (label, problem) => {
    const fault = faultOf({ labels: [Int32Array.of(0, label), Int32Array.of(2)] });
    expect(fault).toMatchObject({ code: "INVALID_LABEL", where: "utterance 0 of the batch", problem });
  });

  it.each([0, 4, 1.5, -1, NaN])("refuses %d steps of 3", (steps) => {
    const fault = faultOf({ steps: [3, steps], labels: [Int32Array.of(0), new Int32Array()] });
    expect(fault).toMatchObject({ code: "INVALID_STEPS", where: "utterance 1 of the batch" });
    expect(fault.problem).toBe(
      `It has ${steps} steps; 1 to 3 were expected, whole, as the batch is padded to 3.`,
    );
  });

  it("names widths that do not fit together", () => {
    expect(faultOf({ logits: new Float32Array(23) })).toMatchObject({
      code: "SHAPE_MISMATCH",
      problem: "The logits hold 23 numbers, which is no whole number of steps of 2 utterances × 4 symbols.",
    });
    expect(faultOf({ labels: [Int32Array.of(0)] }).problem).toBe(
      "There are labels for 1 utterances but steps for 2.",
    );
    expect(faultOf({ blank: 4 }).problem).toBe("The blank is 4, outside 0 to 3.");
  });
});

describe("the fewest steps", () => {
  it.each([
    [[], 0],
    [[5], 1],
    [[5, 5], 3],
    [[1, 2, 2, 2, 1], 7],
  ])("of %j are %i", (labels, steps) => {
    expect(minimumSteps(Int32Array.from(labels))).toBe(steps);
  });
});
