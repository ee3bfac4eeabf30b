// From all ways through a grammar to an automaton with one transition at most for each symbol: a state stands for all paths
// that spell one beginning, each with how much it weighs below the best of them (Mohri 1997, "Finite-state transducers in
// language and speech processing", section 3.3, in the tropical semiring).

import { tooAmbiguous, grammarTooLarge } from "../faults.ts";
import type { SourcePlace } from "../source-text.ts";
import { NOTHING, type SentencePaths } from "./paths.ts";

/** Of path states in all sets together: what a grammar may cost, in memory and time. */
const MOST_MEMBERS = 2_000_000;
/**
 * The same where there are loops and weights: two ways around a loop that spell the same with different weights need new
 * states without end.
 */
const MOST_WEIGHTED_MEMBERS = 200_000;
/** Weights that differ by less are the same. */
const WEIGHT_UNIT = 1e-9;

/** Transitions lie state by state, by rising symbols. */
export interface Automaton {
  readonly start: number;
  /** By state, the first of its transitions; one number more than there are states. */
  readonly first: Int32Array;
  readonly symbols: Int32Array;
  readonly targets: Int32Array;
  /** ln, at most 0. */
  readonly weights: Float64Array;
  /** By state; −∞ where no sentence ends. */
  readonly endWeights: Float64Array;
}

/** The states of a set, with their weights below the best of it. */
type Members = Map<number, number>;

/** @throws GRAMMAR_TOO_LARGE, EMPTY_GRAMMAR */
export function determinize(sentences: SentencePaths, at: SourcePlace): Automaton {
  const subsets = new Subsets(sentences, at);
  const first = [0];
  const symbols: number[] = [];
  const targets: number[] = [];
  const weights: number[] = [];
  const endWeights: number[] = [];
  for (let state = 0; state < subsets.count; state++) {
    const { next, endWeight } = subsets.leaving(state);
    for (const [symbol, { target, weight }] of [...next].toSorted(([a], [b]) => a - b)) {
      symbols.push(symbol);
      targets.push(target);
      weights.push(weight);
    }
    first.push(symbols.length);
    endWeights.push(endWeight);
  }
  return {
    start: 0,
    first: Int32Array.from(first),
    symbols: Int32Array.from(symbols),
    targets: Int32Array.from(targets),
    weights: Float64Array.from(weights),
    endWeights: Float64Array.from(endWeights),
  };
}

class Subsets {
  readonly #sentences: SentencePaths;
  readonly #first: Int32Array;
  readonly #order: Int32Array;
  readonly #isUseful: Uint8Array;
  readonly #at: SourcePlace;
  readonly #hasWeightedLoops: boolean;
  /** By state; freed when its transitions are known. */
  readonly #members: (Members | undefined)[] = [];
  readonly #ids = new Map<string, number>();
  #cost = 0;

  constructor(sentences: SentencePaths, at: SourcePlace) {
    this.#sentences = sentences;
    this.#at = at;
    const { paths } = sentences;
    const { first, order } = paths.byState();
    this.#hasWeightedLoops = paths.hasLoops && paths.weights.some((weight) => weight !== 0);
    this.#first = first;
    this.#order = order;
    this.#isUseful = usefulStates(sentences);
    if (!this.#isUseful[sentences.paths.start])
      throw at.fault({
        code: "EMPTY_GRAMMAR",
        problem: "Nothing can be said in it.",
        remedy: "Give it a sentence that can be said.",
      });
    this.#add(new Map([[sentences.paths.start, 0]]));
  }

  get count(): number {
    return this.#members.length;
  }

  /** Once for each state, in their order. */
  leaving(state: number) {
    const { paths, isEnd } = this.#sentences;
    const reached = new Map<number, Members>();
    let endWeight = -Infinity;
    for (const [member, weight] of this.#members[state]!) {
      if (isEnd[member]) endWeight = Math.max(endWeight, weight);
      for (let i = this.#first[member]; i < this.#first[member + 1]; i++) {
        const step = this.#order[i];
        const [symbol, target] = [paths.symbols[step], paths.targets[step]];
        if (symbol === NOTHING || !this.#isUseful[target]) continue;
        const members: Members = reached.get(symbol) ?? new Map<number, number>();
        reached.set(symbol, members);
        members.set(target, Math.max(members.get(target) ?? -Infinity, weight + paths.weights[step]));
      }
    }
    this.#members[state] = undefined;
    const next = new Map(
      Array.from(reached, ([symbol, members]) => {
        const weight = [...members.values()].reduce((a, b) => Math.max(a, b), -Infinity);
        for (const [member, own] of members) members.set(member, own - weight);
        return [symbol, { target: this.#add(members), weight }] as const;
      }),
    );
    return { next, endWeight };
  }

  /** The state of a set and of what it reaches by steps that take nothing. */
  #add(members: Members): number {
    this.#close(members);
    this.#cost += members.size + 1;
    if (this.#hasWeightedLoops && this.#cost > MOST_WEIGHTED_MEMBERS) throw tooAmbiguous(this.#at);
    if (this.#cost > MOST_MEMBERS) throw grammarTooLarge(this.#at, "ways to begin alike");
    const key = keyOf(members);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.#ids.set(key, this.#members.length);
    return this.#members.push(members) - 1;
  }

  #close(members: Members): void {
    const { paths } = this.#sentences;
    const open = [...members.keys()];
    for (let member = open.pop(); member !== undefined; member = open.pop()) {
      const weight = members.get(member)!;
      for (let i = this.#first[member]; i < this.#first[member + 1]; i++) {
        const step = this.#order[i];
        const target = paths.targets[step];
        if (paths.symbols[step] !== NOTHING || !this.#isUseful[target]) continue;
        const total = weight + paths.weights[step];
        if (!(total > (members.get(target) ?? -Infinity) + WEIGHT_UNIT)) continue;
        members.set(target, total);
        open.push(target);
      }
    }
  }
}

function keyOf(members: Members): string {
  if (members.size === 1) return String(members.keys().next().value);
  const sorted = Int32Array.from(members.keys()).toSorted();
  const weights = Array.from(sorted, (member) => rounded(members.get(member)!));
  return weights.every((weight) => weight === 0) ? sorted.join() : `${sorted.join()}/${weights.join()}`;
}

/** A weight as a whole number of units. */
export const rounded = (weight: number): number => Math.round(weight / WEIGHT_UNIT);

/** By state, whether a sentence can be completed from it. */
function usefulStates({ paths, isEnd }: SentencePaths): Uint8Array {
  const { first, order } = paths.byState();
  const before: number[][] = Array.from({ length: paths.stateCount }, () => []);
  for (let state = 0; state < paths.stateCount; state++)
    for (let i = first[state]; i < first[state + 1]; i++) before[paths.targets[order[i]]].push(state);
  const isUseful = Uint8Array.from(isEnd);
  const open = Array.from(isEnd.keys()).filter((state) => isEnd[state]);
  for (let state = open.pop(); state !== undefined; state = open.pop())
    for (const earlier of before[state])
      if (!isUseful[earlier]) {
        isUseful[earlier] = 1;
        open.push(earlier);
      }
  return isUseful;
}
