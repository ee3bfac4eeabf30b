// Rows as a program gives them, in its own order of tokens and as whatever it gives → log-probabilities in the order of
// our alphabet.

import { logProbabilities } from "../../ctc/index.ts";
import type { OnnxDescription } from "./description.ts";
import type { TokenTable } from "./tokens.ts";

/**
 * @param rows [T', V of the program]
 * @returns [T', V of the alphabet], natural logarithms
 * @throws NOT_FINITE
 */
export function placeTokens(
  rows: Float32Array,
  gives: OnnxDescription["output"]["gives"],
  { alphabet, places }: TokenTable,
): Float32Array {
  const V = places.length;
  const logits = gives === "probabilities" ? rows.map(Math.log) : rows; // logarithms of probabilities are logits too
  const [own] = logProbabilities(logits, { steps: [rows.length / V], symbols: V });
  if (places.every((place, token) => place === token)) return own;
  const placed = new Float32Array((own.length / V) * alphabet.size);
  const blank = new Float64Array(own.length / V); // summed, since several tokens may count for it
  for (const [i, value] of own.entries()) {
    const [t, place] = [Math.floor(i / V), places[i % V]];
    if (place === alphabet.blank) blank[t] += Math.exp(value);
    else placed[t * alphabet.size + place] = value;
  }
  for (const [t, probability] of blank.entries())
    placed[t * alphabet.size + alphabet.blank] = Math.log(probability);
  return placed;
}
