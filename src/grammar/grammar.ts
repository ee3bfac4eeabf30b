// What may be said, as a program holds it: read once, compiled once for each alphabet that it is used with.

import { EarshotError, nearestName } from "../errors.ts";
import type { ConstraintSource } from "../ctc/index.ts";
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
import { Ways } from "./ways.ts";
import { SourceText } from "./source-text.ts";
import { Speller } from "./speller.ts";

/** Sentences that are likelier than others are drawn again and again. */
const DRAWS_FOR_EACH = 50;

const FORMATS = ["phrases", "jsgf", "sentences"] as const;
export type GrammarFormat = (typeof FORMATS)[number];

export interface GrammarOptions {
  /** What errors call it, such as the path of its file, whose ending says its format where the text does not. */
  readonly name?: string;
  /** Recognized from the text when not given. */
  readonly format?: GrammarFormat;
  /** Of sentence templates: values of lists, in place of the file's own. They are taken as they are, not as templates. */
  readonly lists?: GivenLists;
}

export class Grammar implements ConstraintSource {
  readonly format: GrammarFormat;
  readonly name: string;
  readonly #source: SourceText;
  readonly #root: Expression;
  readonly #compiled = new Map<string, CompiledGrammar>();

  private constructor(source: SourceText, format: GrammarFormat, root: Expression) {
    this.name = source.name;
    this.format = format;
    this.#source = source;
    this.#root = root;
  }

  /**
   * Reads a list of phrases, JSGF, or Home Assistant's sentences in YAML.
   * @param source the text of a grammar, or phrases
   * @throws INVALID_GRAMMAR, UNSUPPORTED_GRAMMAR, UNKNOWN_RULE, RECURSIVE_GRAMMAR, GRAMMAR_TOO_LARGE, EMPTY_GRAMMAR
   */
  static async from(
    source: string | readonly string[],
    { name = "grammar", format, lists }: GrammarOptions = {},
  ): Promise<Grammar> {
    if (typeof source !== "string") {
      if (!Array.isArray(source)) throw notText(name);
      const lines = source.map((phrase: string) => String(phrase).replaceAll(/\s+/gu, " "));
      return Grammar.from(lines.join("\n"), { name, format: "phrases" });
    }
    if (format !== undefined && !FORMATS.includes(format)) throw unknownFormat(String(format));
    const text = new SourceText(source, name);
    const known = format ?? formatOf(text);
    return new Grammar(text, known, await parse(text, known, lists));
  }

  /**
   * In the symbols of an alphabet; of one and the same it is done once.
   * @throws UNSPELLABLE_GRAMMAR, GRAMMAR_TOO_LARGE, EMPTY_GRAMMAR
   */
  compile(alphabet: Alphabet, policy?: TranscriptPolicy): CompiledGrammar {
    const { characters } = alphabet;
    const key = JSON.stringify([characters.symbols, policy]);
    const known = this.#compiled.get(key) ?? this.#compile(characters, policy);
    this.#compiled.set(key, known);
    return known;
  }

  /** Different sentences that it says, slots filled: all, in its order, or so many drawn by the seed. @throws GRAMMAR_TOO_LARGE */
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

  #compile(alphabet: Alphabet, policy?: TranscriptPolicy): CompiledGrammar {
    const at = this.#source.at(0);
    const speller = new Speller(alphabet, policy);
    const { paths, end, marks } = expand(this.#root, speller, at);
    const sentences = withTidySpaces(paths, end, alphabet.symbols.indexOf(" "), marks);
    const automaton = minimize(pushWeights(determinize(sentences, at)));
    return new CompiledGrammar(automaton, sentences, alphabet, speller.warnings);
  }
}

async function parse(source: SourceText, format: GrammarFormat, lists?: GivenLists): Promise<Expression> {
  const sentences = () => importPackage(() => import("./formats/sentences.ts")); // and with it the parser of YAML
  const parsers = {
    phrases: () => parsePhrases(source),
    jsgf: () => parseJsgf(source),
    sentences: async () => (await sentences()).parseSentences(source, lists),
  };
  const root = await parsers[format]();
  checkReferences(root);
  return root;
}

/** By what the text says, then by the ending of its name. */
function formatOf({ text, name }: SourceText): GrammarFormat {
  if (/^\s*(?:#JSGF\b|(?:public\s+)?<[^<>\n]+>\s*=|import\s+<|grammar\s+[\w.]+\s*;)/mu.test(text))
    return "jsgf";
  if (/^(?:intents|language)\s*:/mu.test(text)) return "sentences";
  if (/\.(?:jsgf|gram)$/iu.test(name)) return "jsgf";
  return /\.ya?ml$/iu.test(name) ? "sentences" : "phrases";
}

function notText(where: string): EarshotError {
  return new EarshotError({
    code: "INVALID_GRAMMAR",
    where,
    problem: "Expected the text of a grammar, or an array of phrases.",
    remedy: 'Give text, such as await readFile(path, "utf8").',
  });
}

function unknownFormat(format: string): EarshotError {
  const near = nearestName(format, FORMATS);
  return new EarshotError({
    code: "INVALID_GRAMMAR",
    where: "grammar",
    problem: `There is no format "${format}".`,
    remedy: near === undefined ? `The formats are ${FORMATS.join(", ")}.` : `Did you mean "${near}"?`,
  });
}
