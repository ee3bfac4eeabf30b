// The other door of the language model room, for Node: n-gram models from text, and into files.

export { buildLanguageModel, type BuildOptions, type BuildProgress, type BuiltModel } from "./build.node.ts";
export { saveLanguageModel, type SaveOptions } from "./save.node.ts";
