// An n-gram model as a decoder sees it. States are handles of contexts, so that a decoder can merge what continues alike.

export { UNKNOWN } from "./vocabulary.ts";

/** An n-gram model as a decoder sees it. States are small integers (handles of contexts), so that beams can be merged by them. */
export interface Scorer {
  readonly order: number;
  /** What its tokens are. */
  readonly unit: "word" | "character";
  /** The state after <s>. */
  readonly start: number;
  /** The number of a token; UNKNOWN (0, the token <unk>) where it is not in the vocabulary. */
  idOf(token: string): number;
  /** Log10 probability of the token after the state; the state after it is then `next`. */
  score(state: number, token: number): number;
  /** The state after the last `score`. */
  readonly next: number;
  /** Log10 probability of </s> after the state. */
  end(state: number): number;
  /** All words, for a dictionary; <s>, </s>, <unk> are not among them. */
  words(): Iterable<string>;
}
