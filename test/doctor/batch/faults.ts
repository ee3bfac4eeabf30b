// The planted faults of one batch: each in an otherwise healthy export, of random place and size, with the code that
// names it.

import type { Logits } from "./tiny-network.ts";
import { letter, STATE_SIZE } from "./tiny-network.ts";
import {
  eachRow,
  exportTiny,
  list,
  logSoftmax,
  logSoftmaxRow,
  makeContext,
  matrix,
  softmax,
  tensor,
  type Context,
  type Draft,
  type Plan,
} from "./export.ts";
import type { NamedArrays } from "../../../src/doctor/arrays/evidence/named-arrays.ts";
import type { RandomStream } from "../../../src/random.ts";
import type { TinyOptions } from "./tiny-network.ts";

export interface PlantedFault {
  readonly name: string;
  readonly code: string;
  readonly plant: (random: RandomStream) => NamedArrays;
}

const fault = (
  code: string,
  name: string,
  plan: (context: Context) => Plan,
  changes: Partial<TinyOptions> = {},
): PlantedFault => ({
  name,
  code,
  plant: (random) => {
    const context = makeContext(random, changes);
    return exportTiny(context, plan(context));
  },
});

const inExport = (
  code: string,
  name: string,
  change: (draft: Draft, context: Context) => void,
  changes: Partial<TinyOptions> = {},
): PlantedFault => fault(code, name, (context) => ({ export: (draft) => change(draft, context) }), changes);

const numbers = ({ arrays }: Draft, name: string): number[] => [...arrays.get(name)!.data];
const steps = ({ utterances, options }: Context): number[] =>
  utterances.map(({ frames }) => Math.ceil(frames.length / options.stride));
const turned = (values: Logits): Logits => values[0].map((_, b) => values.map((rows) => rows[b]));

/** A softmax over the first axis of [N][M][V]. */
function softmaxOverFirst(values: Logits): Logits {
  const columns = values[0].map((own, b) =>
    Array.from(own, (_, v) => softmax(Float64Array.from(values, (rows) => rows[b][v]))),
  );
  return eachRow(values, (row, t, b) => row.map((_, v) => columns[b][v][t]));
}
const logs = (values: Logits): Logits => eachRow(values, (row) => row.map(Math.log));

// ── The outputs ─────────────────────────────────────────────────────────────────────────────────────────────────

const OUTPUTS: readonly PlantedFault[] = [
  fault("SOFTMAX_OVER_WRONG_AXIS", "log-softmax over time", () => ({
    behind: (logits) => logs(softmaxOverFirst(logits)),
  })),
  fault("SOFTMAX_OVER_WRONG_AXIS", "softmax over time, no logarithm", () => ({ behind: softmaxOverFirst })),
  fault("SOFTMAX_OVER_WRONG_AXIS", "log-softmax over the batch", () => ({
    behind: (logits) => logs(turned(softmaxOverFirst(turned(logits)))),
  })),
  fault("PROBABILITIES_NOT_LOGS", "probabilities where logs are wanted", () => ({
    behind: (logits) => eachRow(logits, softmax),
  })),
  fault(
    "SOFTMAX_TWICE",
    "log-softmax of a softmax",
    () => ({ behind: (logits) => eachRow(logits, (row) => logSoftmaxRow(softmax(row))) }),
    { gain: 8 },
  ),
  inExport("SOFTMAX_TWICE", "probabilities into a loss that takes logits", (draft, context) => {
    for (const [name, array] of exportTiny(context, { behind: (logits) => eachRow(logits, softmax) }).arrays)
      draft.arrays.set(name, array);
    draft.facts.takes = "logits";
  }),
  fault("LOGITS_NOT_NORMALIZED", "raw outputs into a loss that takes log-probabilities", () => ({
    behind: (logits) => logits,
  })),
  inExport(
    "LOGS_NOT_PROBABILITIES",
    "log-probabilities into a loss that takes probabilities",
    ({ facts }) => {
      facts.takes = "probs";
    },
  ),
  fault("ROWS_NOT_NORMALIZED", "some steps moved after the softmax", ({ random }) => {
    const [step, shift] = [random.integer(4), 0.1 + random.uniform()];
    return {
      behind: (logits) =>
        eachRow(logSoftmax(logits), (row, t) => (t === step ? row.map((x) => x - shift) : row)),
    };
  }),
  inExport("OUTPUT_NOT_FINITE", "NaN at one place", ({ arrays }, { random, utterances, options }) => {
    const { data } = arrays.get("log_probs")!;
    data[random.integer(5 * utterances.length * options.V)] = NaN;
  }),
  fault(
    "LOG_OF_ZERO",
    "the logarithm of a probability that underflowed",
    () => ({
      behind: (logits) => eachRow(logits, (row) => softmax(row).map((p) => Math.log(p < 1e-6 ? 0 : p))),
    }),
    { gain: 12 },
  ),
  fault("OUTPUT_CLIPPED", "a rectifier before the softmax", () => ({
    behind: (logits) => logSoftmax(eachRow(logits, (row) => row.map((x) => Math.max(0, x)))),
  })),
  fault("OUTPUT_CLIPPED", "the clipped hidden layer taken for the output", () => ({
    behind: (logits) => eachRow(logits, (row) => row.map((x) => Math.min(20, Math.max(0, x)))),
  })),
  fault("OUTPUT_CLIPPED", "a clamp from above", () => ({
    behind: (logits) =>
      logSoftmax(
        eachRow(logits, (row) => {
          const low = row.toSorted()[1];
          return row.map((x) => Math.min(low + 0.2, x));
        }),
      ),
  })),
  fault("UNIFORM_OUTPUTS", "uniform outputs after many losses", () => ({
    behind: (logits) => logSoftmax(eachRow(logits, (row) => row.map((x) => 1e-4 * x))),
    export: ({ arrays }) => arrays.set("losses", list(Array.from({ length: 10 }, (_, i) => 13231 - i))),
  })),
  fault("OUTPUT_IGNORES_INPUT", "outputs that are a bias and nothing else", ({ options }) => ({
    behind: (logits) => eachRow(logits, (row) => logSoftmaxRow(row.map((_, k) => Math.sin(k * options.V)))),
  })),
];

// ── Axes, states, neighbors ─────────────────────────────────────────────────────────────────────────────────────

const random = (context: Context, b: number): Float64Array =>
  Float64Array.from({ length: STATE_SIZE }, () => (b + 1) * context.random.normal());

const NETWORK: readonly PlantedFault[] = [
  inExport("NO_TIME_AXIS", "only the last step's output", ({ arrays }, { utterances, options }) => {
    for (const name of ["log_probs", "again", "third"]) {
      const { data } = arrays.get(name)!;
      arrays.set(name, {
        type: "float64",
        dims: [utterances.length, options.V],
        data: data.slice(0, utterances.length * options.V),
      });
    }
  }),
  fault("NO_TIME_AXIS", "the last step's output repeated", () => ({
    behind: (logits) => logSoftmax(logits.map(() => logits[3])),
  })),
  inExport("TIME_AND_BATCH_SWAPPED", "[B, T, V] into a loss that takes [T, B, V]", ({ arrays }) => {
    for (const [name, { dims, data }] of arrays) {
      if (dims.length !== 3) continue;
      const [T, B, V] = dims;
      const rows: Logits = Array.from({ length: T }, (_, t) =>
        Array.from({ length: B }, (_, b) => data.slice((t * B + b) * V, (t * B + b + 1) * V)),
      );
      arrays.set(name, tensor(turned(rows)));
    }
  }),
  fault("RESHAPED_NOT_TRANSPOSED", "view instead of transpose", () => ({
    behind: (logits) => {
      const flat = turned(logSoftmax(logits)).flat();
      const B = logits[0].length;
      return logits.map((_, t) => flat.slice(t * B, (t + 1) * B));
    },
  })),
  fault("RECURRENCE_OVER_BATCH", "the recurrence runs over the batch", () => ({
    defects: () => ({ overBatch: true }),
  })),
  fault(
    "OUTPUT_DEPENDS_ON_NEIGHBORS",
    "outputs mixed with the means of the utterances behind",
    ({ random }) => {
      const share = 0.3 + 0.4 * random.uniform();
      return {
        behind: (logits) => {
          const means = logits[0].map((_, b) => mean(logits, b));
          const behind = (b: number, k: number) =>
            means.slice(b + 1).reduce((sum, values) => sum + values[k], 0);
          return logSoftmax(eachRow(logits, (row, _, b) => row.map((x, k) => x + share * behind(b, k))));
        },
      };
    },
  ),
  fault(
    "BATCH_STATISTICS",
    "statistics of the batch in evaluation mode",
    () => ({
      behind: (logits, { lengths }) => {
        const valid = logits.flatMap((rows, t) => rows.filter((_, b) => t < lengths[b]));
        const center = valid[0].map((_, k) => valid.reduce((sum, row) => sum + row[k], 0) / valid.length);
        return logSoftmax(eachRow(logits, (row) => row.map((x, k) => x - 2 * center[k])));
      },
    }),
    { stride: 1 },
  ),
  fault(
    "OUTPUT_DEPENDS_ON_PADDING",
    "the backward recurrence begins in the padding",
    () => ({
      defects: () => ({ ignoresLengths: true }),
      behind: (logits) =>
        logSoftmax(
          logits.map((rows, t) =>
            rows.map((row) => row.map((x, k) => x + (k % 2) * 3 * (1 - t / logits.length))),
          ),
        ),
    }),
    { bidirectional: true },
  ),
  fault("STATE_CARRIED_OVER", "the state of the batch before, random at first", (context) => {
    let kept: Float64Array[] | undefined;
    return {
      defects: () => ({
        state: {
          start: (B) =>
            Array.from({ length: B }, (_, b) => (kept?.[b] ?? random(context, b)).map((x) => 1 * x)),
          end: (state) => {
            kept = state.map((x) => x.slice());
          },
        },
      }),
    };
  }),
  fault("RANDOM_INITIAL_STATE", "a random state at each start", (context) => ({
    defects: () => ({ state: { start: (B) => Array.from({ length: B }, (_, b) => random(context, b)) } }),
  })),
  fault("OUTPUT_NOT_REPEATABLE", "dropout in evaluation mode", (context) => ({
    behind: (logits) =>
      logSoftmax(eachRow(logits, (row) => row.map((x) => (context.random.uniform() < 0.1 ? 0 : x / 0.9)))),
  })),
  inExport(
    "FAILS_ON_OTHER_SIZES",
    "a network that runs one batch size only",
    ({ arrays, facts }, { utterances }) => {
      facts.failed = Object.fromEntries(
        utterances.map((_, b) => [`alone_${b}`, "Expected hidden size (1, 1, 512), got [1, 4, 512]"]),
      );
      utterances.forEach((_, b) => arrays.delete(`alone_${b}`));
    },
  ),
];

const mean = (logits: Logits, b: number): Float64Array =>
  logits[0][b].map((_, k) => logits.reduce((sum, rows) => sum + rows[b][k], 0) / logits.length);

// ── Lengths and labels ──────────────────────────────────────────────────────────────────────────────────────────

const best = (context: Context, { arrays }: Draft): number[][] => {
  const {
    dims: [T, B, V],
    data,
  } = arrays.get("log_probs")!;
  const argmax = (row: Float64Array): number => row.indexOf(Math.max(...row));
  void context;
  return Array.from({ length: B }, (_, b) =>
    Array.from({ length: T }, (_, t) => argmax(data.subarray((t * B + b) * V, (t * B + b + 1) * V))),
  );
};
const withoutTruth = ({ arrays }: Draft): void => {
  for (const name of arrays.keys()) if (/^alone|^frames|^padded_frames/.test(name)) arrays.delete(name);
};

const LENGTHS: readonly PlantedFault[] = [
  inExport("CONSTANT_LENGTHS", "the padded length for every utterance", (draft) =>
    draft.arrays.set(
      "input_lengths",
      list(numbers(draft, "input_lengths").map((_, __, all) => Math.max(...all))),
    ),
  ),
  inExport("CONSTANT_LENGTHS", "the padded length for every utterance, nothing to compare with", (draft) => {
    withoutTruth(draft);
    draft.arrays.set(
      "input_lengths",
      list(numbers(draft, "input_lengths").map((_, __, all) => Math.max(...all))),
    );
  }),
  inExport(
    "LENGTHS_FROM_ARGMAX",
    "lengths are the steps that are no blank",
    (draft, context) => {
      const { blank } = context;
      draft.arrays.set(
        "input_lengths",
        list(best(context, draft).map((path) => path.filter((k) => k !== blank).length)),
      );
    },
    { gain: 12 },
  ),
  inExport(
    "LENGTHS_FROM_ARGMAX",
    "lengths are those of the collapsed text",
    (draft, context) => {
      withoutTruth(draft);
      draft.arrays.set(
        "input_lengths",
        list(
          best(context, draft).map(
            (path) => path.filter((k, t) => k !== path[t - 1] && k !== context.blank).length,
          ),
        ),
      );
    },
    { gain: 12 },
  ),
  inExport(
    "LENGTHS_TOO_LARGE",
    "frames where steps are due",
    (draft) => draft.arrays.set("input_lengths", draft.arrays.get("frames")!),
    { stride: 2 },
  ),
  inExport(
    "LENGTHS_TOO_LARGE",
    "the shortest reaches into the padding",
    (draft) => {
      const all = numbers(draft, "input_lengths");
      const shortest = all.indexOf(Math.min(...all));
      draft.arrays.set(
        "input_lengths",
        list(all.map((length, b) => (b === shortest ? Math.max(...all) : length))),
      );
    },
    { stride: 1 },
  ),
  inExport(
    "LENGTHS_TOO_SMALL",
    "the stride divided twice",
    (draft) =>
      draft.arrays.set(
        "input_lengths",
        list(numbers(draft, "input_lengths").map((length) => Math.ceil(length / 3))),
      ),
    { stride: 1 },
  ),
  inExport("LENGTHS_ARE_LABEL_LENGTHS", "the two lengths exchanged", (draft) =>
    draft.arrays.set("input_lengths", draft.arrays.get("target_lengths")!),
  ),
  inExport("TOO_FEW_STEPS", "more labels than steps", (draft, context) => {
    const rows = context.utterances.map(({ labels }) => [...labels]);
    const which = context.random.integer(rows.length);
    while (rows[which].length <= steps(context)[which])
      rows[which].push(letter(context.random, context.options.V, context.blank));
    draft.arrays.set("targets", matrix(rows, -1));
    draft.arrays.set("target_lengths", list(rows.map(({ length }) => length)));
  }),
  inExport("BATCH_SIZES_DIFFER", "one transcript missing", (draft) => {
    const rows = numbers(draft, "target_lengths");
    draft.arrays.set("target_lengths", list(rows.slice(1)));
    draft.arrays.set(
      "targets",
      matrix(
        rows.slice(1).map((length) => Array.from({ length }, (_, i) => 1 + (i % 3))),
        -1,
      ),
    );
  }),
];

/** All transcripts filled up to one width, and the width given as their length. */
function padCounted({ arrays }: Draft, { utterances, random }: Context, pad: number): void {
  const width = Math.max(...utterances.map(({ labels }) => labels.length)) + 3 + random.integer(20);
  const rows = utterances.map(({ labels }) => [
    ...labels,
    ...Array.from({ length: width - labels.length }, () => pad),
  ]);
  arrays.set("targets", matrix(rows, pad));
  arrays.set("target_lengths", list(rows.map(() => width)));
}

const LABELS: readonly PlantedFault[] = [
  inExport("LABELS_PADDED_WITH_SYMBOL", "padding with a symbol, counted", (draft, context) => {
    const { random, options, blank } = context;
    padCounted(draft, context, letter(random, options.V, blank));
  }),
  inExport("LABELS_PADDED_WITH_BLANK", "padding with the blank, counted", (draft, context) => {
    padCounted(draft, context, context.blank);
  }),
  inExport(
    "TARGET_LENGTHS_COUNT_NONZERO",
    "lengths count other indices than 0",
    (draft, { utterances, options, random }) => {
      const last = options.V - 1;
      const rows = utterances.map(({ labels }) => labels.map((label) => label % last));
      rows[random.integer(rows.length)][1] = 0;
      draft.facts.blank = last;
      draft.arrays.set("targets", matrix(rows, 0));
      draft.arrays.set(
        "target_lengths",
        list(rows.map((labels) => labels.filter((label) => label > 0).length)),
      );
    },
  ),
  inExport("TARGET_LENGTHS_WRONG", "transcripts cut short", (draft, { random }) => {
    const cut = 1 + random.integer(2);
    draft.arrays.set("target_lengths", list(numbers(draft, "target_lengths").map((length) => length - cut)));
  }),
  inExport("TARGET_LENGTHS_WRONG", "joined labels with another sum", (draft, { utterances }) => {
    const all = utterances.flatMap(({ labels }) => labels);
    const extra = 1 + all.filter((label) => label === 0).length;
    draft.arrays.set("targets", list([...all, ...Array.from({ length: extra }, () => Math.max(...all))]));
  }),
  inExport("EMPTY_TARGETS", "no transcript has a letter", (draft, { utterances }) =>
    draft.arrays.set("target_lengths", list(utterances.map(() => 0))),
  ),
  inExport(
    "UNKNOWN_MAPPED_TO_BLANK",
    "unknown characters mapped to the blank",
    (draft, { utterances, options, blank, random }) => {
      const rows = utterances.map(({ labels }) =>
        labels.map((label, i) => (i === 1 || random.uniform() < 0.1 ? blank : label)),
      );
      draft.arrays.set("targets", matrix(rows, -1));
      draft.facts.symbols = Array.from({ length: options.V }, (_, k) =>
        k === blank ? "<blank>" : String.fromCharCode(97 + k),
      );
    },
  ),
  inExport("BLANK_IN_LABELS", "the blank inside labels, no symbols told", (draft, { utterances, blank }) => {
    draft.arrays.set(
      "targets",
      matrix(
        utterances.map(({ labels }) => labels.map((label, i) => (i === 1 ? blank : label))),
        -1,
      ),
    );
  }),
  inExport("BLANK_MISMATCH", "the loss's blank is a letter", (draft, { options, blank }) => {
    draft.facts.symbols = Array.from({ length: options.V }, (_, k) =>
      k === blank ? "_" : String.fromCharCode(97 + k),
    );
    draft.facts.blank = blank === 0 ? options.V - 1 : 0;
  }),
  inExport(
    "BLANK_MISMATCH",
    "a trained network pauses with another symbol",
    (draft, { options, blank }) => {
      draft.facts.blank = blank === 0 ? options.V - 1 : 0;
    },
    { gain: 12 },
  ),
  inExport("LABEL_OUT_OF_RANGE", "labels beyond the outputs", (draft, { random, options }) => {
    const { data } = draft.arrays.get("targets")!;
    data[random.integer(3)] = options.V + random.integer(5);
  }),
];

// ── The training step, the layers, the features ─────────────────────────────────────────────────────────────────

const each = (draft: Draft, name: string, change: (value: number, i: number) => number): void => {
  draft.arrays.set(name, list(numbers(draft, name).map(change)));
};
const activity = (draft: Draft, zero: number, top: number): void => {
  draft.facts.layer_names = ["h3"];
  draft.arrays.set("activity_0", {
    type: "float64",
    dims: [2, 20],
    data: Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? zero : top)),
  });
};

const STEP: readonly PlantedFault[] = [
  inExport("DETACHED_LOSS", "no gradient anywhere", (draft, { random }) =>
    each(draft, "gradient_norms", () => -random.integer(2)),
  ),
  inExport("PARAMETER_WITHOUT_GRADIENT", "some layer is detached", (draft, { random }) => {
    const which = random.integer(6);
    each(draft, "gradient_norms", (value, i) => (i === which ? 0 : value));
  }),
  inExport("NOT_IN_OPTIMIZER", "some layer is not in the optimizer", (draft, { random }) => {
    const which = random.integer(6);
    each(draft, "change_norms", (value, i) => (i === which ? 0 : value));
  }),
  inExport("NOTHING_UPDATED", "the step changes nothing", (draft) => each(draft, "change_norms", () => 0)),
  inExport("UPDATE_TOO_LARGE", "a step longer than the weights", (draft, { random }) =>
    each(draft, "change_norms", (value) => value * 10 ** (5 + random.uniform())),
  ),
  inExport("GRADIENT_NOT_FINITE", "NaN in a gradient", (draft, { random }) => {
    const which = random.integer(6);
    each(draft, "gradient_norms", (value, i) => (i === which ? NaN : value));
  }),
  inExport("VANISHING_GRADIENT", "gradients that vanish towards the input", (draft) =>
    each(draft, "gradient_norms", (value, i) => value * 10 ** (-4 * (2 - Math.floor(i / 2)))),
  ),
  inExport("EXPLODING_GRADIENT", "gradients that explode towards the input", (draft) =>
    each(draft, "gradient_norms", (value, i) => value * 10 ** (4 * (2 - Math.floor(i / 2)))),
  ),
  inExport("DEAD_UNITS", "a layer at zero", (draft) => activity(draft, 1, 0)),
  inExport("SATURATED_UNITS", "a layer at its ceiling", (draft) => activity(draft, 0.3, 0.7)),
  inExport("MEL_ABOVE_NYQUIST", "mel filters above the Nyquist frequency", ({ facts }, { random }) => {
    facts.features = { sample_rate: 8000, f_max: 4100 + random.integer(12000) };
  }),
  inExport("RATE_MISMATCH", "features of another rate than the recordings'", ({ facts }) => {
    facts.features = { sample_rate: 16000, audio_rate: 44100, f_max: 8000 };
  }),
  inExport("EMPTY_MEL_FILTERS", "more filters than lines", ({ facts }, { random }) => {
    facts.features = { sample_rate: 16000, n_mels: 120 + random.integer(60), n_fft: 256, f_max: 8000 };
  }),
];

export const FAULTS: readonly PlantedFault[] = [...OUTPUTS, ...NETWORK, ...LENGTHS, ...LABELS, ...STEP];
