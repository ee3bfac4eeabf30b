// How rows of log-probabilities become texts: the one question that the recognizer asks of a decoder, the plainest
// answer to it, and which answer a model file and its user ask for. Knows nothing of recordings.

import { alignText, BeamDecoder, greedyDecode } from "../ctc/index.ts";
import type { AlignedWord, DecodedText, decoderSettings, Knowledge, TimedWord } from "../ctc/index.ts";
import { EarshotError } from "../errors.ts";
import { openLanguageModel } from "../lm/index.ts";
import type { ModelFile } from "../model/index.ts";
import type { z } from "../settings.ts";
import type { Alphabet } from "../text/index.ts";

export interface Decoder {
  /** The likeliest texts of [T, V] natural logarithms, the best first; at least one. */
  decode(logProbabilities: Float32Array): readonly DecodedText[];
}

/** A beam search with these settings, and with what is known of the language. */
export interface DecodingOptions extends Knowledge {
  readonly settings?: z.input<typeof decoderSettings>;
}

/** The likeliest symbol of each step (Graves et al. 2006, section 3.2); its words are timed by their alignment. */
export class GreedyDecoder implements Decoder {
  readonly #alphabet: Alphabet;

  constructor(alphabet: Alphabet) {
    this.#alphabet = alphabet;
  }

  /** @throws SHAPE_MISMATCH, NOT_FINITE, TOO_LONG_TO_ALIGN */
  decode(logProbabilities: Float32Array): readonly DecodedText[] {
    const { size, blank } = this.#alphabet;
    const steps = [logProbabilities.length / size];
    const [labels] = greedyDecode(logProbabilities, { steps, symbols: size, blank });
    const text = tidy(this.#alphabet.decode(labels));
    const { words, score } = alignText(logProbabilities, text, this.#alphabet);
    return [{ text, words: words.map(withoutSymbols), score, acousticScore: score }];
  }
}

const withoutSymbols = ({ text, startStep, endStep, confidence }: AlignedWord): TimedWord => {
  return { text, startStep, endStep, confidence };
};

/** A network may put spaces at the ends, or two in a row; error rates do not count them either. */
const tidy = (text: string): string => text.replace(/\s+/gu, " ").trim();

/**
 * Greedy where neither the file nor the user has anything to decode with. Settings that were tuned and stored in the
 * file hold for a language model; without one, words are not paid for either, unless the user says so.
 * @throws MISSING_LANGUAGE_MODEL for a weight without one; what `openLanguageModel` and `BeamDecoder` throw
 */
export async function openDecoder(
  { alphabet, decoder, languageModel }: ModelFile,
  decoding?: DecodingOptions | "greedy",
): Promise<Decoder> {
  if (decoding === "greedy") return new GreedyDecoder(alphabet);
  const inside =
    languageModel && (await openLanguageModel(languageModel, "language model in the model file"));
  const scorer = decoding?.scorer ?? inside;
  if (!scorer && !decoding) return new GreedyDecoder(alphabet);
  if (!scorer && decoding?.settings?.alpha !== undefined) throw missingLanguageModel();
  const tuned = scorer ? decoder : { beta: 0 };
  return new BeamDecoder(alphabet, { ...tuned, ...decoding?.settings }, { ...decoding, scorer });
}

export function missingLanguageModel(): EarshotError {
  return new EarshotError({
    code: "MISSING_LANGUAGE_MODEL",
    where: "decoder",
    problem: "There is no language model to weigh: none was given, and none is in the model file.",
    remedy: "Give one (--lm FILE), or leave α (--alpha) out.",
  });
}
