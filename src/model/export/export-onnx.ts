// A model of ours as one ONNX file for other programs: its network, on request with the front end before it, and all that one
// must know of it in the metadata; beside it tokens.txt, and the description by which it opens again here
// (docs/onnx-models.md). It deals in bytes and texts and knows nothing of paths.

import { featureSize, SAMPLE_RATE_HZ, samplesOf } from "../../audio/index.ts";
import { Graph, writeOnnx } from "../../graph/index.ts";
import { networkContract } from "../../network/index.ts";
import type { Alphabet } from "../../text/index.ts";
import type { ModelFile } from "../model-file.ts";
import type { OnnxDescriptionInput } from "../onnx/description.ts";
import { EarshotError } from "../../errors.ts";
import { rowDelayMs, waitingSetting } from "../trained-stream.ts";
import { addFramesProgram, addSamplesProgram, addStreamProgram, type ExportedState } from "./programs.ts";
import { storedWeights, type ExportPrecision } from "../stored-weights.ts";

/** What goes in: frames of whole utterances, samples of whole recordings, or frames of a stream with its states. */
export type ExportForm = "frames" | "samples" | "stream";

export interface ExportOptions {
  /** "frames" by default. */
  readonly form?: ExportForm;
  /** How the weights are stored; "float32" by default. */
  readonly precision?: ExportPrecision;
}

export interface ExportedModel {
  readonly onnx: Uint8Array;
  /** tokens.txt as sherpa-onnx reads it: a token and its index on each line, the blank as `<blk>`. */
  readonly tokens: string;
  /** For `OnnxModel.open`; none for a stream, which it cannot follow. */
  readonly description?: OnnxDescriptionInput;
  /** What the program says of itself. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** @throws EarshotError NOT_EXPORTABLE, NEEDS_WHOLE_UTTERANCE, BEYOND_FLOAT16 */
export function exportOnnx(
  model: ModelFile,
  { form = "frames", precision = "float32" }: ExportOptions = {},
): ExportedModel {
  if (form === "stream") checkFramesOfStream(model);
  const graph = new Graph();
  const { weight, finish } = storedWeights(graph, model.weights, precision);
  const states = form === "stream" ? addStreamProgram(graph, model, weight) : [];
  if (form === "frames") addFramesProgram(graph, model, weight);
  if (form === "samples") addSamplesProgram(graph, model, weight);
  finish();
  const metadata = metadataOf(model, form, precision, states);
  const onnx = writeOnnx(graph, model.architecture.network.name, metadata);
  const tokens = tokensOf(model.alphabet);
  const list = tokens.map((token, index) => `${token} ${index}\n`).join("");
  return {
    onnx,
    tokens: list,
    metadata,
    ...(form !== "stream" && { description: describe(model, form, tokens) }),
  };
}

/** What the frames of a chunk cannot be computed from. @throws EarshotError NOT_EXPORTABLE */
function checkFramesOfStream({ features, architecture }: ModelFile): void {
  const waiting = waitingSetting(features);
  if (networkContract(architecture).lookAhead === "utterance" || waiting === undefined) return;
  const { name, value, wanted } = waiting;
  throw new EarshotError({
    code: "NOT_EXPORTABLE",
    where: name,
    problem: `With "${value}" the frames of an utterance are known when it ends: there is no stream of them.`,
    remedy: `Export without --stream; or train with ${name} ${wanted}.`,
  });
}

const BLANK = "<blk>";
const ROWS = "log_probs";

/** What stands for a space: as in SentencePiece, unless that is a symbol of its own. */
const spaceOf = ({ symbols }: Alphabet): string =>
  ["▁", "␣", "⎵"].find((mark) => !symbols.includes(mark)) ?? "▁";

/** In the order of the outputs. */
const tokensOf = (alphabet: Alphabet): string[] => [
  ...alphabet.symbols.map((symbol) => symbol.replaceAll(" ", spaceOf(alphabet))),
  BLANK,
];

function metadataOf(
  { alphabet, architecture, features, statistics, transcript }: ModelFile,
  form: ExportForm,
  precision: ExportPrecision,
  states: readonly ExportedState[],
): Record<string, string> {
  const { stride, lookAhead } = networkContract(architecture);
  const { hopMs } = features;
  return {
    // The keys that sherpa-onnx has for CTC models.
    model_type: "earshot_ctc",
    vocab_size: String(alphabet.size),
    subsampling_factor: String(stride),
    sample_rate: String(SAMPLE_RATE_HZ),
    feature_dim: String(featureSize(features)),
    normalize_type: "",
    // All else that one must know.
    "earshot.form": form,
    "earshot.precision": precision,
    "earshot.network": architecture.network.name,
    "earshot.alphabet": JSON.stringify(alphabet),
    "earshot.features": JSON.stringify(features),
    ...(statistics && { "earshot.statistics": JSON.stringify(listed(statistics)) }),
    "earshot.transcript": JSON.stringify(transcript),
    "earshot.step_ms": String(stride * hopMs),
    "earshot.look_ahead_frames": String(lookAhead),
    "earshot.delay_ms": String(rowDelayMs({ features, architecture }) ?? "utterance"),
    ...(states.length > 0 && { "earshot.states": JSON.stringify(states) }),
  };
}

/** What our own reader of ONNX models must know (docs/onnx-models.md). */
function describe(
  model: ModelFile,
  form: Exclude<ExportForm, "stream">,
  tokens: readonly string[],
): OnnxDescriptionInput {
  const { features, statistics, architecture, transcript, decoder } = model;
  const { stride } = networkContract(architecture);
  const isSamples = form === "samples";
  return {
    tokens: [...tokens],
    blank: tokens.length - 1,
    silent: [],
    space: spaceOf(model.alphabet),
    input: isSamples
      ? { name: "samples", sampleRateHz: SAMPLE_RATE_HZ, windowMs: features.windowMs }
      : { name: "frames", features, ...(statistics && { statistics: listed(statistics) }) },
    stride: isSamples ? stride * samplesOf(features.hopMs) : stride,
    feed: isSamples
      ? { tensor: "samples", axes: "BT" }
      : { tensor: "frames", axes: "BTF", lengths: "lengths" },
    output: {
      tensor: ROWS,
      axes: "BTV",
      gives: "log-probabilities",
      ...(!isSamples && { lengths: "log_probs_lengths" }),
    },
    transcript,
    ...(decoder && { decoder }),
  };
}

/** Whether a file beside an ONNX model is the description that an export wrote, and may be replaced by that of the next. */
export function isExportedDescription(value: unknown): boolean {
  const { tokens, output } = (value ?? {}) as Partial<Record<string, unknown>>;
  const tensor = (output as { tensor?: unknown } | undefined)?.tensor;
  return Array.isArray(tokens) && tokens.at(-1) === BLANK && tensor === ROWS;
}

const listed = ({ mean, deviation }: NonNullable<ModelFile["statistics"]>) => ({
  mean: Array.from(mean),
  deviation: Array.from(deviation),
});
