// Word and character error rates of a recognizer over utterances with known transcripts. References are spelled by the
// model's own transcript policy, so that both sides use its alphabet. Knows nothing of command lines or checkpoints.

import type { Utterance } from "../data/index.ts";
import type { Recognizer } from "../recognizer/index.ts";
import { errorRates } from "../text/index.ts";
import type { ErrorRates } from "../text/index.ts";
import { referenceLoss } from "./reference-loss.ts";
import {
  forEachUtterance,
  type Coverage,
  type EvaluateOptions,
  type UtteranceRows,
} from "./utterance-rows.ts";

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
  /** Where some of the references are empty, or the model rejects. */
  readonly acceptance?: Acceptance;
}

/** Of a test with recordings in which nothing is said that is to be recognized. */
export interface Acceptance {
  /** References with words, and the share of them that has a text. */
  readonly utterances: number;
  readonly recall: number;
  /** Pieces of the others that have a text, and how long the others are. */
  readonly falseAccepts: number;
  readonly secondsToReject: number;
  readonly falseAcceptsPerHour: number;
}

/** @throws what `forEachUtterance` throws */
export async function evaluate(
  recognizer: Recognizer,
  utterances: readonly Utterance[],
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { alphabet } = recognizer.model;
  const pairs: Pair[] = [];
  const counts = new AcceptanceCounts(recognizer);
  const { seconds, failures } = await forEachUtterance(recognizer, utterances, options, (rows) => {
    const { utterance, reference, recording } = rows;
    const { text: hypothesis, confidence } = recognizer.decode(recording);
    counts.take(rows, hypothesis, confidence !== undefined);
    pairs.push({ utterance, reference, hypothesis, loss: referenceLoss(recording, reference, alphabet) });
  });
  return { ...errorRates(pairs), seconds, pairs, failures, acceptance: counts.acceptance };
}

class AcceptanceCounts {
  readonly #recognizer: Recognizer;
  #isAsked = false;
  #utterances = 0;
  #accepted = 0;
  #falseAccepts = 0;
  #secondsToReject = 0;

  constructor(recognizer: Recognizer) {
    this.#recognizer = recognizer;
  }

  take({ reference, recording }: UtteranceRows, hypothesis: string, rejects: boolean): void {
    this.#isAsked ||= rejects || reference === "";
    if (reference !== "") {
      this.#utterances++;
      if (hypothesis !== "") this.#accepted++;
      return;
    }
    this.#secondsToReject += recording.seconds;
    for (const part of recording.parts)
      if (this.#recognizer.decode({ ...recording, parts: [part] }).text !== "") this.#falseAccepts++;
  }

  get acceptance(): Acceptance | undefined {
    if (!this.#isAsked) return undefined;
    const [utterances, hours] = [this.#utterances, this.#secondsToReject / 3600];
    return {
      utterances,
      recall: utterances > 0 ? this.#accepted / utterances : 0,
      falseAccepts: this.#falseAccepts,
      secondsToReject: this.#secondsToReject,
      falseAcceptsPerHour: hours > 0 ? this.#falseAccepts / hours : 0,
    };
  }
}
