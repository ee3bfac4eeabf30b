// Word and character error rates of a recognizer over utterances with known transcripts. References are spelled by the
// model's own transcript policy, so that both sides use its alphabet. Knows nothing of command lines or checkpoints.

import type { Frames } from "../audio/index.ts";
import type { Utterance } from "../data/index.ts";
import { EarshotError } from "../errors.ts";
import type { Recognizer, Source } from "../recognizer/index.ts";
import { errorRates, normalizeTranscript } from "../text/index.ts";
import type { ErrorRates } from "../text/index.ts";

export interface Pair {
  readonly utterance: Utterance;
  readonly reference: string;
  readonly hypothesis: string;
}

export interface Failure {
  readonly utterance: Utterance;
  readonly error: EarshotError;
}

export interface Evaluation extends ErrorRates {
  /** Length of the recordings that were transcribed. */
  readonly seconds: number;
  readonly pairs: readonly Pair[];
  /** Utterances whose recording could not be read; they are in no rate. */
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
 * Throws UNKNOWN_SYMBOL when a reference cannot be spelled and the model's policy says so, and NOTHING_TO_TEST when no
 * recording could be read: error rates of nothing would look perfect.
 */
export async function evaluate(
  recognizer: Recognizer,
  utterances: readonly Utterance[],
  { signal, batchFrames, features, onProgress }: EvaluateOptions = {},
): Promise<Evaluation> {
  const { alphabet, transcript } = recognizer.model.file;
  const references = utterances.map(
    (utterance) => normalizeTranscript(utterance.transcript, alphabet, transcript, utterance.where).text,
  );
  const pairs: Pair[] = [];
  const failures: Failure[] = [];
  let seconds = 0;
  let done = 0;
  for await (const outcome of recognizer.transcribeAll(sourcesOf(utterances, features), {
    signal,
    batchFrames,
  })) {
    const utterance = utterances[done];
    const reference = references[done++];
    if ("error" in outcome) failures.push({ utterance, error: outcome.error });
    else {
      pairs.push({ utterance, reference, hypothesis: outcome.transcription.text });
      seconds += outcome.transcription.seconds;
    }
    onProgress?.({ done, total: utterances.length });
  }
  if (pairs.length === 0) throw nothingToTest(failures);
  return { ...errorRates(pairs), seconds, pairs, failures };
}

async function* sourcesOf(
  utterances: readonly Utterance[],
  features?: (utterance: Utterance) => Promise<Frames>,
): AsyncGenerator<Source, void> {
  for (const utterance of utterances) {
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
