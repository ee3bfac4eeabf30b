// What a program with the CTC gradient (on-graph.ts) is fed for a batch: the states of each label sequence as matrices.

import { elementCount, type Float64Tensor } from "../../tensor.ts";
import { extendLabels, maySkip } from "./log-space.ts";

/** S = 2L + 1 states of the longest labels. */
export interface CtcFeeds {
  /** [B, V, S], 1 where the state emits the symbol. */
  readonly "ctc/emits": Float64Tensor;
  /** [2, B, S], 1 where a state may be reached from two before it; in the second half the states are turned around. */
  readonly "ctc/skips": Float64Tensor;
  /** [2, B, S], 1 in the opening blank; in the second half in the closing one. */
  readonly "ctc/starts": Float64Tensor;
  /** [B, V], the share of each symbol in the labels. */
  readonly "ctc/shares": Float64Tensor;
  /** [B, 1], labels for each step that is left to blanks. */
  readonly "ctc/pace": Float64Tensor;
}

export function ctcFeeds(
  labels: readonly Int32Array[],
  steps: readonly number[],
  symbols: number,
  blank: number,
): CtcFeeds {
  const B = labels.length;
  const S = 2 * Math.max(...labels.map(({ length }) => length)) + 1;
  const numbers = (...dims: number[]): Float64Tensor => ({
    type: "float64",
    dims,
    data: new Float64Array(elementCount(dims)),
  });
  const [emits, skips, starts] = [numbers(B, symbols, S), numbers(2, B, S), numbers(2, B, S)];
  const [shares, pace] = [numbers(B, symbols), numbers(B, 1)];
  labels.forEach((sequence, b) => {
    const path = extendLabels(sequence, blank);
    const [row, turned] = [b * S, (B + b) * S];
    path.forEach((symbol, s) => {
      emits.data[(b * symbols + symbol) * S + s] = 1;
      if (!maySkip(path, s, blank)) return;
      skips.data[row + s] = 1;
      skips.data[turned + S - 1 - (s - 2)] = 1; // β goes from s to s − 2
    });
    starts.data[row] = 1;
    starts.data[turned + S - path.length] = 1;
    for (const label of sequence) shares.data[b * symbols + label] += 1 / sequence.length;
    pace.data[b] = sequence.length / Math.max(1, steps[b] - sequence.length);
  });
  return {
    "ctc/emits": emits,
    "ctc/skips": skips,
    "ctc/starts": starts,
    "ctc/shares": shares,
    "ctc/pace": pace,
  };
}
