// How well two models do on one test, the one from which training began and the one that it led to: what was lost, or gained.
// Both are measured on the texts as the first spells them, since the second may lack letters that the test has.

import type { Utterance } from "../data/index.ts";
import type { Recognizer } from "../recognizer/index.ts";
import { errorRates, type ErrorRates } from "../text/index.ts";
import { spellReferences, type Failure, type Reference } from "./references.ts";
import { nothingToTest } from "./utterance-rows.ts";

export interface Retention {
  /** Recordings that could be read, with texts that could be spelled. */
  readonly utterances: number;
  readonly before?: ErrorRates;
  readonly after: ErrorRates;
}

export interface RetentionOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/**
 * @param before undefined where the model is not there any more
 * @throws what `spellReferences` throws; NOTHING_TO_TEST; the signal's reason
 */
export async function measureRetention(
  { before, after }: { readonly before?: Recognizer; readonly after: Recognizer },
  utterances: readonly Utterance[],
  { signal, onProgress }: RetentionOptions = {},
): Promise<Retention> {
  const { references, unspelled } = spellReferences(utterances, (before ?? after).model);
  const total = references.length * (before ? 2 : 1);
  let done = 0;
  const measure = async (recognizer: Recognizer) => {
    const outcomes = await hypothesesOf(recognizer, references, signal, () =>
      onProgress?.({ done: ++done, total }),
    );
    const pairs = references.flatMap(({ text: reference }, i) => {
      const outcome = outcomes[i];
      return typeof outcome === "string" ? [{ reference, hypothesis: outcome }] : [];
    });
    const unread = outcomes.filter((outcome) => typeof outcome !== "string");
    if (pairs.length === 0) throw nothingToTest([...unread, ...unspelled]);
    return { utterances: pairs.length, rates: errorRates(pairs) };
  };
  const old = before && (await measure(before));
  const { utterances: count, rates } = await measure(after);
  return { utterances: count, ...(old && { before: old.rates }), after: rates };
}

/** In the order of the references, the text of each, or why its recording could not be read. */
async function hypothesesOf(
  recognizer: Recognizer,
  references: readonly Reference[],
  signal: AbortSignal | undefined,
  onDone: () => void,
): Promise<(string | Failure)[]> {
  const outcomes: (string | Failure)[] = [];
  const paths = references.map(({ utterance }) => utterance.path);
  for await (const outcome of recognizer.logProbabilitiesAll(paths, { signal })) {
    const { utterance } = references[outcomes.length];
    if ("error" in outcome) outcomes.push({ utterance, error: outcome.error });
    else outcomes.push(recognizer.decode(outcome.recording).text);
    onDone();
  }
  return outcomes;
}
