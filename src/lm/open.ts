// Opens a language model from the bytes of a file, whatever its format.

import { readArpa } from "./arpa.ts";
import { inflate, isGzip } from "./gzip.ts";
import type { Scorer } from "./scorer.ts";
import { sortNgrams } from "./sort-ngrams.ts";
import { packTrie } from "./trie.ts";
import { TrieScorer } from "./trie-scorer.ts";

/**
 * Opens a model of any format that Earshot reads, told by content: ARPA text, or its .gz.
 * @param where what errors call it, such as the file's path.
 * @throws EarshotError INVALID_ARPA with the line, NOT_A_LANGUAGE_MODEL
 */
export async function openLanguageModel(bytes: Uint8Array, where: string): Promise<Scorer> {
  const content = isGzip(bytes) ? await inflate(bytes, where) : bytes;
  const { vocabulary, unit, lists } = readArpa(content, where);
  return new TrieScorer(packTrie(sortNgrams(lists, vocabulary, where), vocabulary, unit));
}
