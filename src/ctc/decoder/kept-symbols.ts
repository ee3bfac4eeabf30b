// Which symbols of a step the search tries: the likeliest ones, by probability, by their sum and by their number. A
// network is sure at most steps, so that a few symbols hold nearly all the probability.

import { checkSum } from "../log-probabilities.ts";
import type { DecoderSettings } from "./decoder-settings.ts";

const FEW = 64;

export class KeptSymbols {
  /** The first `count` are kept; `likeliest` puts the likeliest of them first. */
  readonly symbols: Int32Array;
  count = 0;
  /** [V], ln P of each symbol of the step; −∞ for those left out. */
  readonly logs: Float64Array;
  readonly #cutoff: number;
  readonly #mass: number;
  readonly #limit: number;
  readonly #scratch: Float64Array;
  /** Symbols below it have a thousandth of the probability at most, all together: the check of a row's sum does without them. */
  readonly #negligible: number;

  /** @param size V */
  constructor(
    size: number,
    settings: Pick<DecoderSettings, "cutoffProbability" | "symbolMass" | "symbolLimit">,
  ) {
    this.symbols = new Int32Array(size);
    this.logs = new Float64Array(size).fill(-Infinity);
    this.#cutoff = Math.log(settings.cutoffProbability);
    this.#mass = settings.symbolMass;
    this.#limit = settings.symbolLimit ?? size;
    this.#scratch = new Float64Array(size);
    this.#negligible = Math.log(1e-3 / size);
  }

  /** Takes the row of one step, which begins at `at`. @throws NOT_LOG_PROBABILITIES; `step` says where */
  read(rows: Float32Array, at: number, step: number): void {
    const { logs, symbols } = this;
    for (let k = 0; k < this.count; k++) logs[symbols[k]] = -Infinity;
    const [cutoff, negligible] = [this.#cutoff, this.#negligible];
    const least = cutoff < negligible ? cutoff : negligible;
    let [sum, count] = [0, 0];
    for (let k = 0; k < logs.length; k++) {
      const log = rows[at + k];
      if (log < least) continue;
      if (!(log < negligible)) sum += Math.exp(log); // also what is not a number
      if (!(log >= cutoff && log > -Infinity)) continue;
      symbols[count++] = k;
      logs[k] = log;
    }
    this.count = count;
    checkSum(sum, step);
    if (count === 0) this.#keepLikeliest(rows, at);
    if (count > this.#limit || this.#mass < 1) this.#bound();
  }

  /** Puts the symbols with logarithms from `least` on first, the likeliest of them before the others; gives their number. @param most of them, the rest are lost */
  likeliest(least: number, most = this.count): number {
    const { logs, symbols } = this;
    let count = 0;
    for (let k = 0; k < this.count; k++) {
      const symbol = symbols[k];
      if (!(logs[symbol] >= least)) continue;
      symbols[k] = symbols[count];
      symbols[count++] = symbol;
    }
    if (count > FEW) symbols.subarray(0, count).sort((a, b) => logs[b] - logs[a]);
    else insertionSort(symbols, logs, count, most);
    return Math.min(count, most);
  }

  /** One is always tried. */
  #keepLikeliest(rows: Float32Array, at: number): void {
    let likeliest = 0;
    for (let k = 1; k < this.logs.length; k++) if (rows[at + k] > rows[at + likeliest]) likeliest = k;
    this.symbols[0] = likeliest;
    this.logs[likeliest] = rows[at + likeliest];
    this.count = 1;
  }

  /** Keeps as many as are allowed, and as it takes for their probabilities to add up; the likeliest come first. */
  #bound(): void {
    const { logs, symbols } = this;
    const [most, kept] = [this.likeliest(-Infinity, this.#limit), this.#scratch];
    let [count, mass] = [0, 0];
    while (count < most && (mass < this.#mass || count === 0)) {
      kept[count] = logs[symbols[count]];
      if (this.#mass < 1) mass += Math.exp(kept[count]);
      count++;
    }
    logs.fill(-Infinity);
    for (let k = 0; k < count; k++) logs[symbols[k]] = kept[k];
    this.count = count;
  }
}

/** The first `most` of so many, the likeliest first. Makes no garbage, and is fast where few are to be sorted. */
function insertionSort(symbols: Int32Array, logs: Float64Array, count: number, most: number): void {
  for (let i = 1; i < count; i++) {
    const symbol = symbols[i];
    const log = logs[symbol];
    let at = i < most ? i : most;
    if (at === most && !(logs[symbols[at - 1]] < log)) continue;
    for (; at > 0 && logs[symbols[at - 1]] < log; at--) symbols[at] = symbols[at - 1];
    symbols[at] = symbol;
  }
}
