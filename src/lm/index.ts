// The door of the language model room: n-gram models from text, from files, and as a decoder sees them.

export { writeArpa } from "./arpa-writer.ts";
export { buildLanguageModel, type BuildOptions, type BuildProgress, type BuiltModel } from "./build.node.ts";
export { openLanguageModel } from "./open.ts";
export { UNKNOWN, type Scorer } from "./scorer.ts";
