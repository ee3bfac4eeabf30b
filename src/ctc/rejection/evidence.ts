// What speaks for a text having been said, as numbers that do not depend on how long an utterance is: how well the text
// explains what the network says (against another text the network would have lost less), and how certain the network is
// wherever it says anything, whatever the text. Whichever decoder found the text. Costs a pass over the rows and one
// alignment. Knows nothing of what makes an utterance acceptable.

import type { Alphabet } from "../../text/index.ts";
import { bestPath, type StepSpan } from "../alignment/viterbi.ts";

export const EVIDENCE = ["spelling", "certainty"] as const;
export type EvidenceName = (typeof EVIDENCE)[number];

/** In nats, 0 at best. */
export interface Evidence extends Readonly<Record<EvidenceName, number>> {
  /** ln of the likeliest path that spells the text, for each of its symbols. */
  readonly spelling: number;
  /** The mean of the negative entropy of the steps in which something may be said. */
  readonly certainty: number;
}

/** Worse is not told apart: where no path spells a text there is no logarithm. */
const LEAST = -12;
/** As if so many more symbols had been spelled for certain: of short texts the mean says less. */
const CERTAIN_SYMBOLS = 3;
/** Steps in which the blank is less sure than this have something in them. */
const BUSY = Math.log(0.95);

/** @param span the rows of the whole utterance */
export function evidenceOf(text: string, span: StepSpan, alphabet: Alphabet): Evidence {
  const labels = alphabet.encode(text);
  const score = bestPath(labels, span)?.score ?? -Infinity;
  return {
    spelling: bounded(score / (labels.length + CERTAIN_SYMBOLS)),
    certainty: bounded(certaintyOf(span)),
  };
}

const bounded = (value: number): number => Math.min(0, Math.max(LEAST, value));

function certaintyOf({ rows, fromStep, toStep, symbols: V, blank }: StepSpan): number {
  let [sum, steps] = [0, 0];
  for (let at = fromStep * V; at < toStep * V; at += V) {
    if (rows[at + blank] >= BUSY) continue;
    for (let k = at; k < at + V; k++) sum += Math.exp(rows[k]) * Math.max(rows[k], NEGLIGIBLE);
    steps++;
  }
  return sum / Math.max(1, steps);
}

/** Probabilities below e⁻¹⁰⁰ add nothing; at 0 the product has no value. */
const NEGLIGIBLE = -100;
