// What a grammar says, read from its text: the expression at its root, which becomes an automaton in the symbols of an alphabet,
// or sentences.

import { importPackage } from "../platform/index.ts";
import { RandomStream } from "../random.ts";
import { collapseWhiteSpace, type Alphabet, type TranscriptPolicy } from "../text/index.ts";
import { determinize } from "./automaton/determinize.ts";
import { expand } from "./automaton/expand.ts";
import { minimize } from "./automaton/minimize.ts";
import { withTidySpaces } from "./automaton/paths.ts";
import { pushWeights } from "./automaton/push-weights.ts";
import { CompiledGrammar } from "./compiled-grammar.ts";
import type { Expression } from "./expression.ts";
import { parseJsgf } from "./formats/jsgf.ts";
import { parsePhrases } from "./formats/phrases.ts";
import type { GivenLists } from "./formats/sentences.ts";
import { checkReferences } from "./references.ts";
import type { SourceText } from "./source-text.ts";
import { Speller } from "./speller.ts";
import { Ways } from "./ways.ts";

export type GrammarFormat = "phrases" | "jsgf" | "sentences";

/** Sentences that are likelier than others are drawn again and again. */
const DRAWS_FOR_EACH = 50;

export class GrammarRules {
  readonly #source: SourceText;
  readonly #root: Expression;

  constructor(source: SourceText, root: Expression) {
    this.#source = source;
    this.#root = root;
  }

  /** As `Grammar.compile`, but anew each time. */
  compile(alphabet: Alphabet, policy?: TranscriptPolicy): CompiledGrammar {
    const at = this.#source.at(0);
    const speller = new Speller(alphabet, policy);
    const { paths, end, marks } = expand(this.#root, speller, at);
    const sentences = withTidySpaces(paths, end, alphabet.symbols.indexOf(" "), marks);
    const automaton = minimize(pushWeights(determinize(sentences, at)));
    return new CompiledGrammar(automaton, sentences, alphabet, speller.warnings);
  }

  /** As `Grammar.sentences`. */
  sentences(most: number, seed: number): string[] {
    const ways = new Ways(this.#source.at(0));
    const found = new Set<string>();
    const add = (text: string) => found.add(collapseWhiteSpace(text));
    if (ways.count(this.#root) <= most) for (const text of ways.every(this.#root)) add(text);
    else {
      const random = new RandomStream(seed, "sentences");
      for (let draw = 0; found.size < most && draw < DRAWS_FOR_EACH * most; draw++)
        add(ways.draw(this.#root, random));
    }
    found.delete("");
    return [...found];
  }
}

/** @throws what `Grammar.from` throws of a text */
export async function readRules(
  source: SourceText,
  format: GrammarFormat,
  lists?: GivenLists,
): Promise<GrammarRules> {
  const root = await parse(source, format, lists);
  checkReferences(root);
  return new GrammarRules(source, root);
}

async function parse(source: SourceText, format: GrammarFormat, lists?: GivenLists): Promise<Expression> {
  if (format === "phrases") return parsePhrases(source);
  if (format === "jsgf") return parseJsgf(source);
  const { parseSentences } = await importPackage(() => import("./formats/sentences.ts")); // and with it the parser of YAML
  return parseSentences(source, lists);
}
