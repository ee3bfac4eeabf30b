// The smallest automaton of the same sentences: states with equal futures are one. Without loops they are found from the
// ends back in one pass (Revuz 1992, "Minimisation of acyclic deterministic automata in linear time"); with loops by
// splitting classes until they agree (Moore 1956).

import { rounded, type Automaton } from "./determinize.ts";

/** Rounds of splitting; an automaton that needs more stays as it is, as it takes that many symbols to tell its states apart. */
const MOST_ROUNDS = 200;

export function minimize(automaton: Automaton): Automaton {
  const order = endsFirst(automaton);
  const classes = order ? equalFutures(automaton, order) : splitClasses(automaton);
  return classes ? merged(automaton, classes) : automaton;
}

/** The states, each behind all that follow it; undefined where there is a loop. */
function endsFirst({ start, first, targets }: Automaton): number[] | undefined {
  const UNSEEN = 0;
  const OPEN = 1;
  const DONE = 2;
  const seen = new Uint8Array(first.length - 1);
  const next = first.slice(0, -1);
  const order: number[] = [];
  const path = [start];
  seen[start] = OPEN;
  while (path.length > 0) {
    const state = path[path.length - 1];
    if (next[state] === first[state + 1]) {
      seen[state] = DONE;
      order.push(state);
      path.pop();
      continue;
    }
    const target = targets[next[state]++];
    if (seen[target] === OPEN) return undefined;
    if (seen[target] === UNSEEN) {
      seen[target] = OPEN;
      path.push(target);
    }
  }
  return order;
}

function equalFutures(automaton: Automaton, order: readonly number[]): Int32Array {
  const classes = new Int32Array(order.length);
  const known = new Map<string, number>();
  for (const state of order) {
    const future = futureOf(automaton, state, classes);
    const own = known.get(future) ?? known.size;
    known.set(future, own);
    classes[state] = own;
  }
  return classes;
}

function splitClasses(automaton: Automaton): Int32Array | undefined {
  const states = automaton.endWeights.length;
  let classes = new Int32Array(states);
  let count = 1;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const known = new Map<string, number>();
    const before = classes;
    classes = Int32Array.from({ length: states }, (_, state) => {
      const future = `${before[state]}/${futureOf(automaton, state, before)}`;
      const own = known.get(future) ?? known.size;
      known.set(future, own);
      return own;
    });
    if (known.size === count) return classes;
    count = known.size;
  }
  return undefined;
}

/** How sentences go on from a state, as far as classes tell. */
function futureOf(
  { first, symbols, targets, weights, endWeights }: Automaton,
  state: number,
  classes: Int32Array,
): string {
  let future = endWeights[state] === -Infinity ? "" : `${rounded(endWeights[state])}`;
  for (let t = first[state]; t < first[state + 1]; t++)
    future += `|${symbols[t]},${classes[targets[t]]},${rounded(weights[t])}`;
  return future;
}

/** One state for each class, the class of the start in front. */
function merged(automaton: Automaton, classes: Int32Array): Automaton {
  const { start, first, symbols, targets, weights, endWeights } = automaton;
  const order = new Map<number, number>([[classes[start], start]]);
  for (let state = 0; state < classes.length; state++)
    if (!order.has(classes[state])) order.set(classes[state], state);
  const ids = new Int32Array(order.size);
  [...order.keys()].forEach((own, id) => (ids[own] = id));
  const kept = [...order.values()];
  const transitions = kept.flatMap((state) =>
    Array.from({ length: first[state + 1] - first[state] }, (_, i) => first[state] + i),
  );
  const firsts = new Int32Array(kept.length + 1);
  kept.forEach((state, id) => (firsts[id + 1] = firsts[id] + first[state + 1] - first[state]));
  return {
    start: 0,
    first: firsts,
    symbols: Int32Array.from(transitions, (t) => symbols[t]),
    targets: Int32Array.from(transitions, (t) => ids[classes[targets[t]]]),
    weights: Float64Array.from(transitions, (t) => weights[t]),
    endWeights: Float64Array.from(kept, (state) => endWeights[state]),
  };
}
