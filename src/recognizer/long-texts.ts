// Samples of a long recording → its text, as they are read: piece by piece, or, where the model's rows are certain soon, row by
// row. In the end it is the text of the whole recording; how it is cut into blocks makes no difference.

import { muteSilence, SAMPLE_RATE_HZ } from "../audio/index.ts";
import { decodeEmissions } from "../ctc/index.ts";
import type { DecodedText, Decoder, DecoderStream, Emission, TimedWord } from "../ctc/index.ts";
import type { Ensemble } from "../model/index.ts";
import { PieceStream, soundsOfPiece, type RecordingPiece } from "./pieces.ts";
import type { PlacedPart, RecordingParts } from "./recording-parts.ts";
import { RowStream, type StreamingModel } from "./row-stream.ts";
import { partsInOrder, type Piece, type TranscribeOptions } from "./rows.ts";
import { SeamStream, type Kept, type SoundSpan } from "./seams.ts";
import { soundSpan } from "./sources.ts";
import { timedInMs, withEarlierWords, type Word } from "./transcription.ts";

export type LongTextOptions = Pick<TranscribeOptions, "signal" | "batchFrames">;

type Texts = RecordingParts<readonly DecodedText[]>["parts"];

/** Samples are mono at 16 kHz. */
export interface LongTexts {
  /** Words that became certain, where their symbols are. */
  push(samples: Float32Array): Promise<readonly Word[]>;
  /** Ends the recording: the texts of all its parts. */
  finish(): Promise<Texts>;
  /** Frees what it holds, finished or not. */
  close(): void;
}

/** The recording is one part, and its rows go to the decoder as soon as they are certain. */
export class RowTexts implements LongTexts {
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

  async push(samples: Float32Array): Promise<readonly Word[]> {
    const { words } = this.#decoder.push(await this.#rows.push(samples));
    this.#final.push(...words);
    return words.map((word) => timedInMs(word, this.#rows.startMs, Infinity, this.#model.stepMs));
  }

  async finish(): Promise<Texts> {
    const texts = this.#decoder.finish(await this.#rows.finish());
    const separator = this.#model.alphabet.separator;
    const part = texts.map((text) => withEarlierWords(text, this.#final, separator));
    return [{ startMs: this.#rows.startMs, part }];
  }

  close(): void {}
}

/** Each piece is a part, and is decoded when it is whole and the next one is there. */
export class PieceTexts implements LongTexts {
  readonly #model: Ensemble;
  readonly #options: LongTextOptions;
  readonly #pieces: PieceStream;
  readonly #seams: SeamStream<readonly DecodedText[]>;
  readonly #parts: PlacedPart<readonly DecodedText[]>[] = [];
  /** Parts whose words have been given. */
  #given = 0;

  private constructor(pieces: PieceStream, model: Ensemble, decoder: Decoder, options: LongTextOptions) {
    this.#pieces = pieces;
    this.#model = model;
    this.#seams = new SeamStream(model.alphabet, (emissions) => decodeEmissions(decoder, emissions));
    this.#options = options;
  }

  static async open(model: Ensemble, decoder: Decoder, options: LongTextOptions): Promise<PieceTexts> {
    return new PieceTexts(await PieceStream.open(), model, decoder, options);
  }

  close(): void {
    this.#pieces.close();
  }

  async push(samples: Float32Array): Promise<readonly Word[]> {
    await this.#decode(this.#pieces.push(samples));
    const words: Word[] = [];
    for (; this.#given < this.#parts.length; this.#given++) {
      const { startMs, part } = this.#parts[this.#given];
      const endMs = this.#parts[this.#given + 1]?.startMs ?? this.#seams.heldFromMs;
      if (endMs === undefined) break; // it comes with the next piece
      words.push(...part[0].words.map((word) => timedInMs(word, startMs, endMs, this.#model.stepMs)));
    }
    return words;
  }

  async finish(): Promise<Texts> {
    await this.#decode(this.#pieces.finish());
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
