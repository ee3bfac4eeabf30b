import { describe, expect, it } from "vitest";
import { BeamDecoder, decoderOptions, decoderSettings, withCurrentNames } from "../../src/ctc/index.ts";
import { Alphabet } from "../../src/text/index.ts";

const alphabet = Alphabet.fromSymbols(["a", " "]);

describe("the decoder's settings", () => {
  it("are options one by one, each with a description", () => {
    const options = decoderOptions();
    expect(options.map(({ path }) => path)).toEqual(Object.keys(decoderSettings.shape));
    for (const { description, option } of options) {
      expect(description).not.toBe("");
      expect(option).toMatch(/^[a-z-]+$/);
    }
    expect(options.find(({ path }) => path === "beamThreshold")).toMatchObject({
      option: "beam-threshold",
      formerOption: "beam-margin",
      unit: "nats",
      range: "number of at least 0",
      default: 1000,
    });
    expect(options.find(({ path }) => path === "dictionary")).toMatchObject({ unit: undefined });
  });

  it("may be given by the names that they had before", () => {
    const { settings } = new BeamDecoder(alphabet, { beamMargin: 20, symbolFloor: 1e-4 });
    expect(settings).toMatchObject({ beamThreshold: 20, cutoffProbability: 1e-4 });
    expect(settings).not.toHaveProperty("beamMargin");
  });

  it("win by the name of today where both are given", () => {
    expect(withCurrentNames({ beamMargin: 20, beamThreshold: 5, beta: 1 })).toEqual({
      beamThreshold: 5,
      beta: 1,
    });
  });

  it("are checked under the name of today", () => {
    expect(() => new BeamDecoder(alphabet, { beamMargin: -1 })).toThrow(
      "decoder: beamThreshold: Expected number of at least 0, but it is -1.",
    );
  });
});
