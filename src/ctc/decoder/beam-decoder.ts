// The beam search as a decoder: what is the same for every recording (settings, language model, lexicon, hot words, grammar)
// is made once, and each stream searches by itself (beam-stream.ts).

import type { Warning } from "../../errors.ts";
import { parseSettings } from "../../settings.ts";
import type { Alphabet } from "../../text/index.ts";
import { beamSteps, type BeamStep } from "./beam-steps.ts";
import { BeamStream } from "./beam-stream.ts";
import { Beam } from "./beam.ts";
import { ConstrainedText } from "./constrained-text.ts";
import { checkGrammar, type Constraint, type ConstraintSource } from "./constraint.ts";
import type { DecodedText, Decoder, DecoderStream, Emission } from "./decoder.ts";
import { decoderSettings, withCurrentNames } from "./decoder-settings.ts";
import type { DecoderInput, DecoderSettings } from "./decoder-settings.ts";
import { decodeJointly } from "./joint-decoder.ts";
import { PieceTextModel } from "./piece-text-model.ts";
import { TextModel, type Knowledge } from "./text-model.ts";
import type { TextScores } from "./text-scores.ts";
import { understood, UnderstoodStream } from "./understood-texts.ts";
import { joiningPieces } from "./word-pieces.ts";

/** What one recording, or one stream, is decoded with besides what is usual. */
export interface DecoderChoice extends Pick<Knowledge, "hotWords" | "grammar"> {
  readonly nBest?: number;
}

export class BeamDecoder implements Decoder {
  readonly alphabet: Alphabet;
  readonly settings: DecoderSettings;
  readonly #knowledge: Knowledge;
  /** In characters, whatever the grammar. */
  readonly #characters: TextModel;
  readonly #constraint: Constraint | undefined;
  readonly #text: TextScores;
  /** The beam of a stream that is finished: the next stream reuses its memory. */
  #spareBeam: Beam | undefined;

  /**
   * @param settings what differs from the defaults of `decoderSettings`
   * @param knowledge a language model, hot words, a vocabulary, a grammar; none of them is needed
   * @param like a decoder of the same alphabet, settings and knowledge but for grammar and count of texts: what it made is used again
   * @throws UNKNOWN_SETTING, INVALID_SETTING, UNSPELLABLE_VOCABULARY, MISSING_VOCABULARY, WORDS_WITHOUT_SPACE,
   * INVALID_HOT_WORD, UNKNOWN_SYMBOL, and what the grammar's `compile` throws
   */
  constructor(
    alphabet: Alphabet,
    settings: DecoderInput = {},
    knowledge: Knowledge = {},
    like?: BeamDecoder,
  ) {
    this.alphabet = alphabet;
    this.settings = parseSettings(decoderSettings, withCurrentNames(settings), "decoder");
    this.#knowledge = knowledge;
    this.#characters = like ? like.#characters : new TextModel(alphabet.characters, this.settings, knowledge);
    if (knowledge.grammar) checkGrammar(knowledge.grammar);
    this.#constraint = knowledge.grammar?.compile(alphabet.characters, knowledge.transcript);
    const text = this.#constraint
      ? new ConstrainedText(this.#characters, this.#constraint)
      : this.#characters;
    this.#text = alphabet.hasPieces ? new PieceTextModel(alphabet, text) : text;
  }

  /** The same decoder with another grammar, or without one. Streams that are open keep theirs. */
  withGrammar(grammar: ConstraintSource | undefined): BeamDecoder {
    return this.with({ grammar });
  }

  /** The same decoder for one use: with more hot words, another grammar, another count of texts. @throws as the constructor */
  with({ nBest = this.settings.nBest, hotWords, ...own }: DecoderChoice): BeamDecoder {
    const settings = { ...this.settings, nBest };
    const knowledge = { ...this.#knowledge, ...own };
    if (!hotWords) return new BeamDecoder(this.alphabet, settings, knowledge, this);
    const all = { ...knowledge.hotWords, ...hotWords };
    return new BeamDecoder(this.alphabet, settings, { ...knowledge, hotWords: all });
  }

  get hasGrammar(): boolean {
    return this.#constraint !== undefined;
  }

  /** What of vocabulary, hot words, language model and grammar is left out. */
  get warnings(): readonly Warning[] {
    return [...this.#characters.warnings, ...(this.#constraint?.warnings ?? [])];
  }

  /** What is taken off for an unknown word, in nats, if a dictionary does not forbid it. */
  get unknownWordPenalty(): number {
    return this.#characters.unknownWordPenalty;
  }

  open(): DecoderStream {
    const beam = this.#spareBeam ?? new Beam(this.alphabet, this.settings, this.#text);
    this.#spareBeam = undefined;
    beam.begin();
    const release = (): void => void (this.#spareBeam = beam);
    const stream = joiningPieces(
      new BeamStream(this.alphabet, this.settings, this.#text, beam, release),
      this.alphabet,
    );
    return this.#constraint ? new UnderstoodStream(stream, this.#constraint, this.alphabet) : stream;
  }

  /** What is in the beam after each step, for those who watch the search. @param rows [T, V] @param most texts of a step */
  steps(rows: Float32Array, most: number): BeamStep[] {
    return beamSteps(new Beam(this.alphabet, this.settings, this.#text), this.alphabet, rows, most);
  }

  /** Where no text is possible to all of them, those of the first. */
  decodeTogether(emissions: readonly Emission[]): readonly DecodedText[] {
    const texts = decodeJointly(emissions, this.alphabet, this.settings, this.#text);
    if (texts.length === 0) return this.decode(emissions[0].rows);
    return this.#constraint ? understood(texts, this.#constraint) : texts;
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
