// The decoder of one model: what is the same for every recording, made once. Streams of it know nothing of each other.

import { parseSettings, type z } from "../../settings.ts";
import type { Alphabet } from "../../text/index.ts";
import { BeamStream, type DecodedText } from "./beam-stream.ts";
import { Beam } from "./beam.ts";
import { decoderSettings, type DecoderSettings } from "./decoder-settings.ts";
import { TextModel, type Knowledge } from "./text-model.ts";

export class BeamDecoder {
  readonly alphabet: Alphabet;
  readonly settings: DecoderSettings;
  readonly #text: TextModel;
  /** Of an utterance that is done: the next one needs no new room. */
  #spareBeam: Beam | undefined;

  /**
   * @param settings what differs from the defaults of `decoderSettings`
   * @param knowledge a language model, hot words, a vocabulary; none of them is needed
   * @throws UNKNOWN_SETTING, INVALID_SETTING, UNSPELLABLE_VOCABULARY, MISSING_VOCABULARY, WORDS_WITHOUT_SPACE,
   * INVALID_HOT_WORD, UNKNOWN_SYMBOL
   */
  constructor(alphabet: Alphabet, settings: z.input<typeof decoderSettings> = {}, knowledge: Knowledge = {}) {
    this.alphabet = alphabet;
    this.settings = parseSettings(decoderSettings, settings, "decoder");
    this.#text = new TextModel(alphabet, this.settings, knowledge);
  }

  stream(): BeamStream {
    return this.#streamOn(new Beam(this.alphabet, this.settings, this.#text));
  }

  /**
   * The best texts of one utterance, the best first: one at least, `nBest` at most.
   * @param logProbabilities [T, V], natural logarithms; `logProbabilities` makes them from logits
   * @throws SHAPE_MISMATCH, NOT_LOG_PROBABILITIES
   */
  decode(logProbabilities: Float32Array): DecodedText[] {
    const beam = this.#spareBeam ?? new Beam(this.alphabet, this.settings, this.#text);
    this.#spareBeam = undefined; // lost where the rows are refused
    beam.begin();
    const texts = this.#streamOn(beam).finish(logProbabilities);
    this.#spareBeam = beam;
    return texts;
  }

  #streamOn(beam: Beam): BeamStream {
    return new BeamStream(this.alphabet, this.settings, this.#text, beam);
  }
}
