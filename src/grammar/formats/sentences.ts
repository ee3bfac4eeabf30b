// Home Assistant's sentences (the YAML that hassil reads): intents with sentence templates, lists, expansion rules and words
// that may be skipped. What is about responses and devices is left unread.

import { anyOf, literal, marked, optional, sequence } from "../expression.ts";
import type { Expression, Rule } from "../expression.ts";
import { EarshotError, nearestName } from "../../errors.ts";
import type { SourcePlace, SourceText } from "../source-text.ts";
import { DEEPEST_REFERENCES, recursive, tooDeep } from "../faults.ts";
import { givenList, writtenList, type ListValue, type ListValues } from "./lists.ts";
import { parseTemplate, type Names } from "./template.ts";
import { YamlNode } from "./yaml-nodes.ts";

export type GivenLists = Readonly<Record<string, readonly ListValue[]>>;

/** @param lists in place of those of the file. @throws INVALID_GRAMMAR, UNSUPPORTED_GRAMMAR, UNKNOWN_RULE, EMPTY_GRAMMAR */
export function parseSentences(source: SourceText, lists: GivenLists = {}): Expression {
  const file = YamlNode.parse(source);
  const scope = new Scope(source, languageOf(file), [file], lists);
  const sentences: Expression[] = [];
  for (const [intent, node] of file.required("intents").entries())
    for (const data of node.required("data").items())
      sentences.push(...sentencesOf(intent, data, source, scope.with(data)));
  if (sentences.length === 0)
    throw source.at(0).fault({
      code: "EMPTY_GRAMMAR",
      problem: "There is no sentence in it.",
      remedy: "Give an intent its sentences.",
    });
  scope.readAll();
  return withSkippedWords(anyOf(sentences), file);
}

const languageOf = (file: YamlNode): string => {
  const language = file.entries().get("language");
  return language?.isEmpty === false ? language.text() : "en";
};

function sentencesOf(intent: string, data: YamlNode, source: SourceText, scope: Scope): Expression[] {
  const written = data.entries().get("slots")?.entries() ?? [];
  const slots = Object.fromEntries(Array.from(written, ([name, value]) => [name, value.value()]));
  return data
    .required("sentences")
    .items()
    .map((sentence) =>
      marked(parseTemplate(sentence.text(), source, sentence.textOffset, scope), { intent, slots }),
    );
}

/** They may be said before a sentence and after it. */
function withSkippedWords(sentence: Expression, file: YamlNode): Expression {
  const node = file.entries().get("skip_words");
  if (!node || node.isEmpty) return sentence;
  const words = anyOf(node.items().map((word) => literal(word.text().trim(), word.at)));
  const any = optional({ type: "repetition", of: words }, node.at);
  const space = literal(" ", node.at);
  return sequence([any, space, sentence, space, any]);
}

/** The rules and lists that templates see: those of the file, and those beside the sentences. */
class Scope implements Names {
  readonly #source: SourceText;
  readonly #language: string;
  readonly #nodes: readonly YamlNode[];
  readonly #given: GivenLists;
  readonly #rules = new Map<string, YamlNode>();
  readonly #lists = new Map<string, YamlNode>();
  readonly #readRules = new Map<string, Rule>();
  readonly #readLists = new Map<string, ListValues>();
  readonly #open: string[] = [];

  /** @param nodes with `expansion_rules` and `lists`; the last says most */
  constructor(source: SourceText, language: string, nodes: readonly YamlNode[], given: GivenLists) {
    this.#source = source;
    this.#language = language;
    this.#nodes = nodes;
    this.#given = given;
    for (const node of nodes) {
      for (const [name, rule] of node.entries().get("expansion_rules")?.entries() ?? [])
        this.#rules.set(name, rule);
      for (const [name, list] of node.entries().get("lists")?.entries() ?? []) this.#lists.set(name, list);
    }
  }

  /** This scope, or one of its own where the node has rules or lists. */
  with(node: YamlNode): Scope {
    const entries = node.entries();
    if (!entries.has("expansion_rules") && !entries.has("lists")) return this;
    return new Scope(this.#source, this.#language, [...this.#nodes, node], this.#given);
  }

  /** Rules that nothing uses are read too, so that their faults are found. */
  readAll(): void {
    for (const [name, node] of this.#rules) this.rule(name, node.at);
  }

  rule(name: string, at: SourcePlace): Expression {
    const known = this.#readRules.get(name);
    if (known) return { type: "rule", rule: known, at };
    const node = this.#rules.get(name);
    if (!node) throw this.#unknown(`rule <${name}>`, name, [...this.#rules.keys()], at);
    const rule: Rule = { name, expression: literal("", at) };
    this.#readRules.set(name, rule); // before it is read: it may refer to itself, which is refused later
    rule.expression = this.#reading(`<${name}>`, at, () =>
      parseTemplate(node.text(), this.#source, node.textOffset, this),
    );
    return { type: "rule", rule, at };
  }

  list(name: string, slot: string | undefined, at: SourcePlace): Expression {
    const known = this.#readLists.get(name) ?? this.#readList(name, at);
    this.#readLists.set(name, known);
    return known(slot);
  }

  #readList(name: string, at: SourcePlace): ListValues {
    if (Object.hasOwn(this.#given, name)) return givenList(name, this.#given[name]);
    const node = this.#lists.get(name);
    if (node)
      return this.#reading(`{${name}}`, at, () => writtenList(node, this.#language, this.#source, this));
    const names = [...this.#lists.keys(), ...Object.keys(this.#given)];
    throw this.#unknown(`list {${name}}`, name, names, at);
  }

  /** Reads what a template refers to; what refers to it in turn is on `#open`. */
  #reading<Result>(name: string, at: SourcePlace, read: () => Result): Result {
    if (this.#open.includes(name)) throw recursive([...this.#open, name], at);
    if (this.#open.length === DEEPEST_REFERENCES) throw tooDeep(at);
    this.#open.push(name);
    const result = read();
    this.#open.pop();
    return result;
  }

  #unknown(what: string, name: string, names: readonly string[], at: SourcePlace): EarshotError {
    const near = nearestName(name, names);
    const remedy =
      near === undefined
        ? `Define it, under ${what.startsWith("rule") ? "expansion_rules" : "lists"}.`
        : `Did you mean "${near}"?`;
    return at.fault({ code: "UNKNOWN_RULE", problem: `There is no ${what}.`, remedy });
  }
}
