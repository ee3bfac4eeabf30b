// All ways through a grammar, as a nondeterministic automaton: states and steps between them. A step takes a symbol, or
// nothing, and may begin or end a mark. Each text of a choice that is a plain list shares its beginning with the others.

import type { Mark } from "../expression.ts";
import { SPACE } from "../speller.ts";

/** The symbol of a step that takes nothing. */
export const NOTHING = -1;

/** Steps in the order in which they were added, then by the state that they leave. */
export class Paths {
  readonly #from: number[] = [];
  readonly symbols: number[] = [];
  readonly targets: number[] = [];
  /** ln, at most 0. */
  readonly weights: number[] = [];
  /** 2 · mark where a mark begins, 2 · mark + 1 where it ends, −1 else. */
  readonly marks: number[] = [];
  stateCount = 1;
  readonly start = 0;
  /** Whether something may be said again and again. */
  hasLoops = false;

  get stepCount(): number {
    return this.targets.length;
  }

  addState(): number {
    return this.stateCount++;
  }

  addStep(from: number, target: number, symbol = NOTHING, weight = 0, mark = -1): void {
    this.#from.push(from);
    this.targets.push(target);
    this.symbols.push(symbol);
    this.weights.push(weight);
    this.marks.push(mark);
  }

  /** By state, where its steps begin in `order`; one number more than there are states. */
  byState(): { readonly first: Int32Array; readonly order: Int32Array } {
    const first = new Int32Array(this.stateCount + 1);
    for (const from of this.#from) first[from + 1]++;
    for (let state = 0; state < this.stateCount; state++) first[state + 1] += first[state];
    const order = new Int32Array(this.stepCount);
    const next = first.slice();
    this.#from.forEach((from, step) => (order[next[from]++] = step));
    return { first, order };
  }
}

/** Paths whose texts have one space between words and none in front; one at the end, which ends them all, if any. */
export interface SentencePaths {
  readonly paths: Paths;
  /** By state, whether a sentence may end there. */
  readonly isEnd: Uint8Array;
  readonly marks: readonly Mark[];
}

// Where a text stands: what a space would change.
const AFTER_SPACE = 0; // or at the start: nothing
const IN_WORD = 1;
const BEFORE_SPACE = 2; // one is due as soon as another word begins

/**
 * @param raw with SPACE wherever there is white space
 * @param end its last state
 * @param space the alphabet's, −1 without one: then there are none
 */
export function withTidySpaces(
  raw: Paths,
  end: number,
  space: number,
  marks: readonly Mark[],
): SentencePaths {
  const paths = new Paths();
  paths.hasLoops = raw.hasLoops;
  const { first, order } = raw.byState();
  const ids = new Map<number, number>([[3 * raw.start + AFTER_SPACE, paths.start]]);
  const open = [3 * raw.start + AFTER_SPACE];
  const ends: number[] = [];
  const stateOf = (state: number, standing: number): number => {
    const key = 3 * state + standing;
    const known = ids.get(key);
    if (known !== undefined) return known;
    const added = paths.addState();
    ids.set(key, added);
    open.push(key);
    return added;
  };
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const [state, standing, from] = [Math.floor(key / 3), key % 3, ids.get(key)!];
    if (state === end) ends.push(from);
    if (standing === BEFORE_SPACE) paths.addStep(from, stateOf(state, AFTER_SPACE), space);
    for (let i = first[state]; i < first[state + 1]; i++) {
      const [symbol, target] = [raw.symbols[order[i]], raw.targets[order[i]]];
      const [weight, mark] = [raw.weights[order[i]], raw.marks[order[i]]];
      if (symbol === NOTHING) paths.addStep(from, stateOf(target, standing), NOTHING, weight, mark);
      else if (symbol === SPACE)
        paths.addStep(from, stateOf(target, spaced(standing, space)), NOTHING, weight, mark);
      else if (standing !== BEFORE_SPACE) paths.addStep(from, stateOf(target, IN_WORD), symbol, weight, mark);
    }
  }
  const isEnd = new Uint8Array(paths.stateCount);
  for (const state of ends) isEnd[state] = 1;
  return { paths, isEnd, marks };
}

const spaced = (standing: number, space: number): number =>
  standing === AFTER_SPACE || space < 0 ? standing : BEFORE_SPACE;
