// The weights of a model as the beginning of another run.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { featureSettings } from "../../src/audio/index.ts";
import { saveModelFile } from "../../src/model/index.ts";
import { initializeWeights, resolveArchitecture } from "../../src/network/index.ts";
import { Alphabet, transcriptPolicy } from "../../src/text/index.ts";
import { initialState } from "../../src/training/run/initial-model.ts";
import { trainingSettings, type TrainingSettings } from "../../src/training/index.ts";

const BINS = 20;
const NETWORK = { width: 8, context: 1 };
const english = Alphabet.english();
let folder: string;
let path: string;

const architectureOf = (network: object, alphabet = english) =>
  resolveArchitecture({ ...network }, { features: BINS, symbols: alphabet.size }, "test");
const trained = initializeWeights(architectureOf(NETWORK), 7);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "earshot-initial-"));
  path = join(folder, "model.safetensors");
  await saveModelFile(path, {
    alphabet: english,
    features: featureSettings.parse({ bins: BINS }),
    architecture: architectureOf(NETWORK),
    weights: trained,
    transcript: transcriptPolicy.parse({}),
    metrics: {},
    training: {},
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function begin({ alphabet = english, network = NETWORK, features = {} } = {}) {
  const settings: TrainingSettings = trainingSettings.parse({
    initialModel: path,
    network,
    features: { bins: BINS, ...features },
  });
  return initialState(settings, architectureOf(network, alphabet), alphabet);
}

describe("an initial model", () => {
  it("gives its weights, and an optimizer that begins anew", async () => {
    const { state, warnings } = await begin();
    expect(warnings).toEqual([]);
    expect(state.weights).toEqual(trained);
    expect(state.slots.get("h1.bias")).toEqual([new Float32Array(8), new Float32Array(8)]);
  });

  it("of another alphabet gives all but the output layer", async () => {
    const { state, warnings } = await begin({ alphabet: Alphabet.fromSymbols([..."abcd "], "test") });
    expect(warnings.map(({ code }) => code)).toEqual(["OUTPUT_LAYER_NEW"]);
    expect(warnings[0].message).toContain("(h6.weight, h6.bias)");
    expect(state.weights.get("h6.weight")!.dims).toEqual([8, 6]);
    expect(state.weights.get("h5.weight")).toEqual(trained.get("h5.weight"));
  });

  it("of as many symbols in another order too", async () => {
    const { state } = await begin({
      alphabet: Alphabet.fromSymbols([..."' zyxwvutsrqponmlkjihgfedcba"], "test"),
    });
    expect(state.weights.get("h6.weight")!.dims).toEqual([8, 29]);
    expect(state.weights.get("h6.weight")).not.toEqual(trained.get("h6.weight"));
  });

  it("of other features is taken with a warning that names them", async () => {
    const { warnings } = await begin({ features: { hopMs: 20, normalization: "none" } });
    expect(warnings).toEqual([
      {
        code: "FEATURES_DIFFER",
        message: "The features are not the initial model's: hopMs 10 → 20, normalization utterance → none.",
      },
    ]);
  });

  it("of another network is refused by the first weight that does not fit", async () => {
    await expect(begin({ network: { width: 16, context: 1 } })).rejects.toMatchObject({
      code: "INITIAL_MODEL_MISMATCH",
      where: path,
      problem: `Its "h1.weight" is [60, 8], where the run's network has [60, 16].`,
    });
  });
});
