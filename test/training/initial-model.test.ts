// The weights of a model as the beginning of another run.

import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { featureSettings } from "../../src/audio/index.ts";
import { saveModelFile } from "../../src/model/index.ts";
import { initializeWeights, resolveArchitecture, type Weights } from "../../src/network/index.ts";
import { Alphabet, transcriptPolicy } from "../../src/text/index.ts";
import { initialState } from "../../src/training/run/initial-model.ts";
import {
  networkOf,
  checkTrainingSettings,
  settingsForCorpus,
  trainingSettings,
  type TrainingSettings,
} from "../../src/training/index.ts";
import { gatherSettings } from "../../src/apps/cli/training-input.ts";
import { forwardModel } from "../model/small-model.ts";

const BINS = 20;
const NETWORK = { width: 8, context: 1 };
const english = Alphabet.english();
let folder: string;
let path: string;

/** A model whose settings are all unlike the defaults. */
const forward = forwardModel();
const symbols = [..."' zyxwvutsrqponmlkjihgfedcba"];
const otherSettings = {
  network: forward.architecture.network,
  features: forward.features,
  alphabet: symbols,
  transcript: transcriptPolicy.parse({ lowercase: true, map: { ß: "ss" } }),
};
let other: string;

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
  other = join(folder, "other.safetensors");
  const { transcript } = otherSettings;
  await saveModelFile(other, { ...forward, alphabet: Alphabet.fromSymbols(symbols), transcript });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What belongs to a symbol in the output layer: [H, V] or [V]. */
function columnOf(
  { dims, data }: { readonly dims: readonly number[]; readonly data: Float32Array },
  symbol: number,
) {
  return Array.from(data).filter((_, i) => symbol === i % dims.at(-1)!);
}

function begin({ alphabet = english, network = NETWORK, features = {}, seed = 1 } = {}) {
  const settings: TrainingSettings = trainingSettings.parse({
    seed,
    initialModel: path,
    network,
    features: { bins: BINS, normalization: "utterance", ...features },
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

  it("of another alphabet keeps the rows of shared symbols and the blank, and draws the new ones by the seed", async () => {
    const alphabet = Alphabet.fromSymbols([..."ébad "], "test");
    const { state, warnings } = await begin({ alphabet });
    expect(warnings).toEqual([
      {
        code: "OUTPUT_ROWS_NEW",
        message: expect.stringMatching(
          /the output layer \(h6\.weight, h6\.bias\) keeps what belongs to the blank and to 4 symbols that both have, and begins anew for "é"; "c", "e", .*"w" and 4 more are left out\.$/,
        ) as unknown,
      },
    ]);
    expect(state.weights.get("h6.weight")!.dims).toEqual([8, 6]);
    expect(state.weights.get("h5.weight")).toEqual(trained.get("h5.weight"));
    const fresh = (seed: number) => initializeWeights(architectureOf(NETWORK, alphabet), seed);
    for (const name of ["h6.weight", "h6.bias"]) {
      const column = (weights: Weights, index: number) => columnOf(weights.get(name)!, index);
      for (const [index, symbol] of [..."bad "].entries())
        // behind the é
        expect(column(state.weights, index + 1), symbol).toEqual(
          column(trained, english.symbols.indexOf(symbol)),
        );
      expect(column(state.weights, 5)).toEqual(column(trained, english.blank));
      expect(column(state.weights, 0)).toEqual(column(fresh(1), 0));
    }
    const other = await begin({ alphabet, seed: 2 });
    expect(columnOf(other.state.weights.get("h6.weight")!, 0)).toEqual(
      columnOf(fresh(2).get("h6.weight")!, 0),
    );
    expect(columnOf(other.state.weights.get("h6.weight")!, 0)).not.toEqual(
      columnOf(state.weights.get("h6.weight")!, 0),
    );
  });

  it("of the same symbols in another order gives each its own, and there is nothing to say", async () => {
    const { state, warnings } = await begin({ alphabet: Alphabet.fromSymbols(symbols, "test") });
    expect(warnings).toEqual([]);
    const weight = state.weights.get("h6.weight")!;
    expect(weight.dims).toEqual([8, 29]);
    for (const [index, symbol] of symbols.entries())
      expect(columnOf(weight, index), symbol).toEqual(
        columnOf(trained.get("h6.weight")!, english.symbols.indexOf(symbol)),
      );
  });

  it("of an alphabet without a shared symbol gives what belongs to the blank", async () => {
    const { state, warnings } = await begin({ alphabet: Alphabet.fromSymbols([..."αβγ"], "test") });
    expect(warnings).toEqual([
      {
        code: "OUTPUT_LAYER_NEW",
        message:
          "The alphabet is not the initial model's: the output layer (h6.weight, h6.bias) begins anew but for the blank.",
      },
    ]);
    expect(columnOf(state.weights.get("h6.bias")!, 3)).toEqual(
      columnOf(trained.get("h6.bias")!, english.blank),
    );
  });

  it("keeps the optimizer's arrays in the sizes of the new alphabet", async () => {
    const { state } = await begin({ alphabet: Alphabet.fromSymbols([..."ab"], "test") });
    expect(state.slots.get("h6.weight")!.map(({ length }) => length)).toEqual([24, 24]);
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

  it.each([
    ["network.width", { network: { width: 16, context: 1 } }, "16", "8"],
    ["network.context", { network: { width: 8, context: 2 } }, "2", "1"],
    [
      "network.name",
      { network: { name: "deep-speech-forward", width: 8 } },
      '"deep-speech-forward"',
      '"deep-speech"',
    ],
  ])("of another %s is refused by that setting, with both values", async (path_, changes, wanted, own) => {
    await expect(begin(changes as object)).rejects.toMatchObject({
      code: "INITIAL_MODEL_MISMATCH",
      where: path,
      problem: `${path_} is ${wanted}, where the model has ${own}.`,
      remedy: expect.stringContaining(`Leave ${path_} out`) as unknown,
    });
  });
});

describe("The settings of a run that begins with a model", () => {
  const parse = async (settings: object) =>
    (await checkTrainingSettings({ initialModel: other, ...settings }, "test")).settings;

  it("are the model's where none are given", async () => {
    const { network, features, alphabet, transcript, epochs } = await parse({ epochs: 3 });
    expect({ network, features, alphabet, transcript }).toEqual(otherSettings);
    expect(epochs).toBe(3);
  });

  it("are those that are given, one by one", async () => {
    const given = {
      network: { dropout: 0.25 },
      features: { normalization: "none" },
      transcript: { lowercase: false },
    };
    const { network, features, transcript } = await parse(given);
    expect(network).toEqual({ ...otherSettings.network, dropout: 0.25 });
    expect(features).toEqual({ ...otherSettings.features, normalization: "none" });
    expect(transcript).toEqual({ ...otherSettings.transcript, lowercase: false });
  });

  it("may name settings that only the model's network has", async () => {
    const { network } = await parse({ network: { lookAhead: 4 } });
    expect(network).toEqual(otherSettings.network);
  });

  it("may have another alphabet, of which the output layer keeps what both have", async () => {
    const settings = await parse({ alphabet: [..."abc "] });
    expect(settings.alphabet).toEqual([..."abc "]);
    const { alphabet, architecture } = networkOf(settings);
    const { warnings } = await initialState(settings, architecture, alphabet);
    expect(warnings.map(({ code }) => code)).toEqual(["OUTPUT_ROWS_NEW"]);
  });

  it("may extend the model's alphabet by what the training transcripts have besides", async () => {
    const said = (transcript: string, split = "train") => ({
      transcript,
      split,
      path: "",
      speaker: "",
      where: "",
    });
    const given = await checkTrainingSettings({ initialModel: other, alphabet: "extended" }, "test");
    const utterances = [said("über übel ñ"), said("bà"), said("dev only: ø", "dev")];
    expect(settingsForCorpus(given, utterances).alphabet).toEqual([...symbols, "ü", "à", "ñ"]);
    expect(settingsForCorpus(given, [said("plain")]).alphabet).toEqual(symbols);
    const config = { model: other, set: ["alphabet=extended"] };
    expect((await gatherSettings(config)).settings.alphabet).toBe("extended");
    await expect(checkTrainingSettings({ alphabet: "extended" }, "test")).rejects.toMatchObject({
      code: "INVALID_SETTING",
      where: "test: alphabet",
      remedy: expect.stringContaining("initialModel") as unknown,
    });
  });

  it.each([
    [{ network: { width: 9 } }, "network.width is 9, where the model has 8."],
    [{ features: { bins: 12 } }, "features.bins is 12, where the model has 10."],
    [{ features: { deltas: 1 } }, "features.deltas is 1, where the model has 0."],
    [
      { network: { width: 9 }, features: { deltas: 1 } },
      "network.width is 9, where the model has 8; features.deltas is 1, where the model has 0.",
    ],
    [
      { network: { name: "deep-speech" } },
      'network.name is "deep-speech", where the model has "deep-speech-forward".',
    ],
  ])("that its weights cannot be taken with are refused by name: %o", async (given, problem) => {
    await expect(parse(given)).rejects.toMatchObject({ code: "INITIAL_MODEL_MISMATCH", problem });
  });

  it("are refused for a mistyped key as without a model", async () => {
    await expect(parse({ network: { widht: 8 } })).rejects.toMatchObject({ code: "UNKNOWN_SETTING" });
    await expect(parse({ features: { bins: "many" } })).rejects.toMatchObject({ code: "INVALID_SETTING" });
  });

  it("are those of the command line, in whatever order the file and --set say them", async () => {
    const config = join(folder, "tune.yaml");
    await writeFile(config, "epochs: 2\nnetwork:\n  lookAhead: 4\n");
    const from = [
      await gatherSettings({ config, model: other }),
      await gatherSettings({ config, set: [`initialModel=${other}`] }),
    ];
    for (const {
      settings: { network, features, epochs },
    } of from)
      expect({ network, features, epochs }).toEqual({
        network: otherSettings.network,
        features: otherSettings.features,
        epochs: 2,
      });
    await expect(gatherSettings({ model: other, set: ["network.width=64"] })).rejects.toMatchObject({
      code: "INITIAL_MODEL_MISMATCH",
      where: "--set",
    });
  });
});
