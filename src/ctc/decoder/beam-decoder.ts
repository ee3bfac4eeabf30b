// The beam search as a decoder: what is the same for every recording (settings, language model, lexicon, hot words) is made
// once, and each stream searches by itself (beam-stream.ts).

import type { Warning } from "../../errors.ts";
import { parseSettings } from "../../settings.ts";
import type { Alphabet } from "../../text/index.ts";
import { BeamStream } from "./beam-stream.ts";
import { Beam } from "./beam.ts";
import type { DecodedText, Decoder, DecoderStream, Emission } from "./decoder.ts";
import { decoderSettings, withCurrentNames } from "./decoder-settings.ts";
import type { DecoderInput, DecoderSettings } from "./decoder-settings.ts";
import { decodeJointly } from "./joint-decoder.ts";
import { PieceTextModel } from "./piece-text-model.ts";
import { TextModel, type Knowledge } from "./text-model.ts";
import { joiningPieces } from "./word-pieces.ts";

export class BeamDecoder implements Decoder {
  readonly alphabet: Alphabet;
  readonly settings: DecoderSettings;
  readonly #text: TextModel | PieceTextModel;
  /** The beam of a stream that is finished: the next stream reuses its memory. */
  #spareBeam: Beam | undefined;

  /**
   * @param settings what differs from the defaults of `decoderSettings`
   * @param knowledge a language model, hot words, a vocabulary; none of them is needed
   * @throws UNKNOWN_SETTING, INVALID_SETTING, UNSPELLABLE_VOCABULARY, MISSING_VOCABULARY, WORDS_WITHOUT_SPACE,
   * INVALID_HOT_WORD, UNKNOWN_SYMBOL
   */
  constructor(alphabet: Alphabet, settings: DecoderInput = {}, knowledge: Knowledge = {}) {
    this.alphabet = alphabet;
    this.settings = parseSettings(decoderSettings, withCurrentNames(settings), "decoder");
    this.#text = new (alphabet.hasPieces ? PieceTextModel : TextModel)(alphabet, this.settings, knowledge);
  }

  /** What of vocabulary, hot words and language model is left out. */
  get warnings(): readonly Warning[] {
    return this.#text.warnings;
  }

  /** What is taken off for an unknown word, in nats, if a dictionary does not forbid it. */
  get unknownWordPenalty(): number {
    return this.#text.unknownWordPenalty;
  }

  open(): DecoderStream {
    const beam = this.#spareBeam ?? new Beam(this.alphabet, this.settings, this.#text);
    this.#spareBeam = undefined;
    beam.begin();
    const release = (): void => void (this.#spareBeam = beam);
    return joiningPieces(
      new BeamStream(this.alphabet, this.settings, this.#text, beam, release),
      this.alphabet,
    );
  }

  /** Where no text is possible to all of them, those of the first. */
  decodeTogether(emissions: readonly Emission[]): readonly DecodedText[] {
    const texts = decodeJointly(emissions, this.alphabet, this.settings, this.#text);
    return texts.length > 0 ? texts : this.decode(emissions[0].rows);
  }

  /**
   * The best texts of one recording, the best first: one at least, `nBest` at most.
   * @param logProbabilities [T, V], natural logarithms; `logProbabilities` makes them from logits
   * @throws SHAPE_MISMATCH, NOT_LOG_PROBABILITIES
   */
  decode(logProbabilities: Float32Array): readonly DecodedText[] {
    return this.open().finish(logProbabilities);
  }
}
