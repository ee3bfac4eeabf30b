// The utterances that a recognizer finds most improbable, for a person to look at: the recording is cut, its transcript
// is wrong, or the model has something to learn.

import { formatAlignment } from "../text/index.ts";
import type { Pair } from "./evaluate.ts";

/** Those with the highest loss, the highest first. */
export function worstOf(pairs: readonly Pair[], count: number): Pair[] {
  return pairs.toSorted((a, b) => b.loss - a.loss || 0).slice(0, count); // Infinity − Infinity is no order
}

/** Recording, loss, and the hypothesis under the reference, word under word. */
export function formatPair({ utterance, reference, hypothesis, loss }: Pair): string {
  const nats = Number.isFinite(loss)
    ? `loss ${loss.toFixed(1)}`
    : "loss infinite: too short for its transcript";
  return `${utterance.path}  ${nats}\n${formatAlignment(reference, hypothesis)}\n`;
}
