// The three forms of an exported network: frames in, samples in, or a chunk of a stream in; log-probabilities out, batch
// first, under names that others can rely on.

import {
  add,
  cast,
  countTo,
  div,
  equal,
  identity,
  less,
  logSoftmax,
  reduceMax,
  shapeOf,
  shiftDimension,
  slice,
  squeeze,
  transpose,
  unsqueeze,
  where,
  zerosLike,
  type Graph,
  type Tensor,
} from "../../graph/index.ts";
import {
  buildNetwork,
  fixedLayers,
  networkContract,
  streamContract,
  utteranceLogits,
  type LayerContext,
  type StateShape,
} from "../../network/index.ts";
import type { ModelFile } from "../model-file.ts";
import { frontEnd } from "./front-end/front-end.ts";

export interface ExportedState {
  readonly input: string;
  readonly output: string;
  /** One axis is "B". */
  readonly shape: StateShape["shape"];
}

type Weight = LayerContext["weight"];

/** `frames` [B, T, F] and `lengths` [B] → `log_probs` [B, T', V] and `log_probs_lengths` [B]. */
export function addFramesProgram(graph: Graph, { architecture }: ModelFile, weight: Weight): void {
  const { stride } = networkContract(architecture);
  const frames = graph.input("frames", "float32", ["B", "T", architecture.features]);
  const lengths = graph.input("lengths", "int64", ["B"]);
  const { clean, mask } = withinLengths(frames, lengths, stride);
  const logits = utteranceLogits(architecture, fixedLayers(weight), { frames: clean, mask });
  outputRows(logSoftmax(logits));
  const steps = div(add(lengths, stride - 1), stride);
  graph.output(identity(steps, graph, "log_probs_lengths"));
}

/** `samples` [B, N] of recordings of one length → `log_probs` [B, T', V]; of silence every row is the blank. */
export function addSamplesProgram(graph: Graph, model: ModelFile, weight: Weight): void {
  const { architecture, features, statistics, alphabet } = model;
  const { stride } = networkContract(architecture);
  const samples = graph.input("samples", "float32", ["B", "N"]);
  const frames = frontEnd(samples, features, statistics); // [T, B, F]
  const steps = slice(frames, 0, { step: stride });
  const mask = add(slice(zerosLike(steps, 0, 3), 2, { trim: architecture.features - 1 }), 1); // [T', B, 1]
  const rows = logSoftmax(utteranceLogits(architecture, fixedLayers(weight), { frames, mask }));
  const isSilent = equal(reduceMax(where(equal(samples, 0), samples, 1), [1]), 0); // [B]
  const silence = new Float32Array(alphabet.size).fill(NEVER);
  silence[alphabet.blank] = 0;
  const blanks = graph.constant("blanks", "float32", [alphabet.size], silence);
  outputRows(where(unsqueeze(isSilent, [0, 2]), blanks, rows));
}

/** The logarithm of a probability that is as good as 0. */
const NEVER = -1e4;

/**
 * `frames` [B, T + lookAhead, F], T a multiple of the stride, `lengths` [B], how many of these are inside the utterance, and
 * the states → `log_probs` [B, T', V] and the states after the T frames.
 * @throws EarshotError NEEDS_WHOLE_UTTERANCE
 */
export function addStreamProgram(graph: Graph, { architecture }: ModelFile, weight: Weight): ExportedState[] {
  const { stride, lookAhead, states } = streamContract(architecture);
  const length = shiftDimension("T", lookAhead);
  const frames = graph.input("frames", "float32", ["B", length, architecture.features]);
  const lengths = graph.input("lengths", "int64", ["B"]);
  const before = states.map(({ name, shape }) => graph.input(`state/${name}`, "float32", shape));
  const { clean, mask } = withinLengths(frames, lengths, stride, lookAhead);
  const inputs = { frames: clean, mask, states: before };
  const results = buildNetwork(architecture, fixedLayers(weight), inputs);
  outputRows(logSoftmax(results.logits));
  return states.map(({ name, shape }, i) => ({
    input: before[i].name,
    output: graph.output(identity(results.states[i], graph, `next/${name}`)).name,
    shape,
  }));
}

/** Frames by time [T, B, F], zero from each length on, and 1 in the steps before it. [T' + ⌊ahead / stride⌋, B, 1] */
function withinLengths(frames: Tensor, lengths: Tensor, stride: number, ahead = 0) {
  const byTime = transpose(frames, [1, 0, 2]);
  const time = countTo(squeeze(shapeOf(byTime, 0, 1), [0]), byTime.shape[0]);
  const inside = less(unsqueeze(time, [1, 2]), unsqueeze(lengths, [0, 2])); // [T + ahead, B, 1]
  const steps = slice(cast(inside, "float32"), 0, { trim: ahead % stride, step: stride });
  return { clean: where(inside, byTime, 0), mask: steps };
}

/** Rows by time [T', B, V] as the output `log_probs`, batch first. */
function outputRows(rows: Tensor): void {
  const { graph } = rows;
  graph.output(identity(transpose(rows, [1, 0, 2]), graph, "log_probs"));
}
