// Which decoder a model file and its user ask for, and what it decodes with. Knows nothing of recordings.

import {
  BeamDecoder,
  GreedyDecoder,
  OutsideGrammarDecoder,
  parseRejection,
  RejectingDecoder,
  withCurrentNames,
} from "../ctc/index.ts";
import type { ConstraintSource, Decoder, DecoderChoice, DecoderInput, Knowledge } from "../ctc/index.ts";
import { EarshotError } from "../errors.ts";
import { openLanguageModel } from "../lm/index.ts";
import type { AcousticModel } from "../model/index.ts";

/** A beam search with these settings, and with what is known of the language. */
export interface DecodingOptions extends Knowledge {
  readonly settings?: DecoderInput;
}

/**
 * Greedy where neither the file nor the user has anything to decode with. Settings that were tuned and stored in the
 * file hold for a language model; without one, words are not paid for either, unless the user says so.
 * Vocabulary, hot words and grammar are spelled as the model's transcripts were.
 * @throws MISSING_LANGUAGE_MODEL for a weight without one; what `openLanguageModel` and `BeamDecoder` throw
 */
export async function openDecoder(
  {
    alphabet,
    decoding: { settings, languageModel },
    transcript,
  }: Pick<AcousticModel, "alphabet" | "decoding"> & Partial<Pick<AcousticModel, "transcript">>,
  decoding?: DecodingOptions | "greedy",
): Promise<Decoder> {
  if (decoding === "greedy") return new GreedyDecoder(alphabet);
  const inside =
    languageModel && (await openLanguageModel(languageModel, "language model in the model file"));
  const scorer = decoding?.scorer ?? inside;
  if (!scorer && !decoding) return new GreedyDecoder(alphabet);
  if (!scorer && decoding?.settings?.alpha !== undefined) throw missingLanguageModel();
  const tuned = scorer ? storedSettings(settings) : { beta: 0 };
  const given = withCurrentNames(decoding?.settings ?? {});
  return new BeamDecoder(alphabet, { ...tuned, ...given }, { transcript, ...decoding, scorer });
}

/** A decoder that finds sentences of a grammar alone: as another one does, or by a search with no other knowledge. */
export function withGrammar(
  decoder: Decoder,
  grammar: ConstraintSource,
  model: Pick<AcousticModel, "alphabet" | "transcript">,
): Decoder {
  return decoderWith(decoder, { grammar }, model);
}

/** A decoder with what was chosen for one use: as another one does, or by a search with no other knowledge. */
export function decoderWith(
  decoder: Decoder,
  choice: DecoderChoice,
  { alphabet, transcript }: Pick<AcousticModel, "alphabet" | "transcript">,
): Decoder {
  if (decoder instanceof BeamDecoder) return decoder.with(choice);
  const { nBest, ...knowledge } = choice;
  return new BeamDecoder(alphabet, { beta: 0, nBest }, { transcript, ...knowledge });
}

/** The same decoder for any text. */
export const withoutGrammar = (decoder: Decoder): Decoder =>
  decoder instanceof BeamDecoder && decoder.hasGrammar ? decoder.withGrammar(undefined) : decoder;

/** Settings that were stored before the penalty of unknown words was tuned with them were found at a penalty of 0. */
function storedSettings(settings: AcousticModel["decoding"]["settings"] = {}): DecoderInput {
  const stored = withCurrentNames(settings);
  return stored.alpha === undefined ? stored : { unknownWordPenalty: 0, ...stored };
}

/** Nothing is rejected (false), or what is less sure than this threshold; the model's own when it is not given. */
export type RejectionChoice = false | { readonly threshold?: number };

/**
 * The decoder, with an empty text for what it is not sure of; where the model has not been calibrated, for what is no sentence
 * of its grammar.
 * @throws MISSING_CALIBRATION for a threshold without a calibration; INVALID_SETTING, UNKNOWN_SETTING
 */
export function rejecting(
  decoder: Decoder,
  { decoding, stepMs }: Pick<AcousticModel, "decoding" | "stepMs">,
  choice: RejectionChoice = {},
): Decoder {
  if (choice === false) return decoder;
  if (!decoding.rejection) {
    if (choice.threshold !== undefined) throw missingCalibration();
    return decoder.hasGrammar ? new OutsideGrammarDecoder(decoder) : decoder;
  }
  const { threshold = decoding.rejection.threshold, ...unknown } = choice;
  const rejection = parseRejection({ ...decoding.rejection, ...unknown, threshold }, "rejection");
  return new RejectingDecoder(decoder, rejection, stepMs);
}

function missingCalibration(): EarshotError {
  return new EarshotError({
    code: "MISSING_CALIBRATION",
    where: "rejection",
    problem: "There is a threshold, but the model has not learned what to reject.",
    remedy: "Calibrate it: earshot tune MANIFEST -m MODEL --reject RECORDINGS; or leave the threshold out.",
  });
}

export function greedyGrammar(): EarshotError {
  return new EarshotError({
    code: "INVALID_SETTING",
    where: "decoding",
    problem: "Texts are to be found greedily, but sentences of a grammar can only be searched for.",
    remedy: 'Leave out decoding: "greedy", or the grammar.',
  });
}

export function missingLanguageModel(): EarshotError {
  return new EarshotError({
    code: "MISSING_LANGUAGE_MODEL",
    where: "decoder",
    problem: "There is no language model to weigh: none was given, and none is in the model file.",
    remedy: "Give one (--lm FILE), or leave α (--alpha) out.",
  });
}
