// What may be said, as a program holds it: read once, compiled once for each alphabet that it is used with. What reads and
// compiles (grammar-rules.ts) is loaded with the first grammar.

import { EarshotError, nearestName } from "../errors.ts";
import type { ConstraintSource } from "../ctc/index.ts";
import type { Alphabet, TranscriptPolicy } from "../text/index.ts";
import type { CompiledGrammar } from "./compiled-grammar.ts";
import type { GivenLists } from "./formats/sentences.ts";
import type { GrammarFormat, GrammarRules } from "./grammar-rules.ts";
import { SourceText } from "./source-text.ts";

const FORMATS: readonly GrammarFormat[] = ["phrases", "jsgf", "sentences"];

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
  readonly #rules: GrammarRules;
  readonly #compiled = new Map<string, CompiledGrammar>();

  private constructor(name: string, format: GrammarFormat, rules: GrammarRules) {
    this.name = name;
    this.format = format;
    this.#rules = rules;
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
    const { readRules } = await import("./grammar-rules.ts");
    return new Grammar(name, known, await readRules(text, known, lists));
  }

  /**
   * In the symbols of an alphabet; of one and the same it is done once.
   * @throws UNSPELLABLE_GRAMMAR, GRAMMAR_TOO_LARGE, EMPTY_GRAMMAR
   */
  compile(alphabet: Alphabet, policy?: TranscriptPolicy): CompiledGrammar {
    const { characters } = alphabet;
    const key = JSON.stringify([characters.symbols, policy]);
    const known = this.#compiled.get(key) ?? this.#rules.compile(characters, policy);
    this.#compiled.set(key, known);
    return known;
  }

  /** Different sentences that it says, slots filled: all, in its order, or so many drawn by the seed. @throws GRAMMAR_TOO_LARGE */
  sentences(most: number, seed: number): string[] {
    return this.#rules.sentences(most, seed);
  }
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
