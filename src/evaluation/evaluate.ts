// Word and character error rates of a recognizer over utterances with known transcripts. References are spelled by the
// model's own transcript policy, so that both sides use its alphabet. Knows nothing of command lines or checkpoints.

import type { Utterance } from "../data/index.ts";
import type { Recognizer } from "../recognizer/index.ts";
import { errorRates } from "../text/index.ts";
import type { ErrorRates } from "../text/index.ts";
import { referenceLoss } from "./reference-loss.ts";
import { forEachUtterance, type Coverage, type EvaluateOptions } from "./utterance-rows.ts";

export interface Pair {
  readonly utterance: Utterance;
  readonly reference: string;
  readonly hypothesis: string;
  /** −ln p(reference) in nats, whatever the decoder; Infinity where it has more symbols than there are steps for. */
  readonly loss: number;
}

/** Utterances that failed are in no rate. */
export interface Evaluation extends ErrorRates, Coverage {
  readonly pairs: readonly Pair[];
}

/** @throws what `forEachUtterance` throws */
export async function evaluate(
  recognizer: Recognizer,
  utterances: readonly Utterance[],
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { alphabet } = recognizer.model;
  const pairs: Pair[] = [];
  const { seconds, failures } = await forEachUtterance(recognizer, utterances, options, (rows) => {
    const { utterance, reference, recording } = rows;
    const { text: hypothesis } = recognizer.decode(recording);
    pairs.push({ utterance, reference, hypothesis, loss: referenceLoss(recording, reference, alphabet) });
  });
  return { ...errorRates(pairs), seconds, pairs, failures };
}
