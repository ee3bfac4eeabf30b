// Scores of texts that a grammar allows: those of another model with the weights of the grammar's transitions added. Every
// text carries its state in the grammar; one that leaves it is refused where it leaves. The empty text is always allowed:
// nothing was said.

import type { Constraint } from "./constraint.ts";
import type { HypothesisScores } from "./hypothesis-scores.ts";
import { START } from "./prefix-tree.ts";
import type { ScoredTexts, TextScores } from "./text-scores.ts";

export class ConstrainedText implements TextScores {
  readonly space: number;
  readonly largestGain: number;
  readonly largestGainInWord: number;
  readonly #text: TextScores;
  readonly #constraint: Constraint;

  /** @param text scores texts in the symbols of the constraint */
  constructor(text: TextScores, constraint: Constraint) {
    this.#text = text;
    this.#constraint = constraint;
    this.space = text.space;
    this.largestGain = text.largestGain; // no weight adds to it
    this.largestGainInWord = text.largestGainInWord;
  }

  begin(texts: Pick<ScoredTexts, "scores">, root: number): void {
    this.#text.begin(texts, root);
    texts.scores.grammarState[root] = this.#constraint.start;
  }

  followers(texts: Pick<ScoredTexts, "scores">, node: number): number {
    return this.#text.followers(texts, node);
  }

  extend(texts: ScoredTexts, node: number, symbol: number, next: HypothesisScores, to: number): boolean {
    const transition = this.#constraint.transition(texts.scores.grammarState[node], symbol);
    if (transition < 0 || !this.#text.extend(texts, node, symbol, next, to)) return false;
    next.languageModelScore[to] += this.#constraint.weights[transition];
    next.grammarState[to] = this.#constraint.targets[transition];
    return true;
  }

  end(texts: ScoredTexts, node: number): number {
    const own = this.#text.end(texts, node);
    return texts.symbol[node] === START
      ? own
      : own + this.#constraint.endWeights[texts.scores.grammarState[node]];
  }
}
