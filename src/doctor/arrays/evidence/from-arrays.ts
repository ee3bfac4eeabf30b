// Named arrays and facts → evidence of one batch. The names are those of PyTorch's CTCLoss (log_probs, targets,
// input_lengths, target_lengths) and of tools/probe.py; docs/doctor.md lists them. What cannot be a batch at all is an
// error here; a batch that is only wrong is not: that is for the checks to find.

import { isRecord, z } from "../../../settings.ts";
import type { Float64Tensor } from "../../../tensor.ts";
import type { BatchEvidence, FeatureFacts, Outputs, Targets } from "./batch-evidence.ts";
import { jsonOrText, unfitEvidence, type NamedArrays } from "./named-arrays.ts";
import { activityOf, parametersOf } from "./parameters.ts";

/** Other names under which people export the same. */
const ALIASES: Readonly<Record<string, string>> = {
  log_probabilities: "log_probs",
  logits: "log_probs",
  probs: "log_probs",
  probabilities: "log_probs",
  outputs: "log_probs",
  output_lengths: "input_lengths",
  lengths: "input_lengths",
  labels: "targets",
  label_lengths: "target_lengths",
  loss_history: "losses",
  alphabet: "symbols",
};

const TAKES_BY_NAME: Readonly<Record<string, "logits" | "probs">> = {
  logits: "logits",
  probs: "probs",
  probabilities: "probs",
};

/** Every name without an alias and without a number. */
export const KNOWN_NAMES: readonly string[] = (
  "log_probs input_lengths targets target_lengths losses loss blank symbols layout takes mode frames padded_frames " +
  "features again third permuted order padded impulse impulse_utterance failed parameter_names parameter_ranks " +
  "parameter_sizes parameter_norms gradient_norms change_norms layer_names"
).split(" ");
const KNOWN_PATTERN = /^(alone_\d+|activity_\d+|(again|third|permuted|padded|impulse|alone_\d+)_lengths)$/;

const factSchema = z.object({
  layout: z.enum(["TBV", "BTV"]).optional(),
  takes: z.enum(["log_probs", "logits", "probs"]).optional(),
  mode: z.enum(["train", "eval"]).optional(),
  blank: z.int().optional(),
  symbols: z.array(z.string()).optional(),
  failed: z.record(z.string(), z.string()).optional(),
  impulse_utterance: z.int().optional(),
  loss: z.number().optional(),
  padded_frames: z.number().optional(),
});

/** @throws UNFIT_EVIDENCE when an array's shape is not what its name promises */
export function evidenceFrom(
  { arrays: given, facts: givenFacts }: NamedArrays,
  where: string,
): BatchEvidence {
  const arrays = new Map([...given].map(([name, array]) => [ALIASES[name] ?? name, array]));
  const facts = factsFrom(givenFacts, arrays, where);
  const list = (name: string) => listOf(arrays, name, where);
  const lengths = list("input_lengths");
  const targetLengths = list("target_lengths");
  const targets = targetsOf(arrays.get("targets"), where);
  const utterances = lengths?.length ?? targetLengths?.length ?? targets?.rows?.length;
  const [takesName] = [...given.keys()].filter((name) => name in TAKES_BY_NAME);
  const evidence: BatchEvidence = {
    ...outputsFrom(arrays.get("log_probs"), facts.layout, utterances),
    takes: facts.takes ?? TAKES_BY_NAME[takesName],
    lengths,
    targets,
    targetLengths: targetLengths ?? targets?.rows?.map(countLabels),
    blank: facts.blank,
    symbols: facts.symbols,
    mode: facts.mode,
    failed: facts.failed,
    frames: list("frames"),
    paddedFrames: facts.padded_frames,
    losses: list("losses"),
    loss: facts.loss,
    features: featuresOf(givenFacts.features, where),
    parameters: parametersOf(arrays, givenFacts, where),
    activity: activityOf(arrays, givenFacts),
    unknownNames: unknownNames(arrays, givenFacts),
  };
  return { ...evidence, ...rerunsOf(arrays, evidence, facts.impulse_utterance, where) };
}

/** One-element arrays may be facts too, as in numpy.savez(blank=0). */
function factsFrom(facts: NamedArrays["facts"], arrays: ReadonlyMap<string, Float64Tensor>, where: string) {
  const numbers = ["blank", "impulse_utterance", "loss", "padded_frames"].flatMap((name) => {
    const value = arrays.get(name)?.data[0];
    return value === undefined ? [] : [[name, value]];
  });
  const symbols = facts.symbols ?? facts.alphabet;
  const named = { ...facts, symbols: typeof symbols === "string" ? splitSymbols(symbols) : symbols };
  const result = factSchema.safeParse({ ...named, ...Object.fromEntries(numbers) });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw notAsNamed(`${where}: ${issue.path.join(".")}`, issue.message);
}

const notAsNamed = (where: string, problem: string) =>
  unfitEvidence(
    where,
    `It is not what its name promises: ${problem}.`,
    "See the names and their values in docs/doctor.md.",
  );

/** One character each, or a list in JSON. */
function splitSymbols(text: string): unknown {
  const list = jsonOrText(text);
  return Array.isArray(list) ? list : Array.from(text);
}

function listOf(
  arrays: ReadonlyMap<string, Float64Tensor>,
  name: string,
  where: string,
): number[] | undefined {
  const array = arrays.get(name);
  if (!array) return undefined;
  if (array.dims.filter((dim) => dim !== 1).length <= 1) return [...array.data]; // Keras has [B, 1]
  throw unfitEvidence(
    `${where}: ${name}`,
    `It has the shape [${array.dims}] where a list was due.`,
    "Export one number for each utterance.",
  );
}

function targetsOf(array: Float64Tensor | undefined, where: string): Targets | undefined {
  if (!array) return undefined;
  const ids = Int32Array.from(array.data);
  if (array.dims.length === 1) return { joined: ids };
  const [utterances, width] = array.dims;
  if (array.dims.length === 2) {
    return { rows: Array.from({ length: utterances }, (_, b) => ids.slice(b * width, (b + 1) * width)) };
  }
  throw unfitEvidence(
    `${where}: targets`,
    `They have the shape [${array.dims}].`,
    "Export [B, L], or all labels in one row.",
  );
}

/** Of lists of different lengths, which JSON may hold; a row without −1 is full. */
function countLabels(row: Int32Array): number {
  const end = row.indexOf(-1);
  return end < 0 ? row.length : end;
}

function outputsFrom(
  array: Float64Tensor | undefined,
  layout: "TBV" | "BTV" | undefined,
  utterances: number | undefined,
): Pick<BatchEvidence, "shape" | "outputs" | "layout" | "swapped"> {
  if (!array) return {};
  const { dims } = array;
  if (dims.length !== 3) return { shape: dims, layout };
  const batchFirst = layout === "BTV";
  const [batch, time] = batchFirst ? [dims[0], dims[1]] : [dims[1], dims[0]];
  const swapped = utterances === undefined ? undefined : batch !== utterances && time === utterances;
  return { shape: dims, outputs: timeFirst(array, batchFirst !== (swapped ?? false)), layout, swapped };
}

function timeFirst({ dims, data }: Float64Tensor, batchFirst: boolean): Outputs {
  const [first, second, V] = dims;
  if (!batchFirst) return { T: first, B: second, V, data };
  const [B, T] = [first, second];
  const turned = new Float64Array(data.length);
  for (let b = 0; b < B; b++) {
    for (let t = 0; t < T; t++) {
      turned.set(data.subarray((b * T + t) * V, (b * T + t + 1) * V), (t * B + b) * V);
    }
  }
  return { T, B, V, data: turned };
}

/** The runs beside the first, read the same way. */
function rerunsOf(
  arrays: ReadonlyMap<string, Float64Tensor>,
  { layout, swapped, shape }: BatchEvidence,
  impulseUtterance: number | undefined,
  where: string,
): Partial<BatchEvidence> {
  const run = (name: string): Outputs | undefined => {
    const array = arrays.get(name);
    if (!array || array.dims.length !== 3 || shape?.length !== 3) return undefined;
    return timeFirst(array, (layout === "BTV") !== (swapped ?? false));
  };
  const alone = [...arrays.keys()].flatMap((name): [number, Outputs][] => {
    const [, utterance] = /^alone_(\d+)$/.exec(name) ?? [];
    const outputs = utterance === undefined ? undefined : run(name);
    return outputs ? [[Number(utterance), outputs]] : [];
  });
  const permuted = run("permuted");
  const order = listOf(arrays, "order", where);
  const impulse = run("impulse");
  return {
    again: run("again"),
    third: run("third"),
    padded: run("padded"),
    ...(alone.length > 0 && { alone: new Map(alone) }),
    ...(permuted && order && { permuted: { outputs: permuted, order } }),
    ...(impulse && { impulse: { outputs: impulse, utterance: impulseUtterance ?? 0 } }),
  };
}

const NUMBER_NAMES: Readonly<Record<keyof FeatureFacts, string>> = {
  sampleRateHz: "sample_rate",
  audioRateHz: "audio_rate",
  highestHz: "f_max",
  lowestHz: "f_min",
  melBins: "n_mels",
  fftSize: "n_fft",
};

/** @throws UNFIT_EVIDENCE when they are no table */
function featuresOf(features: unknown, where: string): FeatureFacts | undefined {
  if (features === undefined) return undefined;
  const table = typeof features === "string" ? jsonOrText(features) : features;
  if (!isRecord(table)) throw notAsNamed(`${where}: features`, "Expected a table of numbers");
  const entries = Object.entries(NUMBER_NAMES).map(([key, name]) => [key, table[name]]);
  return Object.fromEntries(entries.filter(([, value]) => typeof value === "number")) as FeatureFacts;
}

function unknownNames(arrays: ReadonlyMap<string, Float64Tensor>, facts: NamedArrays["facts"]): string[] {
  const names = [...arrays.keys(), ...Object.keys(facts)];
  return names.filter((name) => !KNOWN_NAMES.includes(ALIASES[name] ?? name) && !KNOWN_PATTERN.test(name));
}
