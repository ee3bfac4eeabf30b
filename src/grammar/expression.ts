// What a grammar says, whatever format it was written in: texts, one after another or in each other's place, repeated, and
// marked with what they mean. Spaces are part of the texts; of several in a row one counts, of those at an end none.

import type { SourcePlace } from "./source-text.ts";

/** What a stretch of a sentence means. */
export type Mark =
  | { readonly tag: string }
  /** Without a value the slot holds the text. */
  | { readonly slot: string; readonly value?: unknown }
  /** The slots are those that the sentence does not fill itself. */
  | { readonly intent: string; readonly slots: Readonly<Record<string, unknown>> };

export type Expression =
  | Literal
  | { readonly type: "sequence"; readonly parts: readonly Expression[] }
  | { readonly type: "choice"; readonly options: readonly Option[] }
  /** In any order, with a space between. */
  | { readonly type: "permutation"; readonly parts: readonly Expression[] }
  /** Once or more, with a space between. */
  | { readonly type: "repetition"; readonly of: Expression }
  | { readonly type: "marked"; readonly of: Expression; readonly mark: Mark }
  | { readonly type: "rule"; readonly rule: Rule; readonly at: SourcePlace };

export interface Literal {
  readonly type: "literal";
  readonly text: string;
  /** Where it stands in the source. */
  readonly at: SourcePlace;
  /** It is left out where the alphabet cannot spell it, as there is another way to say it. */
  readonly isOptional?: true;
}

export interface Option {
  readonly expression: Expression;
  /** ln, at most 0; −∞ for what is never said. */
  readonly weight: number;
}

/** A rule may be referred to before it is known what it says. */
export interface Rule {
  readonly name: string;
  expression: Expression;
}

export const literal = (text: string, at: SourcePlace): Literal => ({ type: "literal", text, at });

export const anyOf = (options: readonly Expression[]): Expression =>
  options.length === 1
    ? options[0]
    : { type: "choice", options: options.map((expression) => ({ expression, weight: 0 })) };

export const optional = (of: Expression, at: SourcePlace): Expression => anyOf([of, literal("", at)]);

export const marked = (of: Expression, mark: Mark): Expression => ({ type: "marked", of, mark });

/** A text and what follows it is one text, so that lists of texts are recognized as such, marked or not. */
export function sequence(parts: readonly Expression[]): Expression {
  const joined: Expression[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const both = last?.type === "literal" ? joinedWith(last, part) : undefined;
    if (both) joined[joined.length - 1] = both;
    else joined.push(part);
  }
  return joined.length === 1 ? joined[0] : { type: "sequence", parts: joined };
}

function joinedWith(first: Literal, part: Expression): Expression | undefined {
  if (first.isOptional) return undefined;
  if (part.type === "literal" && !part.isOptional) return literal(first.text + part.text, first.at);
  if (part.type !== "marked" || isCapture(part.mark)) return undefined;
  const of = joinedWith(first, part.of);
  return of && marked(of, part.mark);
}

/** Whether a mark holds the text that it stands on. */
export const isCapture = (mark: Mark): boolean => "slot" in mark && mark.value === undefined;
