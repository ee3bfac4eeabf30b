// What the decoder asks of a language model. The model lives in another room and never learns of beams; the decoder
// never learns of n-grams.

/** The result of a score. The caller owns it and may use it again, so that a search makes no garbage. */
export interface TokenScore {
  /** ln P(token | state), at most 0. */
  logProbability: number;
  /** The state after the token. */
  state: number;
}

/** A language model as an automaton. States are numbers that the model gives out. */
export interface Scorer {
  /** n of the n-grams. */
  readonly order: number;
  /** Whether tokens are words, or single symbols of the alphabet, the space among them. */
  readonly unit: "word" | "character";
  /** The state of an empty text. */
  readonly start: number;
  /** The token's number; 0 is the unknown token. */
  idOf(token: string): number;
  /** Scores a token after a state: writes into `result`, and gives it back. */
  score(state: number, token: number, result: TokenScore): TokenScore;
  /** ln P(end of the text | state), at most 0. */
  end(state: number): number;
  /** Every token that the model knows, without the marks of start, end and unknown. */
  words(): Iterable<string>;
}
