// Word and character error rates of a recognizer over utterances with known transcripts. References are spelled by the
// model's own transcript policy, so that both sides use its alphabet. Knows nothing of command lines or checkpoints.

import type { Frames } from "../audio/index.ts";
import type { Utterance } from "../data/index.ts";
import { EarshotError } from "../errors.ts";
import type { Recognizer, Source } from "../recognizer/index.ts";
import { errorRates } from "../text/index.ts";
import type { ErrorRates } from "../text/index.ts";
import { referenceLoss } from "./reference-loss.ts";
import { spellReferences } from "./references.ts";
import type { Failure, Reference } from "./references.ts";

export type { Failure } from "./references.ts";

export interface Pair {
  readonly utterance: Utterance;
  readonly reference: string;
  readonly hypothesis: string;
  /** −ln p(reference) in nats, whatever the decoder; Infinity where it has more symbols than there are steps for. */
  readonly loss: number;
}

export interface Evaluation extends ErrorRates {
  /** Length of the recordings that were transcribed. */
  readonly seconds: number;
  readonly pairs: readonly Pair[];
  /** Utterances whose transcript could not be spelled, or whose recording not be read; they are in no rate. */
  readonly failures: readonly Failure[];
}

export interface EvaluateOptions {
  /** Stops between batches by throwing the signal's reason. */
  readonly signal?: AbortSignal;
  /** Padded frames run at once. */
  readonly batchFrames?: number;
  /** Gives normalized frames, for example from a cache; by default each recording is read and its features computed. */
  readonly features?: (utterance: Utterance) => Promise<Frames>;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/**
 * Throws UNKNOWN_SYMBOL when no reference can be spelled and the model's policy says so, and NOTHING_TO_TEST when no
 * recording could be read: error rates of nothing would look perfect.
 */
export async function evaluate(
  recognizer: Recognizer,
  utterances: readonly Utterance[],
  { signal, batchFrames, features, onProgress }: EvaluateOptions = {},
): Promise<Evaluation> {
  const { alphabet } = recognizer.model;
  const { references, unspelled } = spellReferences(utterances, recognizer.model);
  const pairs: Pair[] = [];
  const failures = [...unspelled];
  let seconds = 0;
  let done = 0;
  const sources = sourcesOf(references, features);
  for await (const outcome of recognizer.logProbabilitiesAll(sources, { signal, batchFrames })) {
    const { utterance, text: reference } = references[done++];
    if ("error" in outcome) failures.push({ utterance, error: outcome.error });
    else {
      const { recording } = outcome;
      const { text: hypothesis } = recognizer.decode(recording);
      pairs.push({ utterance, reference, hypothesis, loss: referenceLoss(recording, reference, alphabet) });
      seconds += recording.seconds;
    }
    onProgress?.({ done, total: references.length });
  }
  if (pairs.length === 0) throw nothingToTest(failures);
  return { ...errorRates(pairs), seconds, pairs, failures };
}

async function* sourcesOf(
  references: readonly Reference[],
  features?: (utterance: Utterance) => Promise<Frames>,
): AsyncGenerator<Source, void> {
  for (const { utterance } of references) {
    yield features ? { frames: await features(utterance) } : utterance.path;
  }
}

export function nothingToTest([first]: readonly Failure[]): EarshotError {
  return new EarshotError({
    code: "NOTHING_TO_TEST",
    where: first?.error.where,
    problem: first
      ? `No recording could be read. ${first.error.problem}`
      : "There are no utterances to test on.",
    remedy: first?.error.remedy ?? "Give a manifest, and a split of it, that has rows.",
  });
}
