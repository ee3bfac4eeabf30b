// How probable a whole sentence is, from <s> to </s>.

import { spellCharacter, splitCharacters } from "../text/index.ts";
import { logProbAfter } from "./trie.ts";
import type { TrieScorer } from "./trie-scorer.ts";
import { SENTENCE_END, UNKNOWN } from "./vocabulary.ts";

export interface SentenceScore {
  readonly log10: number;
  /** How many of its tokens the model does not know. */
  readonly oov: number;
}

/** White space keeps words apart; a character model takes each run of it as one space. */
export function scoreSentence(scorer: TrieScorer, sentence: string): SentenceScore {
  const words = sentence.split(/[ \t\r\0]+/).filter(Boolean);
  const result = { logProbability: 0, state: scorer.start };
  let [log10, oov] = [0, 0];
  const ids =
    scorer.unit === "word"
      ? words.map((word) => scorer.idOf(word))
      : splitCharacters(words.join(" ")).flatMap((character) => tokensOf(scorer, character));
  for (const id of ids) {
    if (id === UNKNOWN) oov++;
    log10 += logProbAfter(scorer.trie, result.state, id); // as the file has it, which ln / ln 10 is but for rounding
    scorer.score(result.state, id, result);
  }
  return { log10: log10 + logProbAfter(scorer.trie, result.state, SENTENCE_END), oov };
}

/** The tokens of a character: its own, or those of its code points, as the decoder takes them. */
function tokensOf(scorer: TrieScorer, character: string): number[] {
  const known = spellCharacter(character, (token) => scorer.idOf(token) || undefined);
  return known ?? Array.from(character, (point) => scorer.idOf(point));
}
