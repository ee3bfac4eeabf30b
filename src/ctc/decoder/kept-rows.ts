// The rows of log-probabilities that a stream still needs: those of the words that it has not handed out yet, from which
// they will be timed. Steps are counted from the beginning of the stream.

import type { StepSpan } from "../alignment/viterbi.ts";
import type { Alphabet } from "../../text/index.ts";

const FIRST_ROOM = 64; // rows

export class KeptRows {
  readonly #alphabet: Alphabet;
  readonly #space: number;
  #rows: Float32Array; // [T, V]
  #firstStep = 0;
  #afterStep = 0;

  /** @param space the index of the space, −1 without one */
  constructor(alphabet: Alphabet, space: number) {
    this.#alphabet = alphabet;
    this.#space = space;
    this.#rows = new Float32Array(FIRST_ROOM * alphabet.size);
  }

  /** The step of the first row kept. */
  get firstStep(): number {
    return this.#firstStep;
  }

  /** The number of rows kept. */
  get count(): number {
    return this.#afterStep - this.#firstStep;
  }

  /** Keeps the row of the next step, which begins at `from` in `rows`. */
  add(rows: Float32Array, from: number): void {
    const V = this.#alphabet.size;
    const at = this.count * V;
    if (at + V > this.#rows.length) {
      const larger = new Float32Array(2 * this.#rows.length);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    const kept = this.#rows;
    for (let k = 0; k < V; k++) kept[at + k] = rows[from + k];
    this.#afterStep++;
  }

  /** Drops the rows before a step. */
  dropBefore(step: number): void {
    const V = this.#alphabet.size;
    if (step < this.#afterStep) this.#rows.copyWithin(0, (step - this.#firstStep) * V, this.count * V);
    this.#firstStep = step;
  }

  /** All rows kept, as alignments take them: there the first row is step 0. */
  stretch(): StepSpan {
    const { size, blank } = this.#alphabet;
    return { rows: this.#rows, fromStep: 0, toStep: this.count, symbols: size, blank, space: this.#space };
  }
}
