// What the decoder asks of a language model. The model lives in another room and never learns of beams; the decoder
// never learns of n-grams.

/**
 * A language model as an automaton. States are numbers that the model gives out: `start` is that of an empty text, and
 * each `score` leaves the state after the token in `next`.
 */
export interface Scorer {
  /** n of the n-grams. */
  readonly order: number;
  /** Whether tokens are words, or single symbols of the alphabet, the space among them. */
  readonly unit: "word" | "character";
  readonly start: number;
  /** The token's number; 0 is the unknown token. */
  idOf(token: string): number;
  /** log10 P(token | state), at most 0. Afterwards `next` is the state that follows. */
  score(state: number, token: number): number;
  readonly next: number;
  /** log10 P(end of the text | state), at most 0. */
  end(state: number): number;
  /** Every token that the model knows, without the marks of start, end and unknown. */
  words(): Iterable<string>;
}
