// Weights that another framework trained, in safetensors, become a model file of ours: by a map of names, for a network that
// the settings describe. Whatever does not fit is named, with both shapes: nothing is guessed, nothing left out in silence.

import { featureSettings, featureSize, needsStatistics } from "../../audio/index.ts";
import type { FeatureSettings } from "../../audio/index.ts";
import { parameterShapes, resolveArchitecture } from "../../network/index.ts";
import { parseSettings, type z } from "../../settings.ts";
import type { Float32Tensor, TensorData } from "../../tensor.ts";
import { Alphabet, transcriptPolicy, type TranscriptPolicy } from "../../text/index.ts";
import type { ModelFile } from "../model-file.ts";
import { readSafetensors } from "../safetensors.ts";
import { combined, withBlankLast } from "./combine.ts";
import { checkComplete, checkKnown } from "./check-names.ts";
import { placeLayers, plain, type Placed } from "./torch-layers.ts";
import { parseWeightMap, type WeightMap, type WeightMapInput } from "./weight-map.ts";

export interface ImportWeightsOptions {
  readonly map: WeightMapInput;
  /** The network: its name and settings (docs/settings.md). */
  readonly network: Readonly<Record<string, unknown>>;
  readonly features?: z.input<typeof featureSettings>;
  /** English by default. Its symbols stand in the order of their outputs, without the blank. */
  readonly alphabet?: Alphabet;
  readonly transcript?: z.input<typeof transcriptPolicy>;
  /** What errors call the weights, and the map. */
  readonly where?: string;
  readonly mapWhere?: string;
}

type Tensors = ReadonlyMap<string, TensorData>;
type Shapes = ReadonlyMap<string, readonly number[]>;

/** Beside the weights, of a normalization by the training set. */
const STATISTICS = ["features.mean", "features.deviation"];

/**
 * @param weights the bytes of a safetensors file, or its tensors
 * @throws WEIGHTS_MISMATCH, DAMAGED_MODEL, UNKNOWN_SETTING, INVALID_SETTING, UNKNOWN_NETWORK
 */
export function importWeights(weights: Uint8Array | Tensors, options: ImportWeightsOptions): ModelFile {
  const { where = "weights", mapWhere = "map" } = options;
  const tensors = weights instanceof Uint8Array ? readSafetensors(weights, where).tensors : weights;
  const map = parseWeightMap(options.map, mapWhere);
  const { shapes, outputLayer, ...parts } = destination(options);
  const placed = [...placeLayers(map, tensors, shapes, where), ...placeTensors(map)];
  checkKnown(placed, map, tensors, shapes, { where, mapWhere });
  const found = new Map<string, Float32Tensor>();
  for (const [name, shape] of shapes) {
    const own = placed.filter(({ to }) => to === name);
    const sum = combined(own, tensors, shape, where);
    const isOutput = name === `${outputLayer}.weight` || name === `${outputLayer}.bias`;
    found.set(name, isOutput && map.blank !== undefined ? withBlankLast(sum, map.blank, mapWhere) : sum);
  }
  checkComplete(placed, map, tensors, shapes, { where, mapWhere });
  return { ...parts, ...splitStatistics(found), metrics: {}, training: { importedFrom: where } };
}

/** The tensors of both sides by name, for whoever writes a map. */
export function weightsToMap(
  weights: Uint8Array,
  options: Omit<ImportWeightsOptions, "map">,
): { readonly theirs: Tensors; readonly ours: Shapes } {
  const { tensors } = readSafetensors(weights, options.where ?? "weights");
  return { theirs: tensors, ours: destination(options).shapes };
}

/** What the settings describe. */
function destination({ network, ...given }: Omit<ImportWeightsOptions, "map">) {
  const features: FeatureSettings = parseSettings(featureSettings, given.features, "features");
  const transcript: TranscriptPolicy = parseSettings(transcriptPolicy, given.transcript, "transcript");
  const alphabet = given.alphabet ?? Alphabet.english();
  const sizes = { features: featureSize(features), symbols: alphabet.size };
  const architecture = resolveArchitecture(network, sizes, "network");
  const weights = parameterShapes(architecture);
  const outputLayer = [...weights.keys()].at(-1)!.replace(/\.[^.]*$/, "");
  const statistics = STATISTICS.map((name): [string, number[]] => [name, [sizes.features]]);
  const shapes: Shapes = new Map([...weights, ...(needsStatistics(features) ? statistics : [])]);
  return { features, transcript, alphabet, architecture, shapes, outputLayer };
}

function placeTensors({ tensors }: WeightMap): Placed[] {
  return Object.entries(tensors).flatMap(([from, given]) => {
    const list = typeof given === "string" ? [given] : Array.isArray(given) ? given : [given];
    return list.map((each) => (typeof each === "string" ? plain(from, each) : { from, ...each }));
  });
}

/** Weights of the network, and statistics of the features. */
function splitStatistics(
  found: ReadonlyMap<string, Float32Tensor>,
): Pick<ModelFile, "weights" | "statistics"> {
  const weights = new Map([...found].filter(([name]) => !STATISTICS.includes(name)));
  const [mean, deviation] = STATISTICS.map((name) => found.get(name)?.data);
  return { weights, ...(mean && deviation && { statistics: { mean, deviation } }) };
}
