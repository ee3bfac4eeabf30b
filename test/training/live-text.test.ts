// A network for live speech whose features wait for the end has no live text, and its owner must learn of it.

import { expect, it } from "vitest";
import { resolveArchitecture } from "../../src/network/index.ts";
import { parseSettings } from "../../src/settings.ts";
import { trainingSettings } from "../../src/training/index.ts";
import { withoutLiveText } from "../../src/training/live-text.ts";

function said(network: object, features: object): string {
  const settings = parseSettings(trainingSettings, { network, features }, "test");
  const architecture = resolveArchitecture(settings.network, { features: 80, symbols: 29 }, "test");
  return withoutLiveText(settings, architecture)
    .map(({ code, message }) => `${code} ${message}`)
    .join();
}

it("features that wait for the end of the utterance are told of a network that follows live speech", () => {
  const network = { name: "deep-speech-streaming" };
  expect(said(network, { normalization: "utterance" })).toBe(
    'NO_LIVE_TEXT The network follows live speech, but features.normalization "utterance" needs the whole utterance: ' +
      'text comes after it. For live text, features.normalization must be "causal", "global" or "none".',
  );
  expect(said(network, { level: "utterance", normalization: "none" })).toMatch(
    /features\.level must be "recorded"/,
  );
  expect(said(network, { normalization: "causal" })).toBe("");
});

it("a network that needs the whole utterance has no live text to lose", () => {
  expect(said({ name: "transformer" }, { normalization: "utterance" })).toBe("");
  expect(said({ name: "transformer", memory: 9 }, { normalization: "speech" })).toMatch(/^NO_LIVE_TEXT/);
});
