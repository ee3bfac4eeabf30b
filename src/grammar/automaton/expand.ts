// A grammar's expressions as paths (Thompson 1968, "Regular expression search algorithm"): rules, none of which refers to
// itself, are written out where they are used. What is larger than can be held is refused before it is.

import { grammarTooLarge } from "../faults.ts";
import { isCapture, type Expression, type Mark, type Option } from "../expression.ts";
import type { SourcePlace } from "../source-text.ts";
import { SPACE, type Speller } from "../speller.ts";
import { Paths } from "./paths.ts";

const MOST_STEPS = 1_000_000;
/** Each set of the parts already said is a state: 2 to their number. */
const MOST_IN_ANY_ORDER = 8;

export interface RawPaths {
  readonly paths: Paths;
  readonly end: number;
  readonly marks: readonly Mark[];
}

/** @param at of the whole. @throws UNSPELLABLE_GRAMMAR, GRAMMAR_TOO_LARGE */
export function expand(root: Expression, speller: Speller, at: SourcePlace): RawPaths {
  const expansion = new Expansion(speller, at);
  const { paths, marks } = expansion;
  const said = expansion.add(root, paths.start);
  const end = paths.addState();
  paths.addStep(said, end, SPACE); // so that a space may end each sentence
  return { paths, end, marks };
}

class Expansion {
  readonly paths = new Paths();
  readonly marks: Mark[] = [];
  readonly #speller: Speller;
  readonly #at: SourcePlace;
  #visits = 0;

  constructor(speller: Speller, at: SourcePlace) {
    this.#speller = speller;
    this.#at = at;
  }

  /** The ways of an expression from a state on. @returns the state where they meet */
  add(expression: Expression, from: number): number {
    if (this.paths.stepCount + this.#visits++ > MOST_STEPS)
      throw grammarTooLarge(this.#at, "ways through it");
    switch (expression.type) {
      case "literal":
        return this.#addText(this.#speller.spell(expression) ?? [], from);
      case "sequence":
        return expression.parts.reduce((state, part) => this.add(part, state), from);
      case "choice":
        return this.#addChoice(expression.options, from);
      case "permutation":
        return this.#addPermutation(expression.parts, from);
      case "repetition":
        return this.#addRepetition(expression.of, from);
      case "marked":
        return this.#addMarked(expression.of, expression.mark, from);
      case "rule":
        return this.add(expression.rule.expression, from);
    }
  }

  #addText(labels: readonly number[], from: number): number {
    let state = from;
    for (const label of labels) {
      const next = this.paths.addState();
      this.paths.addStep(state, next, label);
      state = next;
    }
    return state;
  }

  /** Plain texts grow one tree; other options have a branch of their own. */
  #addChoice(options: readonly Option[], from: number): number {
    const end = this.paths.addState();
    const tree = new Map<string, number>();
    for (const { expression, weight } of options) {
      if (weight === -Infinity) continue;
      const plain = plainText(expression);
      if (plain) {
        const labels = this.#speller.spell(plain.text);
        if (!labels) continue;
        this.#visits++;
        this.paths.addStep(
          this.#addToTree(tree, labels, from),
          end,
          undefined,
          weight,
          this.#markEnd(plain.mark),
        );
      } else {
        const begin = this.paths.addState();
        this.paths.addStep(from, begin, undefined, weight);
        this.paths.addStep(this.add(expression, begin), end);
      }
    }
    return end;
  }

  #addToTree(tree: Map<string, number>, labels: readonly number[], from: number): number {
    let state = tree.get("") ?? this.paths.addState();
    if (!tree.has("")) this.paths.addStep(from, state);
    tree.set("", state);
    for (const label of labels) {
      const key = `${state},${label}`;
      const known = tree.get(key);
      const next = known ?? this.paths.addState();
      if (known === undefined) this.paths.addStep(state, next, label);
      tree.set(key, next);
      state = next;
    }
    if (this.paths.stepCount > MOST_STEPS) throw grammarTooLarge(this.#at, "ways through it");
    return state;
  }

  /** By the set of the parts that were said. */
  #addPermutation(parts: readonly Expression[], from: number): number {
    if (parts.length > MOST_IN_ANY_ORDER)
      throw grammarTooLarge(this.#at, "parts in any order: at most 8 are possible");
    const all = 2 ** parts.length - 1;
    const states = Array.from({ length: all + 1 }, (_, set) => (set === 0 ? from : this.paths.addState()));
    for (let said = 0; said < all; said++)
      parts.forEach((part, p) => {
        if (said & (1 << p)) return;
        const begin = this.paths.addState();
        this.paths.addStep(states[said], begin, SPACE);
        this.paths.addStep(this.add(part, begin), states[said | (1 << p)], SPACE);
      });
    return states[all];
  }

  #addRepetition(of: Expression, from: number): number {
    this.paths.hasLoops = true;
    const begin = this.paths.addState();
    this.paths.addStep(from, begin);
    const end = this.add(of, begin);
    const after = this.paths.addState();
    this.paths.addStep(end, after); // what follows must not come back into the repetition
    this.paths.addStep(end, begin, SPACE);
    return after;
  }

  #addMarked(of: Expression, mark: Mark, from: number): number {
    const end = this.paths.addState();
    const markEnd = this.#markEnd(mark);
    let begin = from;
    if (isCapture(mark)) {
      begin = this.paths.addState();
      this.paths.addStep(from, begin, undefined, 0, markEnd - 1);
    }
    this.paths.addStep(this.add(of, begin), end, undefined, 0, markEnd);
    return end;
  }

  #markEnd(mark: Mark | undefined): number {
    return mark ? 2 * this.marks.push(mark) - 1 : -1;
  }
}

/** A text that nothing is in, and its mark if it has one that holds no text. */
function plainText(expression: Expression) {
  if (expression.type === "literal") return { text: expression, mark: undefined };
  if (expression.type !== "marked" || isCapture(expression.mark)) return undefined;
  return expression.of.type === "literal" ? { text: expression.of, mark: expression.mark } : undefined;
}
