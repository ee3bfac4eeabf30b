// What tools/probe.py exports of a network, made from the tiny one: the batch, its reruns, a training step.

import type { NamedArrays } from "../../../src/doctor/arrays/evidence/named-arrays.ts";
import type { RandomStream } from "../../../src/random.ts";
import type { Float64Tensor } from "../../../src/tensor.ts";
import {
  makeUtterances,
  padBatch,
  runTiny,
  type Defects,
  type Logits,
  type TinyBatch,
  type TinyOptions,
  type Utterance,
} from "./tiny-network.ts";

export interface Context {
  readonly random: RandomStream;
  readonly options: TinyOptions;
  readonly utterances: readonly Utterance[];
  readonly blank: number;
}

/** Where a fault enters: in the network, behind it, or in what is exported. */
export interface Plan {
  /** Called for each run. */
  readonly defects?: () => Defects;
  readonly behind?: (logits: Logits, batch: TinyBatch) => Logits;
  readonly export?: (draft: Draft) => unknown;
}

export interface Draft {
  readonly arrays: Map<string, Float64Tensor>;
  readonly facts: Record<string, unknown>;
}

export function makeContext(random: RandomStream, changes: Partial<TinyOptions> = {}): Context {
  const V = 6 + random.integer(25);
  const blank = random.integer(2) === 0 ? 0 : V - 1;
  const gain = [0.4, 2, 12][random.integer(3)];
  const options = {
    seed: random.bits(),
    V,
    gain,
    stride: 1 + random.integer(2),
    bidirectional: random.integer(2) === 0,
    ...changes,
  };
  return {
    random,
    options,
    blank,
    utterances: makeUtterances(random, { count: 4 + random.integer(4), V, blank }),
  };
}

export function exportTiny(context: Context, plan: Plan = {}): NamedArrays {
  const { options, utterances, blank, random } = context;
  const draft: Draft = { arrays: new Map(), facts: { blank, mode: "eval", layout: "TBV" } };
  const { arrays } = draft;
  const run = (name: string, batch: TinyBatch) => {
    const logits = runTiny(batch, options, plan.defects?.());
    arrays.set(name, tensor((plan.behind ?? logSoftmax)(logits, batch)));
  };
  const order = utterances.map((_, i) => (i + utterances.length - 1) % utterances.length);
  const batch = padBatch(utterances);
  for (const name of ["log_probs", "again", "third"]) run(name, batch);
  run("permuted", padBatch(order.map((b) => utterances[b])));
  run("padded", padBatch(utterances, 9));
  run("impulse", padBatch([jolted(utterances[0]), ...utterances.slice(1)]));
  utterances.forEach((own, b) => run(`alone_${b}`, padBatch([own])));
  const lists: Record<string, readonly number[]> = {
    order,
    frames: batch.lengths,
    padded_frames: [batch.frames.length],
    input_lengths: batch.lengths.map((length) => Math.ceil(length / options.stride)),
    target_lengths: utterances.map(({ labels }) => labels.length),
    ...parameterLists(random),
  };
  for (const [name, values] of Object.entries(lists)) arrays.set(name, list(values));
  arrays.set(
    "targets",
    matrix(
      utterances.map(({ labels }) => labels),
      -1,
    ),
  );
  draft.facts.parameter_names = LAYERS;
  draft.facts.features = { sample_rate: 16000, audio_rate: 16000, f_max: 8000, n_mels: 40, n_fft: 512 };
  plan.export?.(draft);
  return draft;
}

const LAYERS = ["front.weight", "front.bias", "rnn.weight", "rnn.bias", "out.weight", "out.bias"];

/** Norms as a healthy step leaves them: gradients within a few hundred of each other, changes of a thousandth. */
function parameterLists(random: RandomStream): Record<string, number[]> {
  const norms = LAYERS.map((name) => (name.endsWith("bias") ? 0.1 : 5) * (1 + random.uniform()));
  return {
    parameter_norms: norms,
    parameter_ranks: LAYERS.map((name) => (name.endsWith("bias") ? 1 : 2)),
    parameter_sizes: LAYERS.map(() => 64),
    gradient_norms: norms.map((norm) => norm * 10 ** (-2.5 * random.uniform())),
    change_norms: norms.map((norm) => norm * 10 ** (-2 - 2 * random.uniform())),
  };
}

function jolted({ frames, labels }: Utterance): Utterance {
  const middle = Math.floor(frames.length / 2);
  return {
    labels,
    frames: frames.map((frame, t) =>
      t - (t % 2) === middle - (middle % 2) ? frame.map((value) => value + 2) : frame,
    ),
  };
}

// ── Tensors ─────────────────────────────────────────────────────────────────────────────────────────────────────

export const list = (values: readonly number[]): Float64Tensor => ({
  type: "float64",
  dims: [values.length],
  data: Float64Array.from(values),
});

export function matrix(rows: readonly (readonly number[])[], pad: number): Float64Tensor {
  const width = Math.max(...rows.map(({ length }) => length));
  return {
    type: "float64",
    dims: [rows.length, width],
    data: Float64Array.from(rows.flatMap((own) => Array.from({ length: width }, (_, i) => own[i] ?? pad))),
  };
}

export function tensor(values: Logits): Float64Tensor {
  const [T, B, V] = [values.length, values[0].length, values[0][0].length];
  const data = new Float64Array(T * B * V);
  values.forEach((rows, t) => rows.forEach((own, b) => data.set(own, (t * B + b) * V)));
  return { type: "float64", dims: [T, B, V], data };
}

export function softmax(values: Float64Array): Float64Array {
  const largest = Math.max(...values);
  const exponents = values.map((value) => Math.exp(value - largest));
  const sum = exponents.reduce((total, value) => total + value, 0);
  return exponents.map((value) => value / sum);
}

export const logSoftmaxRow = (values: Float64Array): Float64Array => {
  const largest = Math.max(...values);
  const sum = values.reduce((total, value) => total + Math.exp(value - largest), 0);
  const shift = largest + Math.log(sum);
  return values.map((value) => value - shift);
};

export const eachRow = (
  logits: Logits,
  change: (row: Float64Array, t: number, b: number) => Float64Array,
): Logits => logits.map((rows, t) => rows.map((own, b) => change(own, t, b)));

export const logSoftmax = (logits: Logits): Logits => eachRow(logits, logSoftmaxRow);
