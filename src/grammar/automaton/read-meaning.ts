// What a sentence means: the marks on the best path that spells it. Of paths of one weight the one that the grammar names
// first counts: at each choice the earlier option.

import type { Meaning } from "../../ctc/index.ts";
import { isCapture, type Mark } from "../expression.ts";
import { NOTHING, type SentencePaths } from "./paths.ts";

/** A state that was reached, and how. */
interface Reached {
  readonly state: number;
  readonly weight: number;
  /** Symbols taken so far. */
  readonly taken: number;
  readonly mark: number;
  readonly before?: Reached;
}

/** A mark, and the stretch of the sentence that it stands on. */
interface MarkedStretch {
  readonly mark: Mark;
  readonly from: number;
  readonly to: number;
}

export class MeaningReader {
  readonly #sentences: SentencePaths;
  readonly #first: Int32Array;
  readonly #order: Int32Array;

  constructor(sentences: SentencePaths) {
    this.#sentences = sentences;
    const { first, order } = sentences.paths.byState();
    this.#first = first;
    this.#order = order;
  }

  /** @param textOf the text of a stretch of the labels. @returns undefined where the labels spell no sentence */
  read(labels: ArrayLike<number>, textOf: (from: number, to: number) => string): Meaning | undefined {
    const { paths, isEnd } = this.#sentences;
    let reached = new Map<number, Reached>();
    this.#reach({ state: paths.start, weight: 0, taken: 0, mark: -1 }, reached);
    for (let i = 0; i < labels.length; i++) {
      const next = new Map<number, Reached>();
      for (const from of reached.values()) this.#take(labels[i], from, next);
      reached = next;
    }
    let best: Reached | undefined;
    for (const end of reached.values())
      if (isEnd[end.state] && end.weight > (best?.weight ?? -Infinity)) best = end;
    return best && meaningOf(this.#stretches(best), textOf);
  }

  #take(symbol: number, from: Reached, next: Map<number, Reached>): void {
    const { paths } = this.#sentences;
    for (let i = this.#first[from.state]; i < this.#first[from.state + 1]; i++) {
      const step = this.#order[i];
      if (paths.symbols[step] === symbol) this.#reach(this.#along(step, from, from.taken + 1), next);
    }
  }

  /** A state and all that steps without a symbol lead to, the first of each state's steps first. */
  #reach(first: Reached, reached: Map<number, Reached>): void {
    const { paths } = this.#sentences;
    const open = [first];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const known = reached.get(at.state);
      if (known && !(at.weight > known.weight + 1e-12)) continue;
      reached.set(at.state, at);
      for (let i = this.#first[at.state + 1] - 1; i >= this.#first[at.state]; i--) {
        const step = this.#order[i];
        if (paths.symbols[step] === NOTHING) open.push(this.#along(step, at, at.taken));
      }
    }
  }

  #along(step: number, before: Reached, taken: number): Reached {
    const { paths } = this.#sentences;
    const weight = before.weight + paths.weights[step];
    return { state: paths.targets[step], weight, taken, mark: paths.marks[step], before };
  }

  /** The marks of a path in the order in which they end. */
  #stretches(end: Reached): MarkedStretch[] {
    const { marks } = this.#sentences;
    const path: Reached[] = [];
    for (let at: Reached | undefined = end; at; at = at.before) if (at.mark >= 0) path.push(at);
    const begun: number[] = [];
    return path.toReversed().flatMap(({ mark, taken }) => {
      const own = marks[mark >> 1];
      if (mark % 2 === 0) begun.push(taken);
      else return [{ mark: own, from: isCapture(own) ? begun.pop()! : taken, to: taken }];
      return [];
    });
  }
}

function meaningOf(
  stretches: readonly MarkedStretch[],
  textOf: (from: number, to: number) => string,
): Meaning {
  const tags: string[] = [];
  const filled = new Map<string, unknown>();
  let intent: string | undefined;
  let fixed: Readonly<Record<string, unknown>> = {};
  for (const { mark, from, to } of stretches) {
    if ("tag" in mark) tags.push(mark.tag);
    else if ("intent" in mark) [intent, fixed] = [mark.intent, mark.slots];
    else filled.set(mark.slot, mark.value === undefined ? textOf(from, to) : mark.value);
  }
  return {
    ...(intent === undefined ? {} : { intent, slots: { ...fixed, ...Object.fromEntries(filled) } }),
    ...(tags.length === 0 ? {} : { tags }),
  };
}
