// Weights as early as possible: each transition carries what the best sentence beyond it costs more than the best of its
// state (Mohri 1997, section 3.5). So the search compares beginnings by the best that can become of them, and states with
// equal futures become equal.

import type { Automaton } from "./determinize.ts";

/** The same sentences with the same weights, but for what the best of all weighs, which is taken off each. */
export function pushWeights(automaton: Automaton): Automaton {
  const { first, targets, weights, endWeights } = automaton;
  if (weights.every((weight) => weight === 0) && endWeights.every((end) => end === 0 || end === -Infinity))
    return automaton;
  const best = bestCompletions(automaton);
  const pushed = weights.map((weight, t) => weight + best[targets[t]]);
  for (let state = 0; state < best.length; state++)
    for (let t = first[state]; t < first[state + 1]; t++) pushed[t] = Math.min(0, pushed[t] - best[state]);
  const ends = endWeights.map((end, state) => (end === -Infinity ? end : Math.min(0, end - best[state])));
  return { ...automaton, weights: pushed, endWeights: ends };
}

/** By state: the weight of the best way to the end of a sentence. */
function bestCompletions({ first, targets, weights, endWeights }: Automaton): Float64Array {
  const best = Float64Array.from(endWeights);
  const before: number[][] = Array.from(best, () => []);
  const from = new Int32Array(targets.length);
  for (let state = 0; state < best.length; state++)
    for (let t = first[state]; t < first[state + 1]; t++) {
      before[targets[t]].push(t);
      from[t] = state;
    }
  let open = Array.from(best.keys()).filter((state) => best[state] > -Infinity);
  while (open.length > 0) {
    const better = new Set<number>();
    for (const state of open)
      for (const t of before[state]) {
        const total = weights[t] + best[state];
        if (!(total > best[from[t]] + 1e-12)) continue;
        best[from[t]] = total;
        better.add(from[t]);
      }
    open = [...better];
  }
  return best;
}
