// What speaks for a text having been said, as a few numbers that do not depend on how long an utterance is: how well the text
// explains what the network says (against another text the network would have lost less), how sure the network is wherever
// it says anything, whatever the text, and how sure the words are. Whichever decoder found the text. Costs a pass over the
// rows and one alignment. Knows nothing of what makes an utterance acceptable.

import type { Alphabet } from "../../text/index.ts";
import { bestPath, type StepSpan } from "../alignment/viterbi.ts";
import type { TimedWord } from "../alignment/words.ts";

export const EVIDENCE = ["spelling", "sureness", "words"] as const;
export type EvidenceName = (typeof EVIDENCE)[number];

/** In nats, 0 at best. */
export interface Evidence extends Readonly<Record<EvidenceName, number>> {
  /** ln of the likeliest path that spells the text, for each of its symbols. */
  readonly spelling: number;
  /** The mean of ln of the likeliest symbol over the steps in which something may be said. */
  readonly sureness: number;
  /** The mean of ln of the words' confidences. */
  readonly words: number;
}

/** Worse is not told apart: where no path spells a text there is no logarithm. */
const LEAST = -12;
/** Steps in which the blank is less sure than this have something in them. */
const BUSY = Math.log(0.95);

/** @param span the rows of the whole utterance */
export function evidenceOf(
  text: string,
  words: readonly TimedWord[],
  span: StepSpan,
  alphabet: Alphabet,
): Evidence {
  const labels = alphabet.encode(text);
  const score = bestPath(labels, span)?.score ?? -Infinity;
  return {
    spelling: bounded(score / Math.max(1, labels.length)),
    sureness: bounded(surenessOf(span)),
    words: mean(words.map(({ confidence }) => bounded(Math.log(confidence)))),
  };
}

const bounded = (value: number): number => Math.min(0, Math.max(LEAST, value));

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

function surenessOf({ rows, fromStep, toStep, symbols: V, blank }: StepSpan): number {
  let [sum, steps] = [0, 0];
  for (let at = fromStep * V; at < toStep * V; at += V) {
    if (rows[at + blank] >= BUSY) continue;
    let best = rows[at];
    for (let k = at + 1; k < at + V; k++) if (rows[k] > best) best = rows[k];
    sum += best;
    steps++;
  }
  return sum / Math.max(1, steps);
}
