// The door of the language model room: n-gram models from the bytes of files, and as a decoder sees them. What needs the
// files themselves is behind the other door, index.node.ts, so that this one opens in browsers.

export { writeArpa } from "./arpa-writer.ts";
export { writeCompact } from "./compact.ts";
export { formatOf, openLanguageModel, readTrie } from "./open.ts";
export type { NgramTrie } from "./trie.ts";
export { TrieScorer } from "./trie-scorer.ts";
export type { Scorer } from "../ctc/index.ts";
export { UNKNOWN } from "./vocabulary.ts";
export { scoreSentence, type SentenceScore } from "./sentence.ts";
