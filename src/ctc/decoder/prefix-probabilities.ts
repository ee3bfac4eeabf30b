// What one model says of the beginnings of texts, over all steps of a recording at once: the forward variables of CTC for
// one text (Graves et al. 2006, eq. 6), and by them the probability of all texts that begin with it and one symbol more,
// the CTC prefix probability of Watanabe et al. 2017 ("Hybrid CTC/attention architecture", algorithm 2). Of spaces at the
// ends of a text and two in a row it knows what the beam search knows: they spell the text without. Nothing of scores.

import type { Alphabet } from "../../text/index.ts";
import { checkSum, stepsOf } from "../log-probabilities.ts";
import { START } from "./prefix-tree.ts";

/** Steps where a text is so much less probable than at its likeliest are left out: no model is as sure of anything. */
const NEGLIGIBLE = 1e-50;

/** ln of the least probability of a symbol in a step: one model alone cannot forbid what the others say. */
const LEAST_LOG = -100;

/**
 * The paths that spell exactly one text, by the step at which they end: those before `fromStep` and from `toStep` on are
 * negligible. Probabilities are divided by e to `logScale`, so that the largest is 1.
 */
export interface TextPaths {
  readonly fromStep: number;
  readonly toStep: number;
  readonly logScale: number;
  /** [toStep − fromStep], of the paths that end in the blank; of all. */
  readonly blank: Float64Array;
  readonly total: Float64Array;
}

export class PrefixProbabilities {
  /** T: a path has ended after 0 to T steps. */
  readonly steps: number;
  readonly #probabilities: Float64Array; // [T, V]
  readonly #symbols: number;
  readonly #blank: number;
  readonly #space: number;
  /** [V], of the last call of `continuations`. */
  readonly #sums: Float64Array;
  /** [T + 1], where the paths of one more text are computed. */
  readonly #newBlank: Float64Array;
  readonly #newTotal: Float64Array;

  /** @param rows [T, V], natural logarithms. @throws SHAPE_MISMATCH, NOT_LOG_PROBABILITIES */
  constructor(rows: Float32Array, { size, blank, symbols }: Alphabet) {
    this.steps = stepsOf(rows, size);
    this.#symbols = size;
    this.#blank = blank;
    this.#space = symbols.indexOf(" ");
    this.#sums = new Float64Array(size);
    this.#newBlank = new Float64Array(this.steps + 1);
    this.#newTotal = new Float64Array(this.steps + 1);
    this.#probabilities = Float64Array.from(rows, (log) => Math.exp(log));
    for (let step = 0; step < this.steps; step++) {
      const row = this.#probabilities.subarray(step * size, (step + 1) * size);
      checkSum(
        row.reduce((sum, probability) => sum + probability, 0),
        step,
      );
    }
    const least = Math.exp(LEAST_LOG);
    this.#probabilities.forEach((probability, i, all) => (all[i] = Math.max(probability, least)));
  }

  /** The paths of the empty text: blanks, and spaces. */
  empty(): TextPaths {
    const total = new Float64Array(this.steps + 1);
    total[0] = 1;
    let step = 1;
    for (; step <= this.steps && total[step - 1] >= NEGLIGIBLE; step++) {
      const space = this.#space < 0 ? 0 : this.#at(step, this.#space);
      total[step] = total[step - 1] * (this.#at(step, this.#blank) + space);
    }
    return { fromStep: 0, toStep: step, logScale: 0, blank: total, total };
  }

  /**
   * ln of the probability of all texts that begin with a text and one symbol more, for every symbol.
   * @param last the symbol that the text ends in: to be repeated it needs a blank between
   * @returns [V], valid until the next call
   */
  continuations({ fromStep, toStep, logScale, blank, total }: TextPaths, last: number): Float64Array {
    const V = this.#symbols;
    const [sums, probabilities] = [this.#sums.fill(0), this.#probabilities];
    let repeated = 0;
    for (let step = fromStep; step < toStep && step < this.steps; step++) {
      const before = total[step - fromStep];
      const row = step * V;
      for (let k = 0; k < V; k++) sums[k] += before * probabilities[row + k];
      if (last !== START) repeated += blank[step - fromStep] * probabilities[row + last];
    }
    if (last !== START) sums[last] = repeated;
    for (let k = 0; k < V; k++) sums[k] = Math.log(sums[k]) + logScale;
    return sums;
  }

  /** The paths of a text and one symbol more; undefined where there are too few steps for it. */
  extended(text: TextPaths, last: number, symbol: number): TextPaths | undefined {
    const { count, largest } = this.#grow(text, last, symbol);
    if (largest === 0) return undefined;
    const [blank, total] = [this.#newBlank, this.#newTotal];
    const least = largest * NEGLIGIBLE;
    let [first, after] = [0, count];
    while (total[first] < least) first++;
    while (total[after - 1] < least) after--;
    return {
      fromStep: text.fromStep + 1 + first,
      toStep: text.fromStep + 1 + after,
      logScale: text.logScale + Math.log(largest),
      blank: divided(blank, first, after, largest),
      total: divided(total, first, after, largest),
    };
  }

  /** ln of the probability of a text: of its paths that end with the recording, also those with a space at the end. */
  textProbability(text: TextPaths, last: number): number {
    const { fromStep, toStep, logScale, total } = text;
    const own = toStep > this.steps ? total[this.steps - fromStep] : 0;
    if (this.#space < 0 || last === START) return Math.log(own) + logScale;
    const { count } = this.#grow(text, last, this.#space);
    const spaced = count > 0 && fromStep + count === this.steps ? this.#newTotal[count - 1] : 0;
    return Math.log(own + spaced) + logScale;
  }

  /**
   * Computes the paths of a text and one symbol more, in the scale of the text, from the step after its first on.
   * @returns how many steps were computed, and the largest probability
   */
  #grow(text: TextPaths, last: number, symbol: number): { count: number; largest: number } {
    const before = symbol === last ? text.blank : text.total;
    const isSpace = symbol === this.#space; // one space or many
    const room = this.steps - text.fromStep;
    const [blank, total] = [this.#newBlank, this.#newTotal];
    let [label, own, largest, count] = [0, 0, 0, 0];
    for (; count < room; count++) {
      if (count >= before.length && own < largest * NEGLIGIBLE) break;
      const step = text.fromStep + 1 + count;
      const begun = count < before.length ? before[count] : 0;
      label = (begun + (isSpace ? own : label)) * this.#at(step, symbol);
      blank[count] = own * this.#at(step, this.#blank);
      own = label + blank[count];
      total[count] = own;
      if (own > largest) largest = own;
    }
    return { count, largest };
  }

  /** The probability of a symbol in a step, counted from 1. */
  #at(step: number, symbol: number): number {
    return this.#probabilities[(step - 1) * this.#symbols + symbol];
  }
}

function divided(numbers: Float64Array, from: number, to: number, divisor: number): Float64Array {
  const quotients = new Float64Array(to - from);
  for (let i = from; i < to; i++) quotients[i - from] = numbers[i] / divisor;
  return quotients;
}
