// That rules end: none refers to itself, and none lies too deep in others. Each rule is looked into once.

import { DEEPEST_REFERENCES, recursive, tooDeep } from "./faults.ts";
import type { Expression, Rule } from "./expression.ts";
import type { SourcePlace } from "./source-text.ts";

/** @throws RECURSIVE_GRAMMAR, GRAMMAR_TOO_LARGE */
export function checkReferences(root: Expression): void {
  const depths = new Map<Rule, number>();
  const open: Rule[] = [];
  const depthOfRule = (rule: Rule, at: SourcePlace): number => {
    const known = depths.get(rule);
    if (known !== undefined) return known;
    if (open.includes(rule))
      throw recursive(
        [...open, rule].map(({ name }) => `<${name}>`),
        at,
      );
    open.push(rule);
    if (open.length > DEEPEST_REFERENCES) throw tooDeep(at);
    const depth = 1 + depthOf(rule.expression);
    open.pop();
    if (depth > DEEPEST_REFERENCES) throw tooDeep(at);
    depths.set(rule, depth);
    return depth;
  };
  const depthOf = (expression: Expression): number =>
    expression.type === "rule"
      ? depthOfRule(expression.rule, expression.at)
      : partsOf(expression).reduce((deepest, part) => Math.max(deepest, depthOf(part)), 0);
  depthOf(root);
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.type) {
    case "sequence":
    case "permutation":
      return expression.parts;
    case "choice":
      return expression.options.map((option) => option.expression);
    case "repetition":
    case "marked":
      return [expression.of];
    case "literal":
    case "rule":
      return [];
  }
}
