// The grammar room: what may be said, in three formats, compiled into the automaton that a beam search walks.

export type { CompiledGrammar } from "./compiled-grammar.ts";
export { Grammar, type GrammarOptions } from "./grammar.ts";
export type { GrammarFormat } from "./grammar-rules.ts";
export type { ListValue } from "./formats/lists.ts";
