// JSGF, the JSpeech Grammar Format (W3C Note, 5 June 2000): rules of tokens, groups, optional parts, alternatives with
// weights, repetition and tags. Imports are refused, since a grammar is one file; the header may be missing.

import { anyOf, literal, marked, optional, sequence } from "../expression.ts";
import type { Expression, Option, Rule } from "../expression.ts";
import { nearestName } from "../../errors.ts";
import { Scanner, type SourcePlace, type SourceText } from "../source-text.ts";

const REMEDY = "Correct it there; docs/grammars.md shows the format.";
const SPACE = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const HEADER = /#JSGF[^;\n]*;/y;
const DECLARATION = /(grammar|import)\s+([^;]*);/y;
const RULE_NAME = /<\s*([^<>\s;|]+)\s*>/y;
const TOKEN = /[^\s;=|*+<>()[\]{}/"\\]+/y;
const QUOTED = /"([^"\\\n]*(?:\\.[^"\\\n]*)*)"/y;
const TAG = /\{([^{}\\]*(?:\\[\s\S][^{}\\]*)*)\}/y;
const WEIGHT = /\/\s*([\d.]+(?:[eE][-+]?\d+)?)\s*\//y;

/** @throws INVALID_GRAMMAR, UNSUPPORTED_GRAMMAR, UNKNOWN_RULE, EMPTY_GRAMMAR */
export const parseJsgf = (source: SourceText): Expression => new JsgfParser(source).parse();

class JsgfParser {
  readonly #source: SourceText;
  readonly #scanner: Scanner;
  /** All that were named, defined or not. */
  readonly #rules = new Map<string, Rule>();
  readonly #defined = new Map<string, Rule>();
  readonly #public: Rule[] = [];
  /** Where each rule is referred to first. */
  readonly #references = new Map<Rule, SourcePlace>();
  #grammarName = "";

  constructor(source: SourceText) {
    this.#source = source;
    this.#scanner = new Scanner(source, REMEDY);
  }

  parse(): Expression {
    this.#space();
    this.#scanner.match(HEADER);
    for (this.#space(); !this.#scanner.isAtEnd; this.#space()) if (!this.#declaration()) this.#rule();
    this.#resolve();
    if (this.#public.length === 0) throw this.#nothingPublic();
    return anyOf(this.#public.map((rule): Expression => ({ type: "rule", rule, at: this.#source.at(0) })));
  }

  /** `grammar name;`, and `import <name>;`, which is refused. */
  #declaration(): boolean {
    const at = this.#scanner.place;
    const found = this.#scanner.match(DECLARATION);
    if (!found) return false;
    const [, word, name] = found;
    if (word === "grammar") this.#grammarName = name.trim();
    else
      throw at.fault({
        code: "UNSUPPORTED_GRAMMAR",
        problem: `It imports ${name.trim()}, but a grammar is one file.`,
        remedy: "Copy the rules that are used into it, and leave the import out.",
      });
    return true;
  }

  #rule(): void {
    const scanner = this.#scanner;
    const isPublic = scanner.match(/public(?=[\s<])/y) !== undefined;
    this.#space();
    const at = scanner.place;
    const name = scanner.match(RULE_NAME)?.[1];
    if (name === undefined) throw scanner.fault("Expected a rule, such as public <name> = …;");
    const rule = this.#named(name);
    if (this.#defined.has(rule.name))
      throw at.fault({
        code: "INVALID_GRAMMAR",
        problem: `The rule <${name}> is there already.`,
        remedy: REMEDY,
      });
    this.#defined.set(rule.name, rule);
    this.#space();
    scanner.expect("=", `"=" after <${name}>`);
    rule.expression = this.#alternatives();
    scanner.expect(";", `";" at the end of <${name}>, or more of it`);
    if (isPublic) this.#public.push(rule);
  }

  /** Weights are relative to each other; an alternative without one has 1. */
  #alternatives(): Expression {
    const options: Option[] = [];
    let isWeighted = false;
    do {
      this.#space();
      const weight = this.#scanner.match(WEIGHT)?.[1];
      if (weight !== undefined && !Number.isFinite(Number(weight)))
        throw this.#scanner.fault(`/${weight}/ is no weight: expected a number such as /2.5/`);
      isWeighted ||= weight !== undefined;
      options.push({ expression: this.#sequence(), weight: Number(weight ?? 1) });
    } while (this.#scanner.take("|"));
    if (!isWeighted) return anyOf(options.map(({ expression }) => expression));
    const sum = options.reduce((sum, { weight }) => sum + weight, 0);
    if (!(sum > 0)) throw this.#scanner.fault("The weights of these alternatives are all 0");
    return {
      type: "choice",
      options: options.map(({ expression, weight }) => ({ expression, weight: Math.log(weight / sum) })),
    };
  }

  #sequence(): Expression {
    const items: Expression[] = [];
    for (;;) {
      this.#space();
      const item = this.#item();
      if (!item) break;
      if (items.length > 0) items.push(literal(" ", this.#scanner.place));
      items.push(this.#modified(item));
    }
    if (items.length === 0) throw this.#scanner.fault("Expected a word, a group or a <rule>");
    return sequence(items);
  }

  #item(): Expression | undefined {
    const scanner = this.#scanner;
    const at = scanner.place;
    if (scanner.next === "(") return this.#group("(", ")");
    if (scanner.next === "[") return optional(this.#group("[", "]"), at);
    if (scanner.next === "<") return this.#reference(at);
    const quoted = scanner.match(QUOTED)?.[1];
    if (quoted !== undefined) return literal(quoted.replaceAll(/\\(.)/gu, "$1"), at);
    if (scanner.next === '"') throw scanner.fault("Expected a closing quotation mark on the same line");
    const token = scanner.match(TOKEN)?.[0];
    return token === undefined ? undefined : literal(token, at);
  }

  #group(open: string, close: string): Expression {
    this.#scanner.expect(open, open);
    const inside = this.#scanner.nested(() => this.#alternatives());
    this.#scanner.expect(close, `"${close}"`);
    return inside;
  }

  /** What follows an item: "*", "+" and tags. */
  #modified(item: Expression): Expression {
    let whole = item;
    for (;;) {
      this.#space();
      const at = this.#scanner.place;
      if (this.#scanner.take("+")) whole = { type: "repetition", of: whole };
      else if (this.#scanner.take("*")) whole = optional({ type: "repetition", of: whole }, at);
      else if (this.#scanner.next === "{") whole = marked(whole, { tag: this.#tag() });
      else return whole;
    }
  }

  #tag(): string {
    const tag = this.#scanner.match(TAG)?.[1];
    if (tag === undefined) throw this.#scanner.fault('Expected a tag that ends in "}"');
    return tag.replaceAll(/\\(.)/gsu, "$1").trim();
  }

  #reference(at: SourcePlace): Expression {
    const name = this.#scanner.match(RULE_NAME)?.[1];
    if (name === undefined) throw this.#scanner.fault("Expected a rule's name, such as <name>");
    if (name === "NULL") return literal("", at);
    if (name === "VOID") return { type: "choice", options: [] };
    const rule = this.#named(name);
    if (!this.#references.has(rule)) this.#references.set(rule, at);
    return { type: "rule", rule, at };
  }

  /** A name may begin with that of the grammar. */
  #named(written: string): Rule {
    const own = `${this.#grammarName}.`;
    const name = this.#grammarName !== "" && written.startsWith(own) ? written.slice(own.length) : written;
    const known = this.#rules.get(name) ?? { name, expression: literal("", this.#scanner.place) };
    this.#rules.set(name, known);
    return known;
  }

  #resolve(): void {
    for (const [rule, at] of this.#references) {
      if (this.#defined.has(rule.name)) continue;
      const near = nearestName(rule.name, [...this.#defined.keys()]);
      const remedy = near === undefined ? `Define it: <${rule.name}> = …;` : `Did you mean <${near}>?`;
      throw at.fault({ code: "UNKNOWN_RULE", problem: `There is no rule <${rule.name}>.`, remedy });
    }
  }

  #nothingPublic() {
    const [first] = this.#defined.keys();
    const example = first === undefined ? "public <command> = …;" : `public <${first}> = …;`;
    const problem = first === undefined ? "There is no rule in it." : "No rule of it is public.";
    return this.#source.at(0).fault({
      code: "EMPTY_GRAMMAR",
      problem,
      remedy: `Write "public" before what may be said: ${example}`,
    });
  }

  #space(): void {
    this.#scanner.match(SPACE);
  }
}
