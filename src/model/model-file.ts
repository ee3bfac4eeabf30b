// The model file: one safetensors file that holds all that a recognizer needs (weights, alphabet, feature settings,
// normalization, architecture) and where it came from (metrics, training facts). Every later release reads it.
// It deals in bytes and knows nothing of paths, engines or training.

import { featureSettings, featureSize, needsStatistics } from "../audio/index.ts";
import type { FeatureSettings, FeatureStatistics } from "../audio/index.ts";
import { EarshotError } from "../errors.ts";
import { parameterShapes, requireNetwork, resolveArchitecture } from "../network/index.ts";
import type { Architecture, Weights } from "../network/index.ts";
import { parseSettings, z } from "../settings.ts";
import { fromHalf } from "../tensor.ts";
import type { Float32Tensor, TensorData } from "../tensor.ts";
import { Alphabet, transcriptPolicy } from "../text/index.ts";
import type { TranscriptPolicy } from "../text/index.ts";
import { halved } from "./half-weights.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

/** The newest format; it reads this one and all before it. Weights in half precision came with the second. */
export const MODEL_FORMAT = 2;

/** How the numbers of weights are kept. Halves take half the space, and are float32 again when they are read. */
export type WeightPrecision = "float32" | "float16";

export interface ModelFile {
  readonly alphabet: Alphabet;
  readonly features: FeatureSettings;
  /** Of the training set; present exactly when the normalization needs them. */
  readonly statistics?: FeatureStatistics;
  readonly architecture: Architecture;
  readonly weights: Weights;
  /** How transcripts were spelled for training; tests spell their references the same way. */
  readonly transcript: TranscriptPolicy;
  /** Figures of the chosen checkpoint, such as devWer (a fraction). Figures that are not finite are not stored. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Where the model came from: seed, data hash, epochs, version … JSON values only. */
  readonly training: Readonly<Record<string, unknown>>;
  /** Settings of the decoder that were found best for it, such as alpha. Those who decode check them. */
  readonly decoder?: Readonly<Record<string, unknown>>;
  /** What tells speech that it was trained for from all else: scores, weights and a threshold. Those who reject check them. */
  readonly rejection?: Readonly<Record<string, unknown>>;
  /** The bytes of a language model that travels with it, in any format that Earshot reads. */
  readonly languageModel?: Uint8Array;
}

const NETWORK = "network."; // the prefix of each weight's tensor name
const MEAN = "features.mean"; // [F]
const DEVIATION = "features.deviation"; // [F]
const LANGUAGE_MODEL = "language-model"; // bytes
const REJECTION = "earshot.rejection";

/** The same model gives the same bytes. Throws MODEL_MISMATCH, NON_FINITE_WEIGHTS, BEYOND_FLOAT16. */
export function writeModelFile(
  model: ModelFile,
  { precision = "float32" }: { readonly precision?: WeightPrecision } = {},
): Uint8Array {
  checkModel(model, "model");
  const tensors = new Map<string, TensorData>();
  for (const [name, tensor] of model.weights)
    tensors.set(NETWORK + name, precision === "float16" ? halved(name, tensor) : tensor);
  if (model.statistics) {
    const { mean, deviation } = model.statistics;
    tensors.set(MEAN, { type: "float32", dims: [mean.length], data: mean });
    tensors.set(DEVIATION, { type: "float32", dims: [deviation.length], data: deviation });
  }
  if (model.languageModel) {
    const { length } = model.languageModel;
    tensors.set(LANGUAGE_MODEL, { type: "uint8", dims: [length], data: model.languageModel });
  }
  const { network, features, symbols } = model.architecture;
  const { name, ...settings } = network;
  const metrics = Object.fromEntries(
    Object.entries(model.metrics).filter(([, value]) => Number.isFinite(value)),
  );
  return writeSafetensors(tensors, {
    "earshot.format": precision === "float16" ? "2" : "1",
    "earshot.alphabet": canonicalJson(model.alphabet),
    "earshot.features": canonicalJson(model.features),
    "earshot.architecture": canonicalJson({ name, settings, features, symbols }),
    "earshot.transcript": canonicalJson(model.transcript),
    "earshot.metrics": canonicalJson(metrics),
    "earshot.training": canonicalJson(model.training),
    ...(model.decoder && { "earshot.decoder": canonicalJson(model.decoder) }),
    ...(model.rejection && { [REJECTION]: canonicalJson(model.rejection) }),
  });
}

/** The same file but for its rejection: each tensor and each other entry stays bit for bit. Throws as `readModelFile`. */
export function withRejection(
  bytes: Uint8Array,
  rejection: NonNullable<ModelFile["rejection"]>,
  where: string,
): Uint8Array {
  const { tensors, metadata } = readSafetensors(bytes, where);
  checkFormat(metadata["earshot.format"], where);
  return writeSafetensors(tensors, { ...metadata, [REJECTION]: canonicalJson(rejection) });
}

/** Throws DAMAGED_MODEL, NOT_A_MODEL, MODEL_TOO_NEW, MODEL_MISMATCH, NON_FINITE_WEIGHTS, UNKNOWN_NETWORK; executes nothing. */
export function readModelFile(bytes: Uint8Array, where: string): ModelFile {
  const { tensors, metadata } = readSafetensors(bytes, where);
  checkFormat(metadata["earshot.format"], where);
  const part = <Value>(name: string, read: (json: unknown) => Value) => readPart(metadata, name, read, where);
  const table = z.record(z.string(), z.unknown());
  const model: ModelFile = {
    alphabet: part("alphabet", (json) => Alphabet.fromJSON(json, where)),
    features: part("features", (json) => parseSettings(featureSettings, json, where)),
    statistics: readStatistics(tensors, where),
    architecture: part("architecture", (json) => {
      const { name, settings, features, symbols } = architectureSchema.parse(json);
      requireNetwork(name, where);
      return resolveArchitecture({ ...settings, name }, { features, symbols }, where);
    }),
    weights: readWeights(tensors, where),
    transcript: part("transcript", (json) => parseSettings(transcriptPolicy, json, where)),
    metrics: part("metrics", (json) => z.record(z.string(), z.number()).parse(json)),
    training: part("training", (json) => table.parse(json)),
    ...("earshot.decoder" in metadata && { decoder: part("decoder", (json) => table.parse(json)) }),
    ...(REJECTION in metadata && { rejection: part("rejection", (json) => table.parse(json)) }),
    ...readLanguageModel(tensors, where),
  };
  checkModel(model, where);
  return model;
}

const size = z.int().min(1);
const architectureSchema = z.strictObject({
  name: z.string(),
  settings: z.record(z.string(), z.unknown()),
  features: size,
  symbols: size,
});

function checkFormat(format: string | undefined, where: string): void {
  if (format === undefined || !/^[1-9]\d*$/.test(format)) {
    throw new EarshotError({
      code: "NOT_A_MODEL",
      where,
      problem: "This is a safetensors file, but not an Earshot model.",
      remedy: "Give a model that `earshot train` wrote.",
    });
  }
  if (Number(format) <= MODEL_FORMAT) return;
  throw new EarshotError({
    code: "MODEL_TOO_NEW",
    where,
    problem: `The model has format ${format}; this Earshot reads formats up to ${MODEL_FORMAT}.`,
    remedy: "Update Earshot: npm install earshot@latest.",
  });
}

/** One entry of the metadata; whatever is wrong with it becomes an error about the file, since no user typed it. */
function readPart<Value>(
  metadata: Readonly<Record<string, string>>,
  name: string,
  read: (json: unknown) => Value,
  where: string,
): Value {
  try {
    const json: unknown = JSON.parse(metadata[`earshot.${name}`] ?? "");
    if (json === null) throw new TypeError("null"); // a settings table would take it for all defaults
    return read(json);
  } catch (cause) {
    if (cause instanceof EarshotError && cause.code === "UNKNOWN_NETWORK") throw cause;
    const reason = cause instanceof EarshotError ? ` ${cause.problem}` : "";
    throw new EarshotError(
      {
        code: "DAMAGED_MODEL",
        where,
        problem: `Its ${name} entry cannot be used.${reason}`,
        remedy: "Copy or download the file again; if a later release of Earshot wrote it, update Earshot.",
      },
      { cause },
    );
  }
}

function readWeights(tensors: ReadonlyMap<string, TensorData>, where: string): Weights {
  const weights = new Map<string, Float32Tensor>();
  for (const [name, tensor] of tensors) {
    if (name.startsWith(NETWORK)) weights.set(name.slice(NETWORK.length), float32(name, tensor, where));
  }
  return weights;
}

function readStatistics(
  tensors: ReadonlyMap<string, TensorData>,
  where: string,
): FeatureStatistics | undefined {
  const mean = tensors.get(MEAN);
  const deviation = tensors.get(DEVIATION);
  if (!mean || !deviation) return undefined;
  return { mean: float32(MEAN, mean, where).data, deviation: float32(DEVIATION, deviation, where).data };
}

function readLanguageModel(
  tensors: ReadonlyMap<string, TensorData>,
  where: string,
): Pick<ModelFile, "languageModel"> {
  const data = tensors.get(LANGUAGE_MODEL)?.data;
  if (data === undefined) return {};
  if (data instanceof Uint8Array) return { languageModel: data };
  throw mismatch(where, "Its language model is no sequence of bytes.");
}

function float32(name: string, { type, dims, data }: TensorData, where: string): Float32Tensor {
  if (data instanceof Float32Array) return { type: "float32", dims, data };
  if (type === "float16") return { type: "float32", dims, data: fromHalf(data as Uint16Array) };
  throw mismatch(where, `Tensor "${name}" holds other numbers than float32.`);
}

/** The parts must fit each other: features and alphabet to the network, and each weight to its place. */
function checkModel({ architecture, ...model }: ModelFile, where: string): void {
  const frame = featureSize(model.features);
  if (frame !== architecture.features) {
    throw mismatch(
      where,
      `The features give ${frame} numbers a frame, the network expects ${architecture.features}.`,
    );
  }
  if (model.alphabet.size !== architecture.symbols) {
    const { size: spelled } = model.alphabet;
    throw mismatch(where, `The alphabet has ${spelled} symbols, the network gives ${architecture.symbols}.`);
  }
  if (needsStatistics(model.features) !== (model.statistics !== undefined)) {
    const held = model.statistics ? "holds" : "lacks";
    throw mismatch(
      where,
      `Its normalization is "${model.features.normalization}", yet it ${held} global statistics.`,
    );
  }
  for (const [name, data] of Object.entries(model.statistics ?? {})) {
    checkTensor(`features.${name}`, { type: "float32", dims: [data.length], data }, [frame], where);
  }
  const shapes = parameterShapes(architecture);
  for (const [name, shape] of shapes) checkTensor(name, model.weights.get(name), shape, where);
  for (const name of model.weights.keys()) {
    if (!shapes.has(name))
      throw mismatch(where, `Tensor "${name}" has no place in the network ${architecture.network.name}.`);
  }
}

function checkTensor(
  name: string,
  tensor: Float32Tensor | undefined,
  shape: readonly number[],
  where: string,
): void {
  if (!tensor) throw mismatch(where, `Tensor "${name}" [${shape.join(", ")}] is missing.`);
  if (tensor.dims.length !== shape.length || tensor.dims.some((dim, i) => dim !== shape[i])) {
    const came = tensor.dims.join(", ");
    throw mismatch(where, `Tensor "${name}" is [${came}], where the network expects [${shape.join(", ")}].`);
  }
  if (isFiniteThroughout(tensor.data)) return;
  throw new EarshotError({
    code: "NON_FINITE_WEIGHTS",
    where,
    problem: `Tensor "${name}" holds numbers that are infinite or not numbers.`,
    remedy:
      "The training that made it diverged: take an earlier checkpoint, or train with a lower learning rate.",
  });
}

/** The bits of a float32's exponent, all set where it is infinite or no number. */
const EXPONENT = 0x7f800000;

/** There are millions, and it runs while functions are interpreted yet: floats and iterators would be an object for each of them. */
function isFiniteThroughout(values: Float32Array): boolean {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) if ((bits[i] & EXPONENT) === EXPONENT) return false;
  return true;
}

function mismatch(where: string, problem: string): EarshotError {
  return new EarshotError({
    code: "MODEL_MISMATCH",
    where,
    problem,
    remedy: "Its parts come from different models: take the file that `earshot train` wrote as it is.",
  });
}

/** JSON with sorted keys, so that equal values give equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
