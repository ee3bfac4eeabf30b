// Scores tokens with an n-gram trie by back-off (Katz 1987): the longest n-gram that the store holds gives the
// probability, and each context left on the way there its back-off weight. The store has logarithms to base 10, as the files
// do; what leaves here is natural.

import type { Scorer, TokenScore } from "../ctc/index.ts";
import { findArc, finite, stateAfter, stateOfArc, suffixOf } from "./trie.ts";
import type { NgramTrie, Unit } from "./trie.ts";
import { SENTENCE_END, SENTENCE_START, SPECIAL_TOKENS, UNKNOWN, SPELLED_SPACE } from "./vocabulary.ts";

/** Asks what the arrays say and no more, so that those of a file that nobody has checked do no harm. */
export class TrieScorer implements Scorer {
  readonly trie: NgramTrie;
  readonly order: number;
  readonly unit: Unit;
  readonly start: number;
  readonly #end: TokenScore = { logProbability: 0, state: 0 };

  constructor(trie: NgramTrie) {
    this.trie = trie;
    this.order = trie.order;
    this.unit = trie.unit;
    this.start = stateAfter(trie, 0, SENTENCE_START);
  }

  /** A character model spells the space `<space>`; here it is " ". */
  idOf(token: string): number {
    const spelled = this.unit === "character" && token === " " ? SPELLED_SPACE : token;
    return Math.max(this.trie.vocabulary.findText(spelled), UNKNOWN);
  }

  score(state: number, token: number, result: TokenScore): TokenScore {
    const { backoffs, logProbs } = this.trie;
    let context = state;
    let cost = 0;
    let arc = findArc(this.trie, context, token);
    while (arc < 0) {
      cost += backoffs.get(context);
      context = suffixOf(this.trie, context);
      arc = findArc(this.trie, context, token);
    }
    const next = stateOfArc(this.trie, arc);
    if (next >= 0) result.state = next;
    else result.state = context === 0 ? 0 : stateAfter(this.trie, suffixOf(this.trie, context), token);
    result.logProbability = Math.LN10 * finite(cost + logProbs[arc]);
    return result;
  }

  end(state: number): number {
    return this.score(state, SENTENCE_END, this.#end).logProbability;
  }

  *words(): Iterable<string> {
    const { vocabulary } = this.trie;
    for (const text of vocabulary.texts().slice(SPECIAL_TOKENS.length)) {
      yield this.unit === "character" && text === SPELLED_SPACE ? " " : text;
    }
  }
}
