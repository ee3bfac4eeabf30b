// Samples → texts as they come, in one of two ways: row by row, for models whose rows are certain soon; and piece by piece,
// for models that need the whole utterance. Knows nothing of sample rates.

import { muteSilence, partAtSilence, SAMPLE_RATE_HZ } from "../audio/index.ts";
import { decodeEmissions } from "../ctc/index.ts";
import type { DecodedText, Decoder, DecoderStream, Emission, TimedWord } from "../ctc/index.ts";
import type { Ensemble } from "../model/index.ts";
import { PieceStream } from "./pieces.ts";
import { RowStream, type StreamingModel } from "./row-stream.ts";
import { partsInOrder, type RecordingParts, type TranscribeOptions } from "./rows.ts";
import { separatorOf, timedInMs, type PartialTranscription } from "./transcription.ts";

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

/** Each piece is a part, and is decoded when it is whole. */
export class PieceTexts implements TextStream {
  readonly #model: Ensemble;
  readonly #decoder: Decoder;
  readonly #options: StreamOptions;
  readonly #pieces = new PieceStream();
  readonly #parts: { startMs: number; part: readonly DecodedText[] }[] = [];
  /** Where the next piece begins, in samples. */
  #start = 0;

  constructor(model: Ensemble, decoder: Decoder, options: StreamOptions) {
    this.#model = model;
    this.#decoder = decoder;
    this.#options = options;
  }

  async push(samples: Float32Array): Promise<PartialTranscription> {
    const before = this.#parts.length;
    await this.#decode(this.#pieces.push(samples));
    const words = this.#parts.slice(before).flatMap(({ startMs, part: [best] }, i) => {
      const endMs = this.#parts[before + i + 1]?.startMs ?? msOf(this.#start);
      return best.words.map((word) => timedInMs(word, startMs, endMs, this.#model.stepMs));
    });
    return { words, text: "" };
  }

  async finish(samples: Float32Array): Promise<Texts> {
    await this.#decode([...this.#pieces.push(samples), ...this.#pieces.finish()]);
    return this.#parts;
  }

  async #decode(pieces: readonly Float32Array[]): Promise<void> {
    const decode = (emissions: readonly Emission[]) => decodeEmissions(this.#decoder, emissions);
    for await (const { piece, part } of partsInOrder(
      this.#model,
      this.#prepared(pieces),
      decode,
      this.#options,
    ))
      this.#parts.push({ startMs: piece.startMs, part: part! });
  }

  async *#prepared(pieces: readonly Float32Array[]) {
    for (const piece of pieces) {
      for (const { samples, start } of partAtSilence(muteSilence(piece, SAMPLE_RATE_HZ)))
        yield { startMs: msOf(this.#start + start), input: this.#model.prepare(samples) };
      this.#start += piece.length;
    }
  }
}

const msOf = (samples: number): number => (1000 * samples) / SAMPLE_RATE_HZ;
