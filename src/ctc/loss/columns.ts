// Which columns of the probabilities the CTC gradient in a program works on. The recursions need y_t(k) only for the
// symbols k that an utterance's labels spell, and which column a state reads is fed as a one-hot matrix of columns ×
// states. With the 29 symbols of English all of them are columns. With thousands of symbols that matrix would be tens of
// megabytes, so there only the symbols that occur are gathered, and their posteriors are added back at their places.

import {
  cast,
  div,
  gather,
  lastOf,
  reshape,
  reshapeLike,
  scatterAdd,
  slice,
  sub,
  type Tensor,
} from "../../graph/index.ts";
import type { TensorData } from "../../tensor.ts";

/** The largest alphabet of which every symbol is a column. Up to here the matrix is small, and gathering takes longer. */
export const MOST_COLUMNS = 256;

/** U columns, V where every symbol is one. */
export interface LossColumns {
  /** [T, B, U], y_t of each column's symbol. */
  readonly probabilities: Tensor;
  /** The blank's column [B, 1] of [B, U]. */
  readonly blankOf: (perColumn: Tensor) => Tensor;
  /** Eq. 16, [T, B, V], from Σ α β over the states of each column [T, B, U] and over all states [T, B, 1]. */
  readonly gradient: (posteriors: Tensor, totals: Tensor) => Tensor;
}

/** The columns of the probabilities `y` [T, B, V] of a program. */
export function chooseColumns(y: Tensor, blank: number): LossColumns {
  const symbols = y.shape[2] as number;
  if (symbols > MOST_COLUMNS) return spelledColumns(y);
  return {
    probabilities: y,
    blankOf: (perColumn) => slice(perColumn, 1, { start: blank, trim: symbols - blank - 1 }),
    gradient: (posteriors, totals) => cast(sub(y, div(posteriors, totals)), "float32"),
  };
}

/** The columns that `spelledSymbols` chose. */
function spelledColumns(y: Tensor): LossColumns {
  const [T, B] = y.shape;
  const places = y.graph.input("ctc/places", "int64", [T, B, "U"]);
  const flat = reshape(y, ["T*B*V"]);
  return {
    probabilities: gather(flat, places),
    blankOf: (perColumn) => lastOf(perColumn, 1, 1),
    gradient: (posteriors, totals) => {
      const slopes = scatterAdd(flat, places, sub(0, div(posteriors, totals)));
      return reshapeLike(cast(slopes, "float32"), y);
    },
  };
}

/**
 * The symbols of each utterance's columns [B][U]: those of its labels, then others that do not occur until all utterances
 * have as many, and the blank last. None comes twice, so the order in which an engine adds to them cannot matter.
 */
export function spelledSymbols(labels: readonly Int32Array[], blank: number): number[][] {
  const spelled = labels.map((sequence) => new Set(sequence));
  const most = Math.max(...spelled.map(({ size }) => size));
  return spelled.map((symbols) => {
    for (let other = 0; symbols.size < most; other++) if (other !== blank) symbols.add(other);
    return [...symbols, blank];
  });
}

/** [T, B, U], where in the probabilities [T, B, V] the columns' symbols [B][U] are. */
export function placesOf(columns: readonly number[][], steps: number, symbols: number): TensorData {
  const [B, U] = [columns.length, columns[0].length];
  const data = new BigInt64Array(steps * B * U);
  let at = 0;
  for (let row = 0; row < steps * B; row++)
    for (const symbol of columns[row % B]) data[at++] = BigInt(row * symbols + symbol);
  return { type: "int64", dims: [steps, B, U], data };
}
