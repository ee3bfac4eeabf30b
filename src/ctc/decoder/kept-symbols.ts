// Which symbols of a step the search tries: the likeliest ones, by probability, by their sum and by their number. A
// network is sure at most steps, so that a few symbols hold nearly all the probability.

import { checkSum } from "../log-probabilities.ts";
import type { DecoderSettings } from "./decoder-settings.ts";

const FEW = 64;

export class KeptSymbols {
  /** The first `count` are kept, from the likeliest down. */
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
    this.logs = new Float64Array(size);
    this.#cutoff = Math.log(settings.cutoffProbability);
    this.#mass = settings.symbolMass;
    this.#limit = settings.symbolLimit ?? size;
    this.#scratch = new Float64Array(size);
    this.#negligible = Math.log(1e-3 / size);
  }

  /** Takes the row of one step, which begins at `at`. @throws NOT_LOG_PROBABILITIES; `step` says where */
  read(rows: Float32Array, at: number, step: number): void {
    const { logs, symbols } = this;
    const cutoff = this.#cutoff;
    const negligible = this.#negligible;
    let [sum, candidates, likeliest] = [0, 0, 0];
    for (let k = 0; k < logs.length; k++) {
      const log = rows[at + k];
      if (!(log < negligible)) sum += Math.exp(log); // also what is not a number
      logs[k] = log;
      if (log > logs[likeliest]) likeliest = k;
      if (log >= cutoff && log > -Infinity) symbols[candidates++] = k;
    }
    checkSum(sum, step);
    if (candidates === 0) symbols[candidates++] = likeliest; // one is always tried
    this.#sort(candidates);
    this.#keep(candidates);
  }

  /** The likeliest first. Of a small alphabet by insertion, which makes no garbage. */
  #sort(count: number): void {
    const { logs, symbols } = this;
    if (count > FEW) {
      symbols.subarray(0, count).sort((a, b) => logs[b] - logs[a]);
      return;
    }
    for (let i = 1; i < count; i++) {
      const symbol = symbols[i];
      let at = i;
      for (; at > 0 && logs[symbols[at - 1]] < logs[symbol]; at--) symbols[at] = symbols[at - 1];
      symbols[at] = symbol;
    }
  }

  #keep(candidates: number): void {
    const { logs, symbols } = this;
    this.count = Math.min(candidates, this.#limit);
    if (this.#mass < 1) this.#keepMass();
    if (this.count === logs.length) return;
    const kept = this.#scratch;
    for (let k = 0; k < this.count; k++) kept[k] = logs[symbols[k]];
    logs.fill(-Infinity);
    for (let k = 0; k < this.count; k++) logs[symbols[k]] = kept[k];
  }

  /** As many of them as it takes for their probabilities to add up. */
  #keepMass(): void {
    const limit = this.count;
    let mass = 0;
    for (this.count = 0; this.count < limit && (mass < this.#mass || this.count === 0); this.count++)
      mass += Math.exp(this.logs[this.symbols[this.count]]);
  }
}
