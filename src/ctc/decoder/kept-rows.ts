// The rows of log-probabilities that a stream still needs: those of the words that it has not handed out yet, from which
// they will be timed. Steps are counted from the beginning of the stream.

import type { StepSpan } from "../alignment/viterbi.ts";
import type { Alphabet } from "../../text/index.ts";

export class KeptRows {
  readonly #alphabet: Alphabet;
  readonly #space: number;
  #rows = new Float32Array(0); // [T, V]
  /** The row of the first step kept; those before are dropped. */
  #offset = 0;
  #firstStep = 0;
  #afterStep = 0;

  /** @param space the index of the space, −1 without one */
  constructor(alphabet: Alphabet, space: number) {
    this.#alphabet = alphabet;
    this.#space = space;
  }

  /** The step of the first row kept. */
  get firstStep(): number {
    return this.#firstStep;
  }

  /** Keeps the rows of the next steps. */
  add(rows: Float32Array): void {
    const V = this.#alphabet.size;
    this.#reserve(rows.length);
    this.#rows.set(rows, (this.#offset + this.#count) * V);
    this.#afterStep += rows.length / V;
  }

  /** Drops the rows before a step; those that have not been added yet need not be. */
  dropBefore(step: number): void {
    this.#offset = step < this.#afterStep ? this.#offset + step - this.#firstStep : 0;
    this.#firstStep = step;
    this.#afterStep = Math.max(step, this.#afterStep);
  }

  /** The rows kept, as alignments take them: there the first row is step 0. @param beforeStep those from there on are left out */
  span(beforeStep = this.#afterStep): StepSpan {
    const { size, blank } = this.#alphabet;
    const rows = this.#rows.subarray(this.#offset * size);
    return {
      rows,
      fromStep: 0,
      toStep: beforeStep - this.#firstStep,
      symbols: size,
      blank,
      space: this.#space,
    };
  }

  /** Makes room for so many numbers more; rows are moved when there is none behind them. */
  #reserve(numbers: number): void {
    const V = this.#alphabet.size;
    const [from, after] = [this.#offset * V, (this.#offset + this.#count) * V];
    if (after + numbers <= this.#rows.length) return;
    const size = after - from + numbers;
    const room =
      size <= this.#rows.length ? this.#rows : new Float32Array(Math.max(2 * this.#rows.length, size));
    room.set(this.#rows.subarray(from, after));
    this.#rows = room;
    this.#offset = 0;
  }

  get #count(): number {
    return this.#afterStep - this.#firstStep;
  }
}
