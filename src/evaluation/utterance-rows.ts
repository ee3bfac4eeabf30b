// Utterances with known transcripts through a recognizer: of each its log-probabilities, beside the reference that the
// model's own transcript policy spells. They are computed once, whatever is measured on them, or however many decoders are
// tried. Knows nothing of error rates.

import type { Emission } from "../ctc/index.ts";
import type { Utterance } from "../data/index.ts";
import { EarshotError } from "../errors.ts";
import type { RecordingParts, Recognizer, Source } from "../recognizer/index.ts";
import { spellReferences, type Failure, type Reference } from "./references.ts";

export interface UtteranceRows {
  readonly utterance: Utterance;
  readonly reference: string;
  /** What the models say of each piece: log-probabilities [T', V]. */
  readonly recording: RecordingParts<readonly Emission[]>;
}

/** What was measured on, and what could not be. */
export interface Coverage {
  /** Length of the recordings that were read. */
  readonly seconds: number;
  /** Utterances whose transcript could not be spelled, or whose recording not be read. */
  readonly failures: readonly Failure[];
}

export interface SplitRows extends Coverage {
  readonly utterances: readonly UtteranceRows[];
}

export interface EvaluateOptions {
  /** Stops between batches by throwing the signal's reason. */
  readonly signal?: AbortSignal;
  /** Padded frames run at once. */
  readonly batchFrames?: number;
  /** What is recognized for an utterance, such as frames from a cache; its recording by default. */
  readonly sourceOf?: (utterance: Utterance) => Promise<Source>;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** The rows of all utterances, held at once. @throws what `forEachUtterance` throws */
export async function rowsOfUtterances(
  recognizer: Recognizer,
  utterances: readonly Utterance[],
  options: EvaluateOptions = {},
): Promise<SplitRows> {
  const all: UtteranceRows[] = [];
  const coverage = await forEachUtterance(recognizer, utterances, options, (rows) => all.push(rows));
  return { utterances: all, ...coverage };
}

/**
 * Calls `take` with the rows of one utterance after the other.
 * @throws UNKNOWN_SYMBOL when no reference can be spelled and the model's policy says so; NOTHING_TO_TEST when no recording
 * could be read: error rates of nothing would look perfect; the signal's reason
 */
export async function forEachUtterance(
  recognizer: Recognizer,
  utterances: readonly Utterance[],
  { signal, batchFrames, sourceOf, onProgress }: EvaluateOptions,
  take: (rows: UtteranceRows) => void,
): Promise<Coverage> {
  const { references, unspelled } = spellReferences(utterances, recognizer.model);
  const failures = [...unspelled];
  let [seconds, done, read] = [0, 0, 0];
  const sources = sourcesOf(references, sourceOf);
  for await (const outcome of recognizer.logProbabilitiesAll(sources, { signal, batchFrames })) {
    const { utterance, text: reference } = references[done++];
    if ("error" in outcome) failures.push({ utterance, error: outcome.error });
    else {
      const { recording } = outcome;
      take({ utterance, reference, recording });
      seconds += recording.seconds;
      read++;
    }
    onProgress?.({ done, total: references.length });
  }
  if (read === 0) throw nothingToTest(failures);
  return { seconds, failures };
}

async function* sourcesOf(
  references: readonly Reference[],
  sourceOf?: (utterance: Utterance) => Promise<Source>,
): AsyncGenerator<Source, void> {
  for (const { utterance } of references) yield sourceOf ? await sourceOf(utterance) : utterance.path;
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
