// Samples → texts as they come, in one of two ways: row by row, for models whose rows are certain soon; and piece by piece,
// for models that need the whole utterance. Knows nothing of sample rates.

import { muteSilence, SAMPLE_RATE_HZ } from "../audio/index.ts";
import { decodeEmissions } from "../ctc/index.ts";
import type { DecodedText, Decoder, DecoderStream, Emission, TimedWord } from "../ctc/index.ts";
import type { Ensemble } from "../model/index.ts";
import { PieceStream, soundsOfPiece, type RecordingPiece } from "./pieces.ts";
import { RowStream, type StreamingModel } from "./row-stream.ts";
import { partsInOrder, type Piece, type RecordingParts, type TranscribeOptions } from "./rows.ts";
import { SeamStream, type Kept, type SoundSpan } from "./seams.ts";
import { soundSpan } from "./sources.ts";
import { separatorOf, timedInMs, type PartialTranscription, type Word } from "./transcription.ts";

export type StreamOptions = Pick<TranscribeOptions, "signal" | "batchFrames">;

type Texts = RecordingParts<readonly DecodedText[]>["parts"];

/** Samples are mono at 16 kHz. */
export interface TextStream {
  push(samples: Float32Array): Promise<PartialTranscription>;
  /** Ends the recording: the texts of all its parts. @param samples the last ones */
  finish(samples: Float32Array): Promise<Texts>;
}

/** The recording is one part, and its rows go to the decoder as soon as they are certain. */
export class RowTexts implements TextStream {
  readonly #model: Ensemble;
  readonly #rows: RowStream;
  readonly #decoder: DecoderStream;
  /** What the decoder handed out and forgot. */
  readonly #final: TimedWord[] = [];

  constructor(model: StreamingModel, decoder: Decoder) {
    this.#model = model;
    this.#rows = new RowStream(model);
    this.#decoder = decoder.open();
  }

  async push(samples: Float32Array): Promise<PartialTranscription> {
    const { words, text } = this.#decoder.push(await this.#rows.push(samples));
    this.#final.push(...words);
    return {
      words: words.map((word) => timedInMs(word, this.#rows.startMs, Infinity, this.#model.stepMs)),
      text,
    };
  }

  async finish(samples: Float32Array): Promise<Texts> {
    await this.push(samples);
    const texts = this.#decoder.finish(await this.#rows.finish());
    return [{ startMs: this.#rows.startMs, part: texts.map((text) => this.#whole(text)) }];
  }

  /** With the words that came before. */
  #whole({ text, words, ...scores }: DecodedText): DecodedText {
    const separator = separatorOf(this.#model.alphabet);
    const texts = [...this.#final.map((word) => word.text), text];
    return {
      text: texts.filter((part) => part !== "").join(separator),
      words: [...this.#final, ...words],
      ...scores,
    };
  }
}

type DecodedPart = Texts[number];

/** Each piece is a part, and is decoded when it is whole and the next one is there. */
export class PieceTexts implements TextStream {
  readonly #model: Ensemble;
  readonly #options: StreamOptions;
  readonly #pieces = new PieceStream();
  readonly #seams: SeamStream<readonly DecodedText[]>;
  readonly #parts: DecodedPart[] = [];
  /** Parts whose words have been given. */
  #given = 0;

  constructor(model: Ensemble, decoder: Decoder, options: StreamOptions) {
    this.#model = model;
    this.#seams = new SeamStream(model.alphabet, (emissions) => decodeEmissions(decoder, emissions));
    this.#options = options;
  }

  async push(samples: Float32Array): Promise<PartialTranscription> {
    await this.#decode(this.#pieces.push(samples));
    const words: Word[] = [];
    for (; this.#given < this.#parts.length; this.#given++) {
      const { startMs, part } = this.#parts[this.#given];
      const endMs = this.#parts[this.#given + 1]?.startMs ?? this.#seams.heldFromMs;
      if (endMs === undefined) break; // it comes with the next piece
      words.push(...part[0].words.map((word) => timedInMs(word, startMs, endMs, this.#model.stepMs)));
    }
    return { words, text: "" };
  }

  async finish(samples: Float32Array): Promise<Texts> {
    await this.#decode([...this.#pieces.push(samples), ...this.#pieces.finish()]);
    this.#parts.push(...this.#seams.finish());
    return this.#parts;
  }

  async #decode(pieces: readonly RecordingPiece[]): Promise<void> {
    type Sound = Piece & SoundSpan;
    const keep = (emissions: readonly Emission[], piece: Sound) => this.#seams.keep(emissions, piece);
    const kept = partsInOrder<Sound, Kept<readonly DecodedText[]>>(
      this.#model,
      this.#prepared(pieces),
      keep,
      this.#options,
    );
    for await (const { piece, part } of kept) this.#parts.push(...this.#seams.push(piece, part!));
  }

  async *#prepared(pieces: readonly RecordingPiece[]) {
    for (const piece of pieces)
      for (const sound of soundsOfPiece(piece, muteSilence(piece.samples, SAMPLE_RATE_HZ)))
        yield { ...soundSpan(sound), input: this.#model.prepare(sound.samples) };
  }
}
