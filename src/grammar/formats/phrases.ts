// A list of phrases: each line is a sentence. Empty lines, and lines that begin with "#", say nothing.

import { anyOf, literal, type Expression } from "../expression.ts";
import type { SourceText } from "../source-text.ts";

/** @throws EMPTY_GRAMMAR */
export function parsePhrases(source: SourceText): Expression {
  const phrases: Expression[] = [];
  let at = 0;
  for (const line of source.text.split("\n")) {
    if (line.trim() !== "" && !/^\s*#/u.test(line))
      phrases.push(literal(line.trim(), source.at(at + line.search(/\S/u))));
    at += line.length + 1;
  }
  if (phrases.length > 0) return anyOf(phrases);
  throw source.at(0).fault({
    code: "EMPTY_GRAMMAR",
    problem: "There is no phrase in it.",
    remedy: "Give one phrase a line.",
  });
}
