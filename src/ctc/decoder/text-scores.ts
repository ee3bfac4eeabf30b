// What a search asks of whoever scores texts (text-model.ts; constrained-text.ts in a grammar; piece-text-model.ts
// for word pieces). Knows nothing of time.

import type { HypothesisScores } from "./hypothesis-scores.ts";
import type { PrefixTree } from "./prefix-tree.ts";

/** The part of a tree of texts that their scores are in. */
export type ScoredTexts = Pick<
  PrefixTree,
  "symbol" | "scores" | "wordEndScore" | "wordEndState" | "unknownWordScore" | "unknownWordState"
>;

/** `followers` of a text that may go on with every symbol. */
export const ALL_FOLLOW = -1;

export interface TextScores {
  /** The index of the space, −1 without one. */
  readonly space: number;
  /** The most that one symbol can add to a score, and that a symbol other than the space can. */
  readonly largestGain: number;
  readonly largestGainInWord: number;
  /** Writes the record of the empty text. */
  begin(texts: Pick<ScoredTexts, "scores">, root: number): void;
  /** A bit for each symbol modulo 32: 0 only where `extend` would be false for it. Asked once for each text. */
  followers(texts: Pick<ScoredTexts, "scores">, node: number): number;
  /** The text of a node and one symbol more, as record `to` of `next`; false when the dictionary or the grammar forbids it. */
  extend(texts: ScoredTexts, node: number, symbol: number, next: HypothesisScores, to: number): boolean;
  /** What the text adds to the score if it ends here; −∞ when its last word is not in the dictionary, or it is no sentence of the grammar. */
  end(texts: ScoredTexts, node: number): number;
}
