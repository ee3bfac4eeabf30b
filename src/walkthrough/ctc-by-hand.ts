// CTC's loss computed twice: by the library, and by writing down every path there is. With three symbols and five steps
// these are 243, few enough to be read; the sum over them is what the loss means, the recursion is how it is computed.

import { ctcLoss, forwardBackward, minimumSteps, type ForwardBackward } from "../ctc/index.ts";

export interface EveryPath {
  /** The symbol of each step. [T] */
  readonly symbols: readonly number[];
  /** Repeats taken out, then blanks. */
  readonly labels: readonly number[];
  readonly probability: number;
  /** Whether it collapses to the labels that are asked for. */
  readonly spells: boolean;
}

export interface CtcByHand {
  /** All V^T paths; in the order of counting, the first step's symbol counting most. */
  readonly paths: readonly EveryPath[];
  /** Σ of the paths that spell the labels, and −ln of it; infinite where none does. */
  readonly probability: number;
  readonly loss: number;
  /** By counting: the derivative of the loss by the logit of each symbol at each step, y_t(k) − share of the paths. [T, V] */
  readonly gradient: Float64Array;
  /** The same by the library: `ctcLoss`, and the table that it fills; absent where no path spells the labels. */
  readonly library?: {
    readonly loss: number;
    /** [T, V] */
    readonly gradient: Float32Array;
    readonly table: ForwardBackward;
  };
}

/** More paths than that are not written down. */
const MOST_PATHS = 5000;

/** The most steps that `ctcByHand` takes with so many symbols. */
export const longestByHand = (symbols: number): number =>
  Math.floor(Math.log(MOST_PATHS) / Math.log(symbols));

/**
 * @param probabilities [T, V], each above 0; each step adds up to 1
 * @param labels none of them the blank
 */
export function ctcByHand(
  probabilities: Float64Array,
  labels: readonly number[],
  { symbols, blank }: { readonly symbols: number; readonly blank: number },
): CtcByHand {
  const steps = probabilities.length / symbols;
  const paths = everyPath(probabilities, symbols, steps).map(({ path, probability }) => {
    const collapsed = collapse(path, blank);
    return { symbols: path, labels: collapsed, probability, spells: isSame(collapsed, labels) };
  });
  const spelling = paths.filter(({ spells }) => spells);
  const probability = spelling.reduce((sum, path) => sum + path.probability, 0);
  const gradient = probabilities.map((y, i) => {
    const [t, k] = [Math.floor(i / symbols), i % symbols];
    const through = spelling.filter((path) => path.symbols[t] === k);
    return y - through.reduce((sum, path) => sum + path.probability, 0) / probability;
  });
  const library =
    spelling.length > 0
      ? byLibrary(probabilities, Int32Array.from(labels), steps, { symbols, blank })
      : undefined;
  return { paths, probability, loss: -Math.log(probability), gradient, ...(library && { library }) };
}

function byLibrary(
  probabilities: Float64Array,
  labels: Int32Array,
  steps: number,
  { symbols, blank }: { readonly symbols: number; readonly blank: number },
): CtcByHand["library"] {
  if (minimumSteps(labels) > steps) return undefined;
  const logits = probabilities.map(Math.log); // the softmax of logarithms is the probabilities again
  const { losses, gradient } = ctcLoss({ logits, steps: [steps], labels: [labels], symbols, blank });
  const table = forwardBackward({ logits, steps, labels, symbols, blank });
  return { loss: losses[0], gradient, table };
}

function everyPath(probabilities: Float64Array, symbols: number, steps: number) {
  return Array.from({ length: symbols ** steps }, (_, number) => {
    const path = Array.from(
      { length: steps },
      (_step, t) => Math.floor(number / symbols ** (steps - 1 - t)) % symbols,
    );
    const probability = path.reduce((product, k, t) => product * probabilities[t * symbols + k], 1);
    return { path, probability };
  });
}

/** B of Graves et al. 2006, section 3.1: repeats taken out, then blanks. */
const collapse = (path: readonly number[], blank: number): number[] =>
  path.filter((k, t) => k !== path[t - 1] && k !== blank);

const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);
