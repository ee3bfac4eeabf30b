import { describe, expect, it } from "vitest";
import { BeamDecoder } from "../../src/ctc/index.ts";
import { Alphabet } from "../../src/text/index.ts";
import { rowsOf, TinyModel } from "./texts.ts";

const english = Alphabet.english();

/** "say zorblax now", in which each letter of the made-up name is a little less likely than one of a known word. */
function unclear(): Float32Array {
  const said = rowsOf("say_ _zorblax_ _now", english, 0.95);
  const known = rowsOf("say_ _problem_ _now", english, 0.95);
  return said.map((log, i) => Math.log(0.44 * Math.exp(log) + 0.56 * Math.exp(known[i])));
}

describe("hot words", () => {
  const scorer = new TinyModel("word", ["say", "problem", "now"], 3);
  const decode = (hotWords: Record<string, number>, settings = {}) =>
    new BeamDecoder(english, { alpha: 0.5, beta: 1, ...settings }, { scorer, hotWords }).decode(unclear())[0]
      .text;

  it("find a made-up name that the model does not know, which is not found without", () => {
    expect(decode({})).toBe("say problem now");
    expect(decode({ zorblax: 12 })).toBe("say zorblax now");
  });

  it("find it as part of a phrase too, and through a dictionary", () => {
    expect(decode({ "zorblax now": 12 })).toBe("say zorblax now");
    expect(decode({ zorblax: 12 }, { dictionary: true })).toBe("say zorblax now");
  });

  it("are spared the penalty of unknown words", () => {
    expect(decode({ zorblax: 12 }, { unknownWordPenalty: 50 })).toBe("say zorblax now");
  });

  it("change nothing where they were not said: the look-ahead for a beginning is taken back", () => {
    expect(decode({ zorbing: 12, "say hello": 12, "problem nowhere": 12 })).toBe("say problem now");
  });

  it("help a narrow beam while they are being spelled", () => {
    expect(decode({ zorblax: 12 }, { beam: 4 })).toBe("say zorblax now");
  });

  it.each([
    ["", 3, 'hot word "": It has no letters.'],
    ["zorblax", NaN, 'hot word "zorblax": Its weight is NaN.'],
    ["zorblax 3000", 5, "The alphabet cannot spell"],
  ])("refuse %j with weight %d", (phrase, weight, message) => {
    expect(() => decode({ [phrase]: weight })).toThrow(message);
  });
});
