// The sentences that a grammar says, as texts: how many there are, each of them, or one by chance. An optional text has a
// fuller way to be said beside it, and is left out. It knows no alphabet.

import type { RandomStream } from "../random.ts";
import type { Expression, Option, Rule } from "./expression.ts";
import { grammarTooLarge } from "./faults.ts";
import type { SourcePlace } from "./source-text.ts";

/** Of a repetition without end, so many at most are drawn. */
const MOST_REPEATS = 3;
/** Parts of one sentence: rules that repeat rules grow without bound. */
const MOST_PARTS = 100_000;

/** All methods but `count` throw GRAMMAR_TOO_LARGE. */
export class Ways {
  readonly #at: SourcePlace;
  readonly #counts = new Map<Rule, number>();
  #parts = 0;

  /** @param at where what is too large is told to be */
  constructor(at: SourcePlace) {
    this.#at = at;
  }

  /** No fewer than different sentences, and Infinity with a repetition. */
  count(expression: Expression): number {
    switch (expression.type) {
      case "literal":
        return 1;
      case "sequence":
        return expression.parts.reduce((product, part) => product * this.count(part), 1);
      case "choice":
        return sayable(expression.options).reduce((sum, option) => sum + this.count(option.expression), 0);
      case "permutation":
        return expression.parts.reduce((product, part, index) => product * (index + 1) * this.count(part), 1);
      case "repetition":
        return Infinity;
      case "marked":
        return this.count(expression.of);
      case "rule":
        return this.#countRule(expression.rule);
    }
  }

  #countRule(rule: Rule): number {
    const count = this.#counts.get(rule) ?? this.count(rule.expression);
    this.#counts.set(rule, count);
    return count;
  }

  /** Of a repetition, what it says once. */
  *every(expression: Expression): Generator<string, void> {
    for (const text of this.#everyText(expression)) {
      this.#parts = 0;
      yield text;
    }
  }

  *#everyText(expression: Expression): Generator<string, void> {
    this.#visit();
    switch (expression.type) {
      case "literal":
        return yield expression.text;
      case "sequence":
        return yield* this.#everyJoined(expression.parts, "");
      case "choice":
        for (const option of sayable(expression.options)) yield* this.#everyText(option.expression);
        return;
      case "permutation":
        for (const parts of orders(expression.parts)) yield* this.#everyJoined(parts, " ");
        return;
      case "repetition":
      case "marked":
        return yield* this.#everyText(expression.of);
      case "rule":
        return yield* this.#everyText(expression.rule.expression);
    }
  }

  *#everyJoined([first, ...others]: readonly Expression[], between: string): Generator<string, void> {
    if (first === undefined) return yield "";
    for (const text of this.#everyText(first)) {
      if (others.length === 0) yield text;
      else for (const rest of this.#everyJoined(others, between)) yield text + between + rest;
    }
  }

  /** One by chance, at each choice by its weights. */
  draw(expression: Expression, random: RandomStream): string {
    this.#parts = 0;
    return this.#drawPart(expression, random);
  }

  #drawPart(expression: Expression, random: RandomStream): string {
    this.#visit();
    const draw = (part: Expression): string => this.#drawPart(part, random);
    switch (expression.type) {
      case "literal":
        return expression.text;
      case "sequence":
        return expression.parts.map(draw).join("");
      case "choice":
        return draw(drawOption(sayable(expression.options), random));
      case "permutation":
        return random.shuffle(expression.parts).map(draw).join(" ");
      case "repetition":
        return Array.from({ length: 1 + random.integer(MOST_REPEATS) }, () => draw(expression.of)).join(" ");
      case "marked":
        return draw(expression.of);
      case "rule":
        return draw(expression.rule.expression);
    }
  }

  #visit(): void {
    if (this.#parts++ > MOST_PARTS) throw grammarTooLarge(this.#at, "parts in one sentence");
  }
}

/** Of each option that is said instead of another in digits, the words alone. */
function sayable(options: readonly Option[]): readonly Option[] {
  const possible = options.filter(({ weight }) => weight > -Infinity);
  const full = possible.filter(({ expression }) => !isOptional(expression));
  return full.length > 0 ? full : possible;
}

const isOptional = (expression: Expression): boolean =>
  expression.type === "marked"
    ? isOptional(expression.of)
    : expression.type === "literal" && expression.isOptional === true;

function* orders(parts: readonly Expression[]): Generator<readonly Expression[], void> {
  if (parts.length <= 1) return yield parts;
  for (const [index, first] of parts.entries())
    for (const rest of orders(parts.toSpliced(index, 1))) yield [first, ...rest];
}

function drawOption(options: readonly Option[], random: RandomStream): Expression {
  const weights = options.map(({ weight }) => Math.exp(weight));
  let at = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const found = options.find((_, index) => (at -= weights[index]) < 0) ?? options.at(-1);
  return found?.expression ?? { type: "sequence", parts: [] };
}
