// Opens a language model from the bytes of a file, whatever its format.

import { EarshotError } from "../errors.ts";
import { inflate, isGzip } from "./gzip.ts";
import { isCompact } from "./magic.ts";
import type { NgramTrie } from "./trie.ts";
import { TrieScorer } from "./trie-scorer.ts";

/**
 * Opens a model of any format that Earshot reads, recognized by its content: ARPA text, the compact file, either as .gz too.
 * @param where what errors call it, such as the file's path.
 * @throws EarshotError INVALID_ARPA with the line, NOT_A_LANGUAGE_MODEL, LANGUAGE_MODEL_TOO_NEW
 */
export async function openLanguageModel(bytes: Uint8Array, where: string): Promise<TrieScorer> {
  return new TrieScorer(await readAnyTrie(bytes, where, false));
}

/** The store itself, looked at as a whole. @throws as `openLanguageModel` */
export const readTrie = (bytes: Uint8Array, where: string): Promise<NgramTrie> =>
  readAnyTrie(bytes, where, true);

async function readAnyTrie(bytes: Uint8Array, where: string, isChecked: boolean): Promise<NgramTrie> {
  const content = isGzip(bytes) ? await inflate(bytes, where) : bytes;
  if (isCompact(content)) return fromCompact(content, where, isChecked);
  if (startsWith(content, "mmap lm ")) throw kenlmBinary(where);
  return fromArpa(content, where);
}

// What reads either format is loaded with the first file of it.

async function fromCompact(content: Uint8Array, where: string, isChecked: boolean): Promise<NgramTrie> {
  const { checkCompact, readCompact } = await import("./compact.ts");
  const trie = await readCompact(content, where);
  return isChecked ? checkCompact(trie, where) : trie;
}

async function fromArpa(content: Uint8Array, where: string): Promise<NgramTrie> {
  const [{ readArpa }, { sortNgrams }, { packTrie }] = await Promise.all([
    import("./arpa.ts"),
    import("./sort-ngrams.ts"),
    import("./pack-trie.ts"),
  ]);
  const { vocabulary, unit, lists } = readArpa(content, where);
  return packTrie(sortNgrams(lists, vocabulary, where), vocabulary, unit);
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((character, i) => bytes[i] === character.charCodeAt(0));
}

function kenlmBinary(where: string): EarshotError {
  const problem = "It is a binary file of KenLM, which only KenLM of one build reads.";
  const remedy = "Give the ARPA file that it was made from.";
  return new EarshotError({ code: "NOT_A_LANGUAGE_MODEL", where, problem, remedy });
}

/** What a file is, by its first bytes. */
export function formatOf(bytes: Uint8Array): "compact" | "gzip" | "ARPA" {
  if (isGzip(bytes)) return "gzip";
  return isCompact(bytes) ? "compact" : "ARPA";
}
