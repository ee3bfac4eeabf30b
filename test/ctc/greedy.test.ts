import { describe, expect, it } from "vitest";
import { greedyDecode, greedyDecodeWithStarts } from "../../src/ctc/index.ts";

/** Logits [T, 1, V] that are largest at the given symbols. */
function oneHot(best: readonly number[], symbols: number): Float32Array {
  const logits = new Float32Array(best.length * symbols).fill(-1);
  best.forEach((k, t) => (logits[t * symbols + k] = 2));
  return logits;
}

describe("greedy decoding", () => {
  it("collapses repeats, then removes blanks, and tells where each label began", () => {
    const path = [3, 0, 0, 3, 0, 1, 1, 2, 3, 3, 2];
    const [decoded] = greedyDecodeWithStarts(oneHot(path, 4), { steps: [path.length], symbols: 4, blank: 3 });
    expect([...decoded.labels]).toEqual([0, 0, 1, 2, 2]);
    expect([...decoded.starts]).toEqual([1, 4, 5, 7, 10]);
  });

  it("takes the lowest index of equals", () => {
    const logits = Float32Array.of(1, 7, 7, 0, /**/ 5, 5, 5, 5);
    expect(greedyDecode(logits, { steps: [2], symbols: 4, blank: 3 })).toEqual([Int32Array.of(1, 0)]);
  });

  it("reads each utterance of a padded batch to its own end", () => {
    const logits = new Float32Array(3 * 2 * 3);
    for (const [t, b, k] of [
      [0, 0, 0],
      [1, 0, 2],
      [2, 0, 0],
      [0, 1, 1],
      [1, 1, 0],
      [2, 1, 1],
    ]) {
      logits[(t * 2 + b) * 3 + k] = 1;
    }
    logits[(1 * 2 + 1) * 3] = NaN; // padding of utterance 1, never read
    expect(greedyDecode(logits, { steps: [3, 1], symbols: 3, blank: 2 })).toEqual([
      Int32Array.of(0, 0),
      Int32Array.of(1),
    ]);
  });

  it("gives no labels for no steps, and nothing for no utterances", () => {
    expect(greedyDecode(new Float32Array(3), { steps: [0], symbols: 3, blank: 2 })).toEqual([
      new Int32Array(),
    ]);
    expect(greedyDecode(new Float32Array(), { steps: [], symbols: 3, blank: 2 })).toEqual([]);
  });

  it("names NaN and wrong shapes instead of decoding nonsense", () => {
    const batch = { steps: [1], symbols: 3, blank: 2 };
    expect(() => greedyDecode(Float32Array.of(0, NaN, 0), batch)).toThrow(
      "utterance 0 of the batch, step 0: A logit is NaN, so no symbol is the likeliest.",
    );
    expect(() => greedyDecode(new Float32Array(4), batch)).toThrow(
      "no whole number of steps of 1 utterances × 3 symbols",
    );
    expect(() => greedyDecode(new Float32Array(3), { ...batch, steps: [2] })).toThrow(
      "It has 2 steps; 0 to 1",
    );
  });
});
