// What a decoder asks of a grammar: which texts there may be, as an automaton over symbols, and what a text means. The
// grammar lives in another room and never learns of beams; the decoder never learns of rules and templates.

import { EarshotError, type Warning } from "../../errors.ts";
import type { Alphabet, TranscriptPolicy } from "../../text/index.ts";

/** What a sentence of a grammar says beside its words. */
export interface Meaning {
  /** The name of the intent that the sentence belongs to. */
  readonly intent?: string;
  /** What was filled in, by name. */
  readonly slots?: Readonly<Record<string, unknown>>;
  /** The tags on the way through the grammar's rules, in the order in which they were passed. */
  readonly tags?: readonly string[];
}

/** The sentences of a grammar in the symbols of one alphabet. From each state a sentence can be completed. */
export interface Constraint {
  readonly start: number;
  /** By transition: the state that it leads to. */
  readonly targets: Int32Array;
  /** By transition: ln of its weight, at most 0. */
  readonly weights: Float64Array;
  /** By state: ln of the weight of a sentence that ends there; −∞ where none does. A sentence may end in one space. */
  readonly endWeights: Float64Array;
  /** What of the grammar's texts is left out, if anything. */
  readonly warnings: readonly Warning[];
  /** The transition from a state by a symbol, −1 where there is none. */
  transition(state: number, symbol: number): number;
  /** Of a text of the alphabet; undefined where it is no sentence. */
  meaningOf(text: string): Meaning | undefined;
}

/** A grammar before the alphabet is known. */
export interface ConstraintSource {
  /**
   * @param alphabet of characters
   * @param policy how its words are spelled, as the recognizer's transcripts were; as they are written when not given
   */
  compile(alphabet: Alphabet, policy?: TranscriptPolicy): Constraint;
}

/** Programs in plain JavaScript give other things too, such as the promise of a grammar. @throws INVALID_GRAMMAR */
export function checkGrammar(grammar: Partial<ConstraintSource>): void {
  if (typeof grammar.compile === "function") return;
  throw new EarshotError({
    code: "INVALID_GRAMMAR",
    where: "grammar",
    problem: "Expected a grammar that has been read.",
    remedy: "Give what Grammar.from resolves to: await Grammar.from(…).",
  });
}
