// Tiny models for tests: an untrained network, and one that gives the same symbol for every recording.

import { computeFeatures, featureSettings, featureSize, measureStatistics } from "../../src/audio/index.ts";
import type { ModelFile } from "../../src/model/index.ts";
import { initializeWeights, resolveArchitecture } from "../../src/network/index.ts";
import { Alphabet, transcriptPolicy } from "../../src/text/index.ts";
import { sweep } from "../recognizer/wave-file.ts";

/** A Deep Speech of width 8 with random weights: its texts are arbitrary, but always the same. */
export function untrainedModel(seed = 1): ModelFile {
  const alphabet = Alphabet.english();
  const features = featureSettings.parse({ bins: 10 });
  const architecture = resolveArchitecture(
    { name: "deep-speech", width: 8, context: 1 },
    { features: featureSize(features), symbols: alphabet.size },
    "test",
  );
  return {
    alphabet,
    features,
    architecture,
    weights: initializeWeights(architecture, seed),
    transcript: transcriptPolicy.parse({}),
    metrics: { devWer: 0.25 },
    training: { seed, epochs: 3 },
  };
}

const FORWARD = { name: "deep-speech-forward", width: 8, context: 3, lookAhead: 4 };
const SMALL_TRANSFORMER = {
  name: "transformer",
  width: 8,
  heads: 2,
  layers: 2,
  channels: 2,
  memory: 6,
  lookAhead: 3,
};

/** A transformer that remembers a few steps, normalized by what came before. */
export const memoryModel = (): ModelFile => forwardModel({ normalization: "causal" }, SMALL_TRANSFORMER);

/** A forward-only network, with a normalization of which no frame waits for the end, unless another is asked for. */
export function forwardModel(changes: object = {}, network: Record<string, unknown> = FORWARD): ModelFile {
  const base = untrainedModel();
  const features = featureSettings.parse({ bins: 10, normalization: "global", ...changes });
  const architecture = resolveArchitecture(
    network,
    { features: featureSize(features), symbols: base.alphabet.size },
    "test",
  );
  const statistics = measureStatistics([computeFeatures(sweep(1), features)]);
  const needed =
    features.normalization === "none" || features.normalization === "utterance" ? {} : { statistics };
  return { ...base, features, architecture, weights: initializeWeights(architecture, 1), ...needed };
}

/** Its output layer sees only its bias: every recording is this one symbol. */
export const constantModel = (symbol: string): ModelFile => alwaysSaying(symbol, untrainedModel());

/** The same of another model. */
export function alwaysSaying(symbol: string, model: ModelFile): ModelFile {
  const { alphabet, weights } = model;
  const output = [...weights].filter(([, { dims }]) => dims.at(-1) === alphabet.size);
  const silenced = output.map(([name, weight]) => {
    const constant = new Float32Array(weight.data.length);
    if (weight.dims.length === 1) constant[alphabet.encode(symbol)[0]] = 10;
    return [name, { ...weight, data: constant }] as const;
  });
  return { ...model, weights: new Map([...weights, ...silenced]) };
}

/** For live streams: it spells the symbol wherever the sound is loud, once for each loud stretch, and nothing else. */
export function loudnessModel(symbol: string): ModelFile {
  const model = forwardModel({ normalization: "none" });
  const { alphabet, weights } = model;
  const [label] = alphabet.encode(symbol);
  const louder = [...weights].map(([name, weight]) => {
    const data = new Float32Array(weight.data.length);
    const [inputs, outputs] = weight.dims;
    if (name === "h1.weight")
      for (let i = 0; i < inputs; i++) data[i * outputs] = 1 / inputs; // the mean level
    else if (name === "h6.weight") data[label] = 10;
    else if (name === "h6.bias") data[alphabet.blank] = 5;
    else if (name.endsWith(".weight")) data[0] = 1;
    return [name, { ...weight, data }] as const;
  });
  return { ...model, weights: new Map(louder) };
}
