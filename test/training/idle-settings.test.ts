// Settings that another one makes useless are told, and only those that somebody set.

import { describe, expect, it } from "vitest";
import { parseSettings } from "../../src/settings.ts";
import { settingsWithoutEffect, trainingSettings } from "../../src/training/index.ts";

const said = (settings: object): string =>
  settingsWithoutEffect(parseSettings(trainingSettings, settings, "test"))
    .map(({ code, message }) => `${code} ${message}`)
    .join();
const augmented = (augmentation: object, features: object = {}) => ({ data: { augmentation }, features });

const GAIN = { gainDb: [-10, 10] };
const LEVEL = { level: "utterance" };
const MICROPHONE = { microphoneDb: 6 };
const TWO_LAYERS = { network: { recurrentLayers: 2 } };
const HEADS = { heads: 1, weight: 0.5 };
const UTTERANCE = { normalization: "utterance" };

describe("A setting without effect", () => {
  it.each([
    ["a gain under one level", augmented(GAIN, LEVEL), augmented(GAIN)],
    [
      "but not before a codec",
      augmented(GAIN, LEVEL),
      augmented({ ...GAIN, codec: { probability: 0.5 } }, LEVEL),
    ],
    [
      "a microphone's filter that normalization subtracts",
      augmented(MICROPHONE, UTTERANCE),
      augmented(MICROPHONE, { normalization: "speech" }),
    ],
    [
      "but not before trimming",
      augmented(MICROPHONE, UTTERANCE),
      augmented({ ...MICROPHONE, trim: { probability: 0.5 } }, UTTERANCE),
    ],
    [
      "noise without recordings of noise",
      augmented({ noise: { snrDb: [0, 10] } }),
      augmented({ noise: { snrDb: [0, 10], paths: ["noises"] } }),
    ],
    [
      "a likeness without recordings to be like",
      augmented({ noise: { unlikeDb: 5, paths: ["noises"] } }),
      augmented({ noise: { unlikeDb: 5, paths: ["noises"], like: ["real"] } }),
    ],
    [
      "rooms without recordings of rooms",
      augmented({ reverberation: { probability: 1 } }),
      augmented({ reverberation: { probability: 1, paths: ["rooms"] } }),
    ],
    [
      "how a room is made that is never made",
      augmented({ room: { t60Ms: [200, 300] } }),
      augmented({ room: { t60Ms: [200, 300], probability: 0.5 } }),
    ],
    [
      "the width of no masks",
      augmented({ timeMaskFrames: 70 }),
      augmented({ timeMaskFrames: 70, timeMasks: 2 }),
    ],
    [
      "how many masks there are under a policy that goes by the length",
      augmented({ timeMasks: 2, maskPolicy: "adaptive" }),
      augmented({ maskPolicy: "adaptive" }),
    ],
    [
      "masks of no width",
      augmented({ frequencyMasks: 2, frequencyMaskBins: 0 }),
      augmented({ frequencyMasks: 2 }),
    ],
    [
      "a trim that never happens",
      augmented({ trim: { belowDb: [5, 20] } }),
      augmented({ trim: { belowDb: [5, 20], probability: 0.5 } }),
    ],
    ["a lifter without a cepstrum", { features: { lifter: 22 } }, { features: { lifter: 22, kind: "mfcc" } }],
    ["the reach of no deltas", { features: { deltaFrames: 3 } }, { features: { deltaFrames: 3, deltas: 1 } }],
    ["a factor of no plateau", { plateau: { factor: 0.1 } }, { plateau: { factor: 0.1, patience: 3 } }],
    ["the share of no heads", { intermediate: { weight: 0.5 } }, { ...TWO_LAYERS, intermediate: HEADS }],
    ["heads without a share", { ...TWO_LAYERS, intermediate: { heads: 1, weight: 0 } }, TWO_LAYERS],
    [
      "heads of a network of one layer",
      { intermediate: { heads: 1 } },
      { ...TWO_LAYERS, intermediate: HEADS },
    ],
    [
      "what conditions a network of one layer",
      { network: { selfConditioning: 1 } },
      { network: { recurrentLayers: 2, selfConditioning: 1 }, intermediate: { weight: 0.5 } },
    ],
    [
      "heads beside those of the network",
      { network: { recurrentLayers: 3, selfConditioning: 1 }, intermediate: HEADS },
      { network: { recurrentLayers: 3, selfConditioning: 1 } },
    ],
    [
      "a look-ahead of a transformer that sees all",
      { network: { name: "transformer", lookAhead: 3 } },
      { network: { name: "transformer", lookAhead: 3, memory: 20 } },
    ],
    [
      "the kernel of a block without convolution",
      { network: { name: "transformer", kernel: 7 } },
      { network: { name: "transformer", kernel: 7, block: "conformer" } },
    ],
    [
      "channels of a convolution over time alone",
      { network: { name: "deep-speech-2", convolution: "1d", channels: 16 } },
      { network: { name: "deep-speech-2", channels: 16 } },
    ],
    ["the share of no replay", { replay: { share: 0.5 } }, { replay: { share: 0.5, data: ["old.csv"] } }],
    [
      "the split of no old test",
      { oldTest: { split: "dev" } },
      { oldTest: { split: "dev", data: ["old.csv"] } },
    ],
    [
      "the rate of a layer that is frozen",
      { freeze: ["h1", "h2"], layerRates: { "h1*": 0.1 } },
      { freeze: ["h1.bias"], layerRates: { h1: 0.1 } },
    ],
    ["patience beyond the end", { patience: 40 }, { patience: 39 }],
    [
      "patience beyond the end behind the epochs in which augmentation grows",
      { patience: 20, data: { augmentation: { ramp: 0.5, gainDb: [-6, 6] } } },
      { patience: 19, data: { augmentation: { ramp: 0.5, gainDb: [-6, 6] } } },
    ],
  ])("is told: %s", (_, idle, effective) => {
    expect(said(idle)).toMatch(/^SETTING_WITHOUT_EFFECT .* does nothing: /);
    expect(said(effective)).toBe("");
  });

  it("is told once for all, each by its path and with the reason", () => {
    const settings = { ...augmented({ ...GAIN, timeMaskShare: 1 }, LEVEL), average: { decay: 0.999 } };
    expect(said(settings)).toBe(
      'SETTING_WITHOUT_EFFECT data.augmentation.gainDb does nothing: features.level "utterance" undoes every gain. ' +
        "data.augmentation.timeMaskShare does nothing: data.augmentation.timeMasks is 0. " +
        "average.decay does nothing: average.from is 1: nothing is averaged.",
    );
  });

  it.each([
    ["network.selfConditioning", { network: { recurrentLayers: 3, selfConditioning: 5 } }],
    ["intermediate.heads", { network: { recurrentLayers: 3 }, intermediate: { heads: 5, weight: 0.3 } }],
  ])("where there are fewer places than %s asks for", (path, settings) => {
    expect(said(settings)).toBe(
      `SETTING_WITHOUT_EFFECT ${path} 5 does no more than 2: there are no more places between the layers.`,
    );
  });

  it("where a cell has gates: only the clipped one starts as a multiple of the identity", () => {
    const network = { name: "deep-speech", recurrentStart: 0.5 };
    expect(said({ network })).toBe("");
    expect(said({ network: { ...network, cell: "gru" } })).toBe(
      'SETTING_WITHOUT_EFFECT network.recurrentStart does nothing: only network.cell "clipped" starts as a multiple of the identity.',
    );
  });

  it("is none by default", () => {
    expect(said({})).toBe("");
    expect(said({ features: { level: "utterance", normalization: "none" } })).toBe("");
    for (const name of ["transformer", "deep-speech-2", "deep-speech-streaming"])
      expect(said({ network: { name } })).toBe("");
  });
});
