// The CTC gradient as part of a program, so that forward pass, loss and backward pass are one run of the engine and what
// the backward pass needs never leaves it. The method is that of rescaled.ts (plain probabilities, each step divided by
// its sum, a tilt λ; float64) for a whole batch at once: α runs over the time of the batch, and β, with time and states
// turned around, is the second half of the same loop. Like rescaled.ts it may come near to underflow: `readCtc` then
// returns nothing, and the caller runs the program again with the gradient that `ctcLoss` gives.

import {
  add,
  cast,
  clip,
  concat,
  div,
  matMul,
  mul,
  pad,
  reduceSum,
  reverse,
  scan,
  slice,
  softmax,
  split,
  sqrt,
  squeeze,
  sub,
  transpose,
  transposeLast,
  unsqueeze,
  where,
  type Tensor,
} from "../../graph/index.ts";
import { chooseColumns, type LossColumns } from "./columns.ts";
import { SMALLEST_STEP, SMALLEST_TOTAL } from "./rescaled.ts";

/** The names of what the loss adds to the outputs of a program. */
export interface CtcOutputs {
  /** [B, 1], λ². */
  readonly tilt: string;
  /** [T, 2, B, 1], what each step of α and of the turned β was divided by. */
  readonly sums: string;
  /** [T, B, 1], Σ_s α_t(s) β_t(s), up to those divisions. */
  readonly totals: string;
}

/** Adds the CTC gradient at `logits` [T, B, V] to their program, with what `readCtc` needs; `mask` is [T, B, 1]. */
export function ctcGradient(
  logits: Tensor,
  mask: Tensor,
  blank: number,
): { gradient: Tensor; outputs: CtcOutputs } {
  const { graph } = logits;
  const [T, B, V] = logits.shape;
  const inside = cast(mask, "float64");
  const columns = chooseColumns(mul(softmax(cast(logits, "float64")), inside), blank);
  const { probabilities } = columns; // [T, B, U]
  const emits = graph.input("ctc/emits", "float64", [B, probabilities.shape[2], "S"]);
  const starts = graph.input("ctc/starts", "float64", [2, B, "S"]);
  const emitted = batchMajor(matMul(batchMajor(probabilities), emits)); // y_t(l′_s) [T, B, S]
  const tilt = chooseTilt(columns); // [B, 1]

  const skips = mul(graph.input("ctc/skips", "float64", [2, B, "S"]), tilt);
  const padding = sub(1, inside);
  const closing = reverse(squeeze(slice(starts, 0, { start: 1 }), [0]), 1);
  const alpha = add(emitted, padding);
  const beta = turn(add(emitted, mul(closing, padding))); // waits in the closing blank until the utterance begins
  const emissions = concat([unsqueeze(alpha, [1]), unsqueeze(beta, [1])], 1);
  const { arriving, sums } = recursion(starts, emissions, sqrt(tilt), skips);

  const [before, after] = split(arriving, 1, [1, 1]).map((half) => squeeze(half, [1]));
  const through = mul(mul(before, emitted), turn(after)); // α_t(s) β_t(s), up to a factor for each t
  const totals = reduceSum(through, [2], { keep: true });
  const posteriors = batchMajor(matMul(batchMajor(through), transposeLast(emits))); // [T, B, U]
  const slopes = columns.gradient(posteriors, totals);
  const weighted = mul(slopes, graph.input("ctc/weights", "float32", [B, 1]));
  const own = where(cast(mask, "bool"), weighted, 0);
  const given = graph.input("ctc/given", "float32", [T, B, V]);
  return {
    gradient: where(graph.input("ctc/isGiven", "bool", [1]), given, own),
    outputs: {
      tilt: graph.output(tilt).name,
      sums: graph.output(sums).name,
      totals: graph.output(totals).name,
    },
  };
}

const batchMajor = (x: Tensor): Tensor => transpose(x, [1, 0, 2]);

/** [T, B, S] with time and states turned around. */
const turn = (x: Tensor): Tensor => reverse(reverse(x, 0), 2);

/** λ² of each utterance, as `chooseTilt` of rescaled.ts has it. [B, 1] */
function chooseTilt({ probabilities, blankOf }: LossColumns): Tensor {
  const { graph } = probabilities;
  const [, B, U] = probabilities.shape;
  const mass = reduceSum(probabilities, [0]); // Σ_t y_t(k) [B, U]
  const shares = graph.input("ctc/shares", "float64", [B, U]);
  const labelMass = add(reduceSum(mul(mass, shares), [1], { keep: true }), 1e-30);
  const ratio = div(mul(graph.input("ctc/pace", "float64", [B, 1]), blankOf(mass)), labelMass);
  return clip(ratio, 1e-20, 1e20);
}

/** What arrives at each state before it emits, [T, 2, B, S], and the sum that each step is divided by. */
function recursion(
  starts: Tensor,
  emissions: Tensor,
  tilt: Tensor,
  skips: Tensor,
): { arriving: Tensor; sums: Tensor } {
  const { outputs } = scan({
    states: [starts],
    sequences: [emissions],
    direction: "forward",
    step: ([state], [emission]) => {
      const wide = pad(state, 2, 2, 0);
      const moved = mul(slice(wide, 2, { start: 1, trim: 1 }), tilt);
      const skipped = mul(slice(wide, 2, { trim: 2 }), skips);
      const arriving = add(add(state, moved), skipped); // eq. 7 and 11
      const emitting = mul(arriving, emission); // eq. 6 and 10
      const sum = reduceSum(emitting, [2], { keep: true });
      return { states: [div(emitting, sum)], outputs: [arriving, sum] };
    },
  });
  return { arriving: outputs[0], sums: outputs[1] };
}

/** The losses [B] in nats, or undefined when a sum came near to underflow and the gradient is of no use. */
export function readCtc(
  results: Readonly<Record<string, { readonly data: ArrayLike<number | bigint> }>>,
  outputs: CtcOutputs,
  steps: readonly number[],
  labels: readonly Int32Array[],
): Float64Array | undefined {
  const [tilt, sums, totals] = [outputs.tilt, outputs.sums, outputs.totals].map(
    (name) => results[name].data as ArrayLike<number>,
  );
  const B = steps.length;
  const T = totals.length / B;
  const losses = new Float64Array(B);
  for (let b = 0; b < B; b++) {
    let loss = labels[b].length * Math.log(tilt[b]) - Math.log(totals[b]); // λ^(S − 1), eq. 8 at the first step
    for (let t = 0; t < steps[b]; t++) {
      const beta = sums[((T - 1 - t) * 2 + 1) * B + b];
      const smallest = Math.min(sums[t * 2 * B + b], beta);
      if (!(smallest > SMALLEST_STEP && totals[t * B + b] > SMALLEST_TOTAL)) return undefined;
      if (t > 0) loss -= Math.log(beta);
    }
    losses[b] = loss;
  }
  return losses;
}
