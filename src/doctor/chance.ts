// Of pairs of utterances, how often do their own texts fit better than swapped ones? Always where texts belong to their
// recordings, and every other time where they do not, or where nobody listens.

export interface SwapCount {
  /** Pairs with different texts that were tried both ways. */
  readonly compared: number;
  /** Of these, the pairs whose own texts fit better. */
  readonly better: number;
}

/** In right corpora 0.95 to 1 once a network listens, and still 0.87 where half of the texts are shuffled. */
const LISTENING = 0.85;
/** Without listening, a text fits a recording of its own length a little more often, and what was seen often is remembered. */
const DEAF = 0.65;
const SURELY = 3; // deviations
const LEAST_COMPARED = 20;

/** Undefined while too few pairs were compared to be sure. */
export function preferenceOf({ compared, better }: SwapCount): "own texts" | "none" | undefined {
  if (compared < LEAST_COMPARED) return undefined;
  const share = better / compared;
  const errorAt = (usual: number): number => SURELY * Math.sqrt((usual * (1 - usual)) / compared);
  if (share < LISTENING - errorAt(LISTENING)) return "none";
  return share > DEAF + errorAt(DEAF) ? "own texts" : undefined;
}
