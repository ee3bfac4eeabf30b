// A grammar in the symbols of one alphabet, as decoders walk it.

import type { Warning } from "../errors.ts";
import type { Constraint, Meaning } from "../ctc/index.ts";
import type { Alphabet } from "../text/index.ts";
import type { Automaton } from "./automaton/determinize.ts";
import type { SentencePaths } from "./automaton/paths.ts";
import { MeaningReader } from "./automaton/read-meaning.ts";

export class CompiledGrammar implements Constraint {
  readonly start: number;
  readonly targets: Int32Array;
  readonly weights: Float64Array;
  readonly endWeights: Float64Array;
  readonly warnings: readonly Warning[];
  readonly #first: Int32Array;
  readonly #symbols: Int32Array;
  readonly #alphabet: Alphabet;
  readonly #reader: MeaningReader;

  constructor(
    automaton: Automaton,
    sentences: SentencePaths,
    alphabet: Alphabet,
    warnings: readonly Warning[],
  ) {
    this.start = automaton.start;
    this.#first = automaton.first;
    this.#symbols = automaton.symbols;
    this.targets = automaton.targets;
    this.weights = automaton.weights;
    this.endWeights = automaton.endWeights;
    this.warnings = warnings;
    this.#alphabet = alphabet;
    this.#reader = new MeaningReader(sentences);
  }

  get stateCount(): number {
    return this.endWeights.length;
  }

  transition(state: number, symbol: number): number {
    let [low, high] = [this.#first[state], this.#first[state + 1] - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#symbols[middle];
      if (found === symbol) return middle;
      if (found < symbol) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** Nothing said means nothing. */
  meaningOf(text: string): Meaning | undefined {
    if (text === "") return {};
    const labels = this.#alphabet.encode(text);
    return this.#reader.read(labels, (from, to) => this.#alphabet.decode(labels.subarray(from, to)).trim());
  }
}
