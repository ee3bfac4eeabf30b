import { expect, it } from "vitest";
import { describeNetwork, networkSettings } from "../../src/network/index.ts";

it("a network in a few words has its name, its layers, their kind and its width", () => {
  const described = (settings: object) => describeNetwork(networkSettings.parse(settings));
  expect(described({ name: "deep-speech" })).toBe("deep-speech, clipped, width 512");
  expect(described({ name: "deep-speech-forward", cell: "gru", recurrentLayers: 3, width: 256 })).toBe(
    "deep-speech-forward, 3 × gru, width 256",
  );
  expect(described({ name: "transformer", block: "conformer", layers: 4 })).toBe(
    "transformer, 4 × conformer, width 144",
  );
  expect(described({ name: "transformer", memory: 60 })).toBe(
    "transformer, 6 × transformer, width 144, memory 60",
  );
  expect(describeNetwork({ name: "of-ones-own", layers: 2 })).toBe("of-ones-own, 2 × layers");
  expect(describeNetwork({ name: "of-ones-own" })).toBe("of-ones-own");
});
