// The transcripts of utterances as the model spells them, by its own policy. A row that it cannot spell is set aside with
// what to do about it, so that it does not stop the others.

import type { Utterance } from "../data/index.ts";
import { EarshotError } from "../errors.ts";
import type { AcousticModel } from "../model/index.ts";
import { normalizeTranscript } from "../text/index.ts";

export interface Reference {
  readonly utterance: Utterance;
  readonly text: string;
}

/** An utterance that nothing can be measured with. */
export interface Failure {
  readonly utterance: Utterance;
  readonly error: EarshotError;
}

/** @throws UNKNOWN_SYMBOL when there are rows, and the model can spell none of them */
export function spellReferences(
  utterances: readonly Utterance[],
  { alphabet, transcript }: Pick<AcousticModel, "alphabet" | "transcript">,
): { references: readonly Reference[]; unspelled: readonly Failure[] } {
  const references: Reference[] = [];
  const unspelled: Failure[] = [];
  for (const utterance of utterances) {
    try {
      const { text } = normalizeTranscript(utterance.transcript, alphabet, transcript, utterance.where);
      references.push({ utterance, text });
    } catch (error) {
      if (!(error instanceof EarshotError && error.code === "UNKNOWN_SYMBOL")) throw error;
      unspelled.push({ utterance, error: forTrainedModel(error) });
    }
  }
  if (references.length === 0 && unspelled.length > 0) throw unspelled[0].error;
  return { references, unspelled };
}

/** Training could change the alphabet or the policy; a model that is trained has both for good. */
function forTrainedModel(error: EarshotError): EarshotError {
  return error.with({
    remedy:
      "Write it out in the transcript as it is spoken; the model's alphabet was settled when it was trained.",
  });
}
