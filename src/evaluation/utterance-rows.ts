// Utterances run through the model once, so that many decoders can be tried on them: log-probabilities beside the
// reference that the model's own transcript policy spells.

import type { Utterance } from "../data/index.ts";
import type { RecordingParts, Recognizer } from "../recognizer/index.ts";
import { nothingToTest } from "./evaluate.ts";
import { spellReferences, type Failure } from "./references.ts";

export interface UtteranceRows {
  readonly utterance: Utterance;
  readonly reference: string;
  /** The log-probabilities [T', V] of each piece. */
  readonly recording: RecordingParts<Float32Array>;
}

export interface SplitRows {
  readonly utterances: readonly UtteranceRows[];
  /** Utterances whose transcript could not be spelled, or whose recording not be read. */
  readonly failures: readonly Failure[];
  /** Length of the recordings that were read. */
  readonly seconds: number;
}

export interface RowsOptions {
  /** Stops between batches by throwing the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** @throws UNKNOWN_SYMBOL when no reference can be spelled, NOTHING_TO_TEST when no recording could be read, the signal's reason */
export async function rowsOfUtterances(
  recognizer: Recognizer,
  utterances: readonly Utterance[],
  { signal, onProgress }: RowsOptions = {},
): Promise<SplitRows> {
  const { references, unspelled } = spellReferences(utterances, recognizer.model);
  const read: UtteranceRows[] = [];
  const failures = [...unspelled];
  let [seconds, done] = [0, 0];
  const paths = references.map(({ utterance }) => utterance.path);
  for await (const outcome of recognizer.logProbabilitiesAll(paths, { signal })) {
    const { utterance, text: reference } = references[done++];
    if ("error" in outcome) failures.push({ utterance, error: outcome.error });
    else {
      read.push({ utterance, reference, recording: outcome.recording });
      seconds += outcome.recording.seconds;
    }
    onProgress?.({ done, total: references.length });
  }
  if (read.length === 0) throw nothingToTest(failures);
  return { utterances: read, failures, seconds };
}
