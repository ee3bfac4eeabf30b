// The rows of log-probabilities that a stream still needs: those of the words that it has not handed out yet, from which
// they will be timed. Steps are counted from the beginning of the stream.

import type { StepSpan } from "../alignment/viterbi.ts";
import type { Alphabet } from "../../text/index.ts";

export class KeptRows {
  readonly #alphabet: Alphabet;
  readonly #space: number;
  #rows = new Float32Array(0); // [T, V]
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

  /** Makes room for so many numbers more, so that what is kept is moved once. */
  reserve(numbers: number): void {
    const size = this.#count * this.#alphabet.size + numbers;
    if (size <= this.#rows.length) return;
    const larger = new Float32Array(Math.max(2 * this.#rows.length, size));
    larger.set(this.#rows);
    this.#rows = larger;
  }

  /** Keeps the rows of the next steps, which are from `from` to before `to` in `rows`. */
  add(rows: Float32Array, from: number, to: number): void {
    const V = this.#alphabet.size;
    const at = this.#count * V;
    this.reserve(to - from);
    this.#rows.set(rows.subarray(from, to), at);
    this.#afterStep += (to - from) / V;
  }

  /** Drops the rows before a step; those that have not been added yet need not be. */
  dropBefore(step: number): void {
    const V = this.#alphabet.size;
    if (step < this.#afterStep) this.#rows.copyWithin(0, (step - this.#firstStep) * V, this.#count * V);
    this.#firstStep = step;
    this.#afterStep = Math.max(step, this.#afterStep);
  }

  /** All rows kept, as alignments take them: there the first row is step 0. */
  span(): StepSpan {
    const { size, blank } = this.#alphabet;
    return { rows: this.#rows, fromStep: 0, toStep: this.#count, symbols: size, blank, space: this.#space };
  }

  get #count(): number {
    return this.#afterStep - this.#firstStep;
  }
}
