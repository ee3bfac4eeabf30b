// Sorts the n-grams of a model by context and word, order by order, as the trie needs them. A context that is missing
// (some programs prune it although longer n-grams use it) is put in without a probability: back-off gives it.

import { EarshotError } from "../errors.ts";
import type { NgramList } from "./arpa.ts";
import type { Level } from "./pack-trie.ts";
import { NEVER_LOG10 } from "./trie.ts";
import { SENTENCE_START, UNKNOWN } from "./vocabulary.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** KenLM's probability of <unk> where the model has none. */
const UNKNOWN_LOG_PROB = -100;

/** @throws EarshotError INVALID_ARPA where an n-gram is listed twice */
export function sortNgrams(lists: readonly NgramList[], vocabulary: Vocabulary, where: string): Level[] {
  const levels: Level[] = [unigrams(lists[0], lists.length > 1, vocabulary, where)];
  for (let order = 2; order <= lists.length; order++) {
    const list = lists[order - 1];
    const contexts = contextsOf(list, order, levels);
    const missing = missingContexts(list, order, contexts);
    if (missing.length > 0) {
      return sortNgrams(lists.with(order - 2, extended(lists[order - 2], missing)), vocabulary, where);
    }
    levels.push(
      nextLevel(list, order, levels, contexts, { vocabulary, where, isLast: order === lists.length }),
    );
  }
  return levels;
}

function unigrams(list: NgramList, hasLonger: boolean, vocabulary: Vocabulary, where: string): Level {
  const { size } = vocabulary;
  const words = Uint32Array.from({ length: size }, (_, id) => id);
  const [logProbs, backoffs] = [new Float32Array(size).fill(Number.NaN), new Float32Array(size)];
  for (const [index, word] of list.words.entries()) {
    if (!Number.isNaN(logProbs[word])) throw duplicate(vocabulary.text(word), where);
    logProbs[word] = list.logProbs[index];
    backoffs[word] = list.backoffs[index];
  }
  if (Number.isNaN(logProbs[UNKNOWN])) logProbs[UNKNOWN] = UNKNOWN_LOG_PROB;
  for (let id = SENTENCE_START; id < size; id++) if (Number.isNaN(logProbs[id])) logProbs[id] = NEVER_LOG10;
  return hasLonger
    ? { words, logProbs, backoffs, firstChildren: new Uint32Array(size + 1) }
    : { words, logProbs, backoffs };
}

function duplicate(ngram: string, where: string): EarshotError {
  const problem = `The n-gram "${ngram}" is listed twice.`;
  return new EarshotError({ code: "INVALID_ARPA", where, problem, remedy: "Remove one of the two." });
}

const MISSING = 0xffffffff;

/** [size], for each n-gram its context's place in the level before, or MISSING. */
function contextsOf({ words, logProbs }: NgramList, order: number, levels: readonly Level[]): Uint32Array {
  const contexts = new Uint32Array(logProbs.length);
  for (let i = 0; i < contexts.length; i++) {
    let place = words[i * order];
    for (let depth = 1; depth < order - 1 && place !== MISSING; depth++) {
      place = childOf(levels[depth - 1], levels[depth], place, words[i * order + depth]);
    }
    contexts[i] = place;
  }
  return contexts;
}

function childOf({ firstChildren }: Level, { words }: Level, place: number, word: number): number {
  let low = firstChildren![place];
  let high = firstChildren![place + 1];
  const end = high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (words[middle] < word) low = middle + 1;
    else high = middle;
  }
  return low < end && words[low] === word ? low : MISSING;
}

/** The words of contexts that the level before lacks, each once. */
function missingContexts({ words }: NgramList, order: number, contexts: Uint32Array): number[][] {
  const missing = new Map<string, number[]>();
  for (let i = contexts.indexOf(MISSING); i >= 0; i = contexts.indexOf(MISSING, i + 1)) {
    const context = [...words.subarray(i * order, i * order + order - 1)];
    missing.set(context.join(" "), context);
  }
  return [...missing.values()];
}

function extended(list: NgramList, missing: readonly number[][]): NgramList {
  return {
    words: Uint32Array.from([...list.words, ...missing.flat()]),
    logProbs: Float32Array.from([...list.logProbs, ...missing.map(() => Number.NaN)]),
    backoffs: Float32Array.from([...list.backoffs, ...missing.map(() => 0)]),
  };
}

interface Place {
  readonly vocabulary: Vocabulary;
  readonly where: string;
  readonly isLast: boolean;
}

function nextLevel(
  list: NgramList,
  order: number,
  levels: readonly Level[],
  contexts: Uint32Array,
  { vocabulary, where, isLast }: Place,
): Level {
  const size = contexts.length;
  const lastWords = new Uint32Array(size);
  for (let i = 0; i < size; i++) lastWords[i] = list.words[i * order + order - 1];
  const before = levels[order - 2];
  const byWord = sortedByKey(countedFrom0(size), lastWords, vocabulary.size).places;
  const { places, starts } = sortedByKey(byWord, contexts, before.words.length);
  const words = gathered(lastWords, places, new Uint32Array(size));
  const twice = places.find(
    (place, i) => i > 0 && words[i] === words[i - 1] && contexts[place] === contexts[places[i - 1]],
  );
  if (twice !== undefined) {
    const ngram = list.words.subarray(twice * order, (twice + 1) * order);
    throw duplicate(Array.from(ngram, (word) => vocabulary.text(word)).join(" "), where);
  }
  before.firstChildren?.set(starts);
  const logProbs = gathered(list.logProbs, places, new Float32Array(size));
  if (isLast) return { words, logProbs, backoffs: new Float32Array(size) };
  const backoffs = gathered(list.backoffs, places, new Float32Array(size));
  return { words, logProbs, backoffs, firstChildren: new Uint32Array(size + 1) };
}

function countedFrom0(size: number): Uint32Array {
  const numbers = new Uint32Array(size);
  for (let i = 0; i < size; i++) numbers[i] = i;
  return numbers;
}

function gathered<Numbers extends Uint32Array | Float32Array>(
  values: Numbers,
  places: Uint32Array,
  result: Numbers,
): Numbers {
  for (let i = 0; i < places.length; i++) result[i] = values[places[i]];
  return result;
}

/** Places sorted by a key below `bound`, equal ones as they were; and where each key begins, with the end. */
function sortedByKey(places: Uint32Array, keys: Uint32Array, bound: number) {
  const starts = new Uint32Array(bound + 1);
  for (const key of keys) starts[key + 1]++;
  for (let key = 0; key < bound; key++) starts[key + 1] += starts[key];
  const at = starts.slice();
  const sorted = new Uint32Array(places.length);
  for (const place of places) sorted[at[keys[place]]++] = place;
  return { places: sorted, starts };
}
