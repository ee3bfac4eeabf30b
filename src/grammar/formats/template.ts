// One sentence template of Home Assistant (hassil's template syntax): "turn (on|off) [the] {name}", with permutations
// "(now; please)", <rules> and {list} or {list:slot}. White space counts: "light[s]" is one word.

import { anyOf, literal, optional, sequence, type Expression } from "../expression.ts";
import { Scanner, type SourcePlace, type SourceText } from "../source-text.ts";

const REMEDY =
  "Correct it there; docs/grammars.md shows the format, and \\ before a character takes it as it is.";
const TEXT = /(?:[^()[\]{}<>|;\\]+|\\[\s\S])+/y;
const NAMED = /([{<])([^{}<>]*)([}>])/y;

/** What templates refer to by name. */
export interface Names {
  /** @param at where the template refers to it. @throws UNKNOWN_RULE */
  rule(name: string, at: SourcePlace): Expression;
  /** The values of a list, each marked with its slot. @throws UNKNOWN_RULE */
  list(name: string, slot: string | undefined, at: SourcePlace): Expression;
}

/** @param offset of the text in the source. @throws INVALID_GRAMMAR, and what `names` throws */
export function parseTemplate(text: string, source: SourceText, offset: number, names: Names): Expression {
  const parser = new TemplateParser(new Scanner(source, REMEDY, text, offset), names);
  return parser.parse();
}

class TemplateParser {
  readonly #scanner: Scanner;
  readonly #names: Names;

  constructor(scanner: Scanner, names: Names) {
    this.#scanner = scanner;
    this.#names = names;
  }

  parse(): Expression {
    const whole = this.#alternatives();
    if (!this.#scanner.isAtEnd) throw this.#scanner.fault("Expected the end of the template or a group");
    return whole;
  }

  /** Between "|" alternatives, between ";" parts in any order. */
  #alternatives(): Expression {
    const options: Expression[] = [];
    do options.push(this.#permutation());
    while (this.#scanner.take("|"));
    return anyOf(options);
  }

  #permutation(): Expression {
    const parts: Expression[] = [];
    do parts.push(this.#sequence());
    while (this.#scanner.take(";"));
    return parts.length === 1 ? parts[0] : { type: "permutation", parts };
  }

  #sequence(): Expression {
    const parts: Expression[] = [];
    for (;;) {
      const part = this.#part();
      if (!part) return parts.length === 0 ? literal("", this.#scanner.place) : sequence(parts);
      parts.push(part);
    }
  }

  #part(): Expression | undefined {
    const scanner = this.#scanner;
    const at = scanner.place;
    if (scanner.next === "(") return this.#group("(", ")");
    if (scanner.next === "[") return optional(this.#group("[", "]"), at);
    if (scanner.next === "{" || scanner.next === "<") return this.#named(at);
    const text = scanner.match(TEXT)?.[0];
    return text === undefined ? undefined : literal(text.replaceAll(/\\([\s\S])/gu, "$1"), at);
  }

  #group(open: string, close: string): Expression {
    this.#scanner.expect(open, open);
    const inside = this.#scanner.nested(() => this.#alternatives());
    this.#scanner.expect(close, `"${close}"`);
    return inside;
  }

  #named(at: SourcePlace): Expression {
    const before = this.#scanner.at;
    const found = this.#scanner.match(NAMED);
    const isList = found?.[1] === "{";
    const name = found?.[2].trim();
    if (!found || !name || found[3] !== (isList ? "}" : ">")) {
      this.#scanner.at = before;
      throw this.#scanner.fault("Expected a name, such as {list} or <rule>");
    }
    if (!isList) return this.#names.rule(name, at);
    const [list, slot = list] = name.split(":").map((part) => part.trim());
    // What is captured for responses alone is no slot.
    if (list.startsWith("@")) return this.#names.list(list.slice(1), undefined, at);
    return this.#names.list(list, slot.startsWith("@") ? undefined : slot, at);
  }
}
