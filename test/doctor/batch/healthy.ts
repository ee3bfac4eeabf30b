// Healthy batches: early and late in training, of one and two directions, strided or not, and as other losses take them.

import type { NamedArrays } from "../../../src/doctor/arrays/evidence/named-arrays.ts";
import type { RandomStream } from "../../../src/random.ts";
import {
  eachRow,
  exportTiny,
  logSoftmax,
  makeContext,
  softmax,
  type Context,
  type Draft,
  type Plan,
} from "./export.ts";
import type { TinyOptions } from "./tiny-network.ts";

export interface HealthyBatch {
  readonly name: string;
  readonly make: (random: RandomStream) => NamedArrays;
}

const healthy = (
  name: string,
  changes: Partial<TinyOptions>,
  plan: (context: Context) => Plan = () => ({}),
): HealthyBatch => ({
  name,
  make: (random) => {
    const context = makeContext(random, changes);
    return exportTiny(context, plan(context));
  },
});

/** Frames of silence behind each recording, as if all had been cut to one length. */
function ofOneLength(context: Context): Context {
  const longest = Math.max(...context.utterances.map(({ frames }) => frames.length));
  const silence = (): Float64Array =>
    Float64Array.from(
      { length: context.options.V },
      (_, k) => Number(k === context.blank) + 0.15 * context.random.normal(),
    );
  const utterances = context.utterances.map(({ frames, labels }) => ({
    labels,
    frames: [...frames, ...Array.from({ length: longest - frames.length }, silence)],
  }));
  return { ...context, utterances };
}

function withoutTruth({ arrays }: Draft): void {
  for (const name of arrays.keys()) if (/^alone|^frames|^padded_frames/.test(name)) arrays.delete(name);
}

const half = (value: number): number => {
  const step = 2 ** (Math.floor(Math.log2(Math.max(Math.abs(value), 1e-4))) - 10);
  return Math.round(value / step) * step;
};

export const HEALTHY: readonly HealthyBatch[] = [
  healthy("any", {}),
  healthy("nearly untrained", { gain: 0.05 }),
  healthy("early", { gain: 0.5 }),
  healthy("late", { gain: 12 }),
  healthy("very sure", { gain: 40 }),
  healthy("one direction, no stride", { bidirectional: false, stride: 1 }),
  healthy("two directions, stride 4", { bidirectional: true, stride: 4 }),
  healthy("logits into a loss that takes them", {}, () => ({
    behind: (logits) => logits,
    export: ({ facts }) => {
      facts.takes = "logits";
    },
  })),
  healthy("log-probabilities into a loss that takes logits", {}, () => ({
    export: ({ facts }) => {
      facts.takes = "logits";
    },
  })),
  healthy("probabilities into a loss that takes them", {}, () => ({
    behind: (logits) => eachRow(logits, softmax),
    export: ({ facts }) => {
      facts.takes = "probs";
    },
  })),
  healthy("a floor under the probabilities", { gain: 12 }, () => ({
    behind: (logits) => eachRow(logits, (row) => softmax(row).map((p) => Math.log(p + 1e-7))),
  })),
  healthy("half precision", {}, () => ({
    behind: (logits) => eachRow(logSoftmax(logits), (row) => row.map(half)),
  })),
  healthy("dropout in training mode", {}, ({ random }) => ({
    behind: (logits) =>
      logSoftmax(eachRow(logits, (row) => row.map((x) => (random.uniform() < 0.1 ? 0 : x / 0.9)))),
    export: ({ facts }) => {
      facts.mode = "train";
    },
  })),
  healthy("statistics of the batch in training mode", { stride: 1 }, () => ({
    behind: (logits) => {
      const means = logits[0][0].map((_, k) => mean(logits, k));
      return logSoftmax(eachRow(logits, (row) => row.map((x, k) => x - means[k])));
    },
    export: ({ facts }) => {
      facts.mode = "train";
    },
  })),
  healthy("only what the loss takes", {}, () => ({
    export: ({ arrays, facts }) => {
      for (const name of arrays.keys())
        if (!/^(log_probs|input_lengths|targets|target_lengths)$/.test(name)) arrays.delete(name);
      for (const name of Object.keys(facts)) delete facts[name];
    },
  })),
  {
    name: "recordings of one length",
    make: (random) => exportTiny(ofOneLength(makeContext(random, { stride: 1 })), { export: withoutTruth }),
  },
];

const mean = (logits: Float64Array[][], k: number): number => {
  const all = logits.flatMap((rows) => rows.map((row) => row[k]));
  return all.reduce((sum, x) => sum + x, 0) / all.length;
};
