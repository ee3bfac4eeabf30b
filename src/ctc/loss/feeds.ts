// What a program with the CTC gradient (on-graph.ts) is fed for a batch: the states of each label sequence as matrices.

import { elementCount, type Float64Tensor, type TensorData } from "../../tensor.ts";
import { MOST_COLUMNS, placesOf, spelledSymbols } from "./columns.ts";
import { extendLabels, maySkip } from "./log-space.ts";

/** S = 2L + 1 states of the longest labels; U columns of the probabilities (columns.ts), V with a small alphabet. */
export interface CtcFeeds {
  /** [B, U, S], 1 where the state emits the symbol of the column. */
  readonly "ctc/emits": Float64Tensor;
  /** [2, B, S], 1 where a state may be reached from two before it; in the second half the states are turned around. */
  readonly "ctc/skips": Float64Tensor;
  /** [2, B, S], 1 in the opening blank; in the second half in the closing one. */
  readonly "ctc/starts": Float64Tensor;
  /** [B, U], the share of each column's symbol in the labels. */
  readonly "ctc/shares": Float64Tensor;
  /** [B, 1], labels for each step that is left to blanks. */
  readonly "ctc/pace": Float64Tensor;
  /** [T, B, U], only with a large alphabet: where among the probabilities [T, B, V] the columns are. */
  readonly "ctc/places"?: TensorData;
}

/** @param padded T, the steps of the batch with its padding */
export function ctcFeeds(
  labels: readonly Int32Array[],
  steps: readonly number[],
  symbols: number,
  blank: number,
  padded: number = Math.max(...steps),
): CtcFeeds {
  const isLarge = symbols > MOST_COLUMNS;
  const columns = isLarge ? spelledSymbols(labels, blank) : labels.map(() => everySymbol(symbols));
  const pace = zeros(labels.length, 1);
  labels.forEach(({ length }, b) => (pace.data[b] = length / Math.max(1, steps[b] - length)));
  return {
    ...columnFeeds(labels, columns, blank),
    ...moveFeeds(labels, blank),
    "ctc/pace": pace,
    ...(isLarge && { "ctc/places": placesOf(columns, padded, symbols) }),
  };
}

/** Which columns the states read, and the labels' shares of them. @param columns the symbols of the columns [B][U] */
function columnFeeds(labels: readonly Int32Array[], columns: readonly number[][], blank: number) {
  const [B, U, S] = [labels.length, columns[0].length, mostStates(labels)];
  const [emits, shares] = [zeros(B, U, S), zeros(B, U)];
  labels.forEach((sequence, b) => {
    const columnOf = new Map(columns[b].map((symbol, column) => [symbol, b * U + column]));
    extendLabels(sequence, blank).forEach((symbol, s) => (emits.data[columnOf.get(symbol)! * S + s] = 1));
    for (const label of sequence) shares.data[columnOf.get(label)!] += 1 / sequence.length;
  });
  return { "ctc/emits": emits, "ctc/shares": shares };
}

/** Where α and the turned β begin, and which blanks they may skip. */
function moveFeeds(labels: readonly Int32Array[], blank: number) {
  const [B, S] = [labels.length, mostStates(labels)];
  const [skips, starts] = [zeros(2, B, S), zeros(2, B, S)];
  labels.forEach((sequence, b) => {
    const path = extendLabels(sequence, blank);
    const [row, turned] = [b * S, (B + b) * S];
    path.forEach((_, s) => {
      if (!maySkip(path, s, blank)) return;
      skips.data[row + s] = 1;
      skips.data[turned + S - 1 - (s - 2)] = 1; // β goes from s to s − 2
    });
    starts.data[row] = 1;
    starts.data[turned + S - path.length] = 1;
  });
  return { "ctc/skips": skips, "ctc/starts": starts };
}

/** S */
const mostStates = (labels: readonly Int32Array[]): number =>
  2 * Math.max(...labels.map(({ length }) => length)) + 1;

const everySymbol = (symbols: number): number[] => Array.from({ length: symbols }, (_, symbol) => symbol);

const zeros = (...dims: number[]): Float64Tensor => ({
  type: "float64",
  dims,
  data: new Float64Array(elementCount(dims)),
});
