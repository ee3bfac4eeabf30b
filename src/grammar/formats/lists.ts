// The lists of Home Assistant's sentences: values with what is said for them, and ranges of numbers.

import { anyOf, literal, marked, type Expression } from "../expression.ts";
import { SourceText } from "../source-text.ts";
import { numberWords } from "./number-words.ts";
import { parseTemplate, type Names } from "./template.ts";
import type { YamlNode } from "./yaml-nodes.ts";

/** A value of a list that a program gives: what is said, or that and what it stands for. */
export type ListValue = string | { readonly in: string; readonly out: unknown };

/** Values of a list, marked with a slot where there is one. */
export type ListValues = (slot: string | undefined) => Expression;

const LONGEST_RANGE = 100_000;

export function givenList(name: string, values: readonly ListValue[]): ListValues {
  const pairs = values.map((value) => (typeof value === "string" ? { in: value, out: value } : value));
  const place = new SourceText("", `list "${name}"`).at(0);
  return (slot) => anyOf(pairs.map(({ in: said, out }) => filled(literal(said, place), slot, out)));
}

/** @throws INVALID_GRAMMAR, UNSUPPORTED_GRAMMAR */
export function writtenList(list: YamlNode, language: string, source: SourceText, names: Names): ListValues {
  const entries = list.entries();
  const [values, range] = [entries.get("values"), entries.get("range")];
  if (values) {
    const read = values.items().map((value) => readValue(value, source, names));
    return (slot) => anyOf(read.map(({ said, out }) => filled(said, slot, out)));
  }
  if (range) return rangeOf(range, language);
  if (entries.get("wildcard")?.value() === true)
    throw list.at.fault({
      code: "UNSUPPORTED_GRAMMAR",
      problem: `${list.path} takes any words (wildcard), but a grammar says which words there are.`,
      remedy: 'Give its values: "values: [ … ]".',
    });
  throw list.unexpected('"values" or "range"');
}

const filled = (said: Expression, slot: string | undefined, value: unknown): Expression =>
  slot === undefined ? said : marked(said, { slot, value });

/** A text, or `{ in, out }`; what `in` says is a template. Of a template without `out` the slot holds what was said. */
function readValue(value: YamlNode, source: SourceText, names: Names) {
  const written = value.isMap ? value.required("in") : value;
  const text = written.text();
  const said = parseTemplate(text, source, written.textOffset, names);
  const out = value.isMap ? value.entries().get("out") : undefined;
  return { said, out: out ? out.value() : said.type === "literal" ? said.text.trim() : undefined };
}

/** Each number in words where they are known, and in digits where the alphabet has them. */
function rangeOf(range: YamlNode, language: string): ListValues {
  const whole = (key: string, fallback?: number): number => {
    const node = fallback === undefined ? range.required(key) : range.entries().get(key);
    const number = Number(node ? node.value() : fallback);
    if (Number.isSafeInteger(number)) return number;
    throw (node ?? range).unexpected("a whole number");
  };
  const [from, to, step] = [whole("from"), whole("to"), whole("step", 1)];
  if (from > to || step < 1) throw range.unexpected("from, to and step with from ≤ to and step ≥ 1");
  if ((to - from) / step > LONGEST_RANGE || Math.max(Math.abs(from), Math.abs(to)) > 999_999_999)
    throw range.unexpected(`at most ${LONGEST_RANGE} numbers below a billion`);
  const multiplier = Number(range.entries().get("multiplier")?.value() ?? 1);
  if (!Number.isFinite(multiplier)) throw range.unexpected("a multiplier that is a number");
  if (range.entries().has("fractions") || range.entries().has("fraction_type"))
    throw range.unexpected("no fractions (list them as values)");
  const hasWords = /^en(?:[-_]|$)/iu.test(language);
  const numbers = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
  return (slot) =>
    anyOf(
      numbers.flatMap((number) => {
        const digits = {
          ...literal(String(number), range.at),
          ...(hasWords ? { isOptional: true as const } : {}),
        };
        const words = hasWords ? [literal(numberWords(number), range.at)] : [];
        return [...words, digits].map((said) => filled(said, slot, number * multiplier));
      }),
    );
}
