// The door of the language model room: n-gram models from text, from the bytes of files and into files, and as a decoder
// sees them.

export type { BuildOptions, BuildProgress, BuiltModel } from "./build.ts";
export { buildLanguageModel, saveLanguageModel } from "./on-request.ts";
export type { TextSource } from "./read-texts.ts";
export type { Spelling } from "./word-speller.ts";
export { writeArpa } from "./arpa-writer.ts";
export { writeCompact } from "./compact.ts";
export { formatOf, openLanguageModel, readTrie } from "./open.ts";
export type { NgramTrie } from "./trie.ts";
export { TrieScorer } from "./trie-scorer.ts";
export { UNKNOWN } from "./vocabulary.ts";
export { scoreSentence } from "./sentence.ts";
