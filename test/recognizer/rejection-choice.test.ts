import { describe, expect, it } from "vitest";
import { GreedyDecoder } from "../../src/ctc/index.ts";
import { rejecting, type RejectionChoice } from "../../src/recognizer/decoding.ts";
import { Alphabet } from "../../src/text/index.ts";

const decoder = new GreedyDecoder(Alphabet.english());
const calibrated = {
  decoding: { rejection: { weights: { spelling: 1, certainty: 0 }, bias: 3, threshold: 0.5 } },
  stepMs: 20,
};
const chosen = (choice: unknown) => rejecting(decoder, calibrated, choice as RejectionChoice);

describe("what a program says of rejection", () => {
  it("is a threshold, or none at all", () => {
    expect(chosen(false)).toBe(decoder);
    for (const choice of [{}, { threshold: undefined }, { threshold: 0.9 }])
      expect(chosen(choice)).not.toBe(decoder);
    expect(() => chosen({ threshold: 2 })).toThrow("threshold: Expected number from 0 to 1, but it is 2.");
  });

  it("is refused where it is misspelled", () => {
    expect(() => chosen({ treshold: 0.9 })).toThrow('Did you mean "threshold"?');
  });
});
