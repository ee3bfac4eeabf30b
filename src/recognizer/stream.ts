// A recording that comes as it is spoken: samples in, at any rate and in chunks of any size; words out as soon as they and
// their times are final; the whole transcription at its end. How it is cut into chunks makes no difference to text and
// times. Samples are checked and resampled here, text-streams.ts does the rest. Knows nothing of where samples come from.

import { joinBlocks, ResampleStream, SAMPLE_RATE_HZ, SoundLevelStream } from "../audio/index.ts";
import type { Decoder } from "../ctc/index.ts";
import { EarshotError } from "../errors.ts";
import type { Ensemble } from "../model/index.ts";
import { checkRate, checkSamples, checkScale, invalidSamples } from "./check-samples.ts";
import { canStream } from "./row-stream.ts";
import { shortAudio } from "./sources.ts";
import { PieceTexts, RowTexts } from "./text-streams.ts";
import type { StreamOptions, TextStream } from "./text-streams.ts";
import { separatorOf, transcriptionOf } from "./transcription.ts";
import type { PartialTranscription, Transcription, Word } from "./transcription.ts";
import { WordPlaceStream } from "./word-edges.ts";

export class RecognizerStream {
  readonly #model: Ensemble;
  readonly #texts: TextStream;
  readonly #signal: AbortSignal | undefined;
  readonly #levels = new SoundLevelStream();
  readonly #places = new WordPlaceStream<Word>();
  #rateHz: number | undefined;
  #resampler: ResampleStream | undefined;
  /** Samples so far, at the model's rate. */
  #length = 0;
  /** The call before: a call waits for it, and fails if it failed. */
  #turn: Promise<unknown> = Promise.resolve();
  #isFinished = false;

  constructor(model: Ensemble, decoder: Decoder, options: StreamOptions = {}) {
    this.#model = model;
    this.#texts = canStream(model) ? new RowTexts(model, decoder) : new PieceTexts(model, decoder, options);
    this.#signal = options.signal;
  }

  /**
   * Takes the next samples, any number of them, and copies them; calls may follow one another without waiting. Of a model
   * that needs the whole utterance no word is final before 40 s have come, and then piece by piece.
   * @param samples mono, in [-1, 1]
   * @param sampleRateHz 16,000 by default; one rate throughout the stream
   * @throws INVALID_SAMPLES, DECODER_FINISHED, the signal's reason
   */
  async push(samples: Float32Array, sampleRateHz = SAMPLE_RATE_HZ): Promise<PartialTranscription> {
    const own = this.#checked(samples, sampleRateHz).slice();
    return this.#inTurn(async () =>
      this.#placed(await this.#texts.push(await this.#resampled(own, sampleRateHz))),
    );
  }

  /**
   * Ends the stream. A recording that is there already is a stream of its last samples alone.
   * @param samples the last ones, if any; they must not change before the result is there
   * @throws what `push` throws
   */
  async finish(
    samples: Float32Array = new Float32Array(0),
    sampleRateHz = this.#rateHz ?? SAMPLE_RATE_HZ,
  ): Promise<Transcription> {
    const last = this.#checked(samples, sampleRateHz);
    this.#isFinished = true;
    try {
      return await this.#inTurn(() => this.#transcription(last, sampleRateHz));
    } finally {
      this.#resampler?.close(); // a call before this one may have failed
    }
  }

  /** Frees what a stream holds that will not be finished. */
  async close(): Promise<void> {
    this.#isFinished = true;
    await this.#turn.catch(() => {}); // its caller has the error
    this.#resampler?.close();
  }

  /** Words leave when they have their place; until then they are a part of the text that follows. */
  #placed({ words, text }: PartialTranscription): PartialTranscription {
    const placed = this.#places.push(words, this.#levels.levels());
    const texts = [...this.#places.held.map((word) => word.text), text];
    return {
      words: placed,
      text: texts.filter((part) => part !== "").join(separatorOf(this.#model.alphabet)),
    };
  }

  async #transcription(last: Float32Array, sampleRateHz: number): Promise<Transcription> {
    const parts = await this.#texts.finish(await this.#resampledLast(last, sampleRateHz));
    const warnings = shortAudio(this.#length, this.#model);
    const seconds = this.#length / SAMPLE_RATE_HZ;
    const levels = this.#levels.levels();
    return transcriptionOf({ parts, warnings, seconds, levels }, this.#model);
  }

  #checked(samples: Float32Array, sampleRateHz: number): Float32Array {
    if (this.#isFinished) throw streamFinished();
    const checked = checkSamples(samples);
    checkRate(sampleRateHz);
    checkScale(checked);
    this.#rateHz ??= sampleRateHz;
    if (this.#rateHz === sampleRateHz) return checked;
    throw invalidSamples(`The sample rate changes from ${this.#rateHz} Hz to ${sampleRateHz} Hz.`);
  }

  async #resampled(samples: Float32Array, fromHz: number): Promise<Float32Array> {
    this.#resampler ??= await ResampleStream.open(fromHz, SAMPLE_RATE_HZ);
    const resampled = this.#resampler.push(samples);
    this.#length += resampled.length;
    this.#levels.push(resampled);
    return resampled;
  }

  async #resampledLast(samples: Float32Array, fromHz: number): Promise<Float32Array> {
    const resampled = await this.#resampled(samples, fromHz);
    const rest = this.#resampler!.finish();
    this.#length += rest.length;
    this.#levels.push(rest);
    return rest.length === 0 ? resampled : joinBlocks([resampled, rest]);
  }

  #inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(() => {
      this.#signal?.throwIfAborted();
      return task();
    });
    this.#turn = result;
    return result;
  }
}

function streamFinished(): EarshotError {
  return new EarshotError({
    code: "DECODER_FINISHED",
    where: "stream",
    problem: "The stream has been finished already.",
    remedy: "Begin a new stream for each recording.",
  });
}
