// Whether the arrays of a trie from a file belong together: then no question to it can read past an array, run in a
// circle, or give something else than a number.

import { stateOfArc } from "./trie.ts";
import type { NgramTrie } from "./trie.ts";

/** What is wrong, as a sentence; undefined where nothing is. */
export function checkTrie(trie: NgramTrie): string | undefined {
  const { counts, vocabulary, logProbs } = trie;
  if (counts[0] !== vocabulary.size) return "It does not have one 1-gram for each word.";
  if (!logProbs.every((value) => value <= 0 && value >= -1000))
    return "A probability is not between 0 and 1.";
  return checkStates(trie) ?? checkWords(trie) ?? checkArcs(trie);
}

/** N-grams are divided among the states, and every suffix is a state before. */
function checkStates({ words, firsts, backoffs, suffixes, counts }: NgramTrie): string | undefined {
  const states = suffixes.length;
  const begins =
    firsts.get(0) === 0 &&
    (states === 1 || firsts.get(1) === counts[0]) &&
    firsts.get(states) === words.length;
  if (!begins || suffixes.get(0) !== 0) return "Its contexts are out of order.";
  for (let state = 0; state < states; state++) {
    if (firsts.get(state) > firsts.get(state + 1)) return "Its contexts are out of order.";
    if (state > 0 && suffixes.get(state) >= state) return "A context falls back to one that is not shorter.";
    if (!(Math.abs(backoffs.get(state)) <= 1000)) return "A back-off is not a number.";
  }
  return undefined;
}

/** Words are in the vocabulary, and those of a state rise. */
function checkWords({ words, firsts, suffixes, counts }: NgramTrie): string | undefined {
  for (let word = 0; word < counts[0]; word++)
    if (words.get(word) !== word) return "Its 1-grams are out of order.";
  for (let state = 1; state < suffixes.length; state++) {
    const [first, end] = [firsts.get(state), firsts.get(state + 1)];
    for (let arc = first; arc < end; arc++) {
      if (words.get(arc) >= counts[0]) return "An n-gram has a word that is not in the vocabulary.";
      if (arc > first && words.get(arc) <= words.get(arc - 1)) return "Its n-grams are out of order.";
    }
  }
  return undefined;
}

/** Each arc that leads to a state leads to the next one. */
function checkArcs(trie: NgramTrie): string | undefined {
  let state = 1;
  for (let arc = 0; arc < trie.words.length; arc++) {
    const next = stateOfArc(trie, arc);
    if (next >= 0 && next !== state++) return "Its contexts are numbered wrongly.";
  }
  return state === trie.suffixes.length ? undefined : "Its contexts are numbered wrongly.";
}
