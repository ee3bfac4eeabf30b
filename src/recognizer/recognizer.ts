// Recordings in, text out: the door for whoever has a model and wants to know what was said, or when.
// A long recording is heard piece by piece. It knows nothing of manifests, references or training.

import { GreedyDecoder, type DecodedText, type Decoder } from "../ctc/index.ts";
import { AcousticModel, loadModelFile, readModelFile } from "../model/index.ts";
import type { ModelFile, ModelOptions } from "../model/index.ts";
import { alignRecording } from "./alignment.ts";
import type { Alignment } from "./alignment.ts";
import { openDecoder } from "./decoding.ts";
import type { DecodingOptions } from "./decoding.ts";
import { Listener } from "./listener.ts";
import { listen } from "./listening.ts";
import type { Listened, ListeningOptions, ListeningOutcome } from "./listening.ts";
import type { Source } from "./sources.ts";
import { transcriptionOf } from "./transcription.ts";
import type { Transcription } from "./transcription.ts";

export type TranscribeOptions = ListeningOptions;

/** One source of many, in the order given: its transcription, or why there is none. */
export type Outcome<Kind extends Source = Source> =
  | { readonly source: Kind; readonly transcription: Transcription }
  | Extract<ListeningOutcome<Kind, never>, { error: unknown }>;

export interface HearingOptions {
  /**
   * Hears each recording also 5 ms earlier and 5 ms later, and averages (Hannun et al. 2014, section 4.1): three times the
   * work, for some tenths of a point of WER.
   */
  readonly jitter?: boolean;
}

export interface RecognizerOptions extends ModelOptions, HearingOptions {
  /** How texts are found. By default with what the model file holds for it, else greedily. */
  readonly decoding?: DecodingOptions | "greedy";
}

/** The path or the bytes of a model file, or one already read. */
export type ModelSource = string | Uint8Array | ModelFile;

export class Recognizer {
  /** The model; of an ensemble the first. */
  readonly model: AcousticModel;
  readonly #listener: Listener;
  readonly #decoder: Decoder;

  /**
   * For open models, such as one in training; `close` closes them. Several are an ensemble: their probabilities are
   * averaged. @throws EarshotError ENSEMBLE_MISMATCH
   */
  constructor(
    models: AcousticModel | readonly AcousticModel[],
    { decoder, jitter = false }: HearingOptions & { readonly decoder?: Decoder } = {},
  ) {
    this.#listener = new Listener("file" in models ? [models] : models, jitter);
    [this.model] = this.#listener.models;
    this.#decoder = decoder ?? new GreedyDecoder(this.#listener.alphabet);
  }

  /**
   * Of an ensemble, the first model's file says what to decode with.
   * @throws what `loadModelFile`, `readModelFile`, `AcousticModel.open` and `openDecoder` throw, ENSEMBLE_MISMATCH
   */
  static async load(
    source: ModelSource | readonly ModelSource[],
    { decoding, jitter, ...options }: RecognizerOptions = {},
  ): Promise<Recognizer> {
    const sources: readonly ModelSource[] = Array.isArray(source) ? source : [source];
    const files = await Promise.all(sources.map(readModel));
    const decoder = await openDecoder(files[0], decoding);
    const models: AcousticModel[] = [];
    try {
      for (const file of files) models.push(await AcousticModel.open(file, options));
      return new Recognizer(models, { decoder, jitter });
    } catch (error) {
      for (const model of models) await model.close();
      throw error;
    }
  }

  /** All models of an ensemble. */
  get models(): readonly AcousticModel[] {
    return this.#listener.models;
  }

  /** Throws what `openSource` throws, and the signal's reason. */
  async transcribe(source: Source, options?: TranscribeOptions): Promise<Transcription> {
    for await (const outcome of this.transcribeAll([source], options)) {
      if ("error" in outcome) throw outcome.error;
      return outcome.transcription;
    }
    throw new RangeError("A source without an outcome.");
  }

  /**
   * Transcribes many in batches of similar length; a source that cannot be read does not stop the others. A recording
   * of more than 40 s is cut in its pauses, so that memory does not grow with it; `frames` are taken as they are.
   */
  async *transcribeAll<Kind extends Source>(
    sources: Iterable<Kind> | AsyncIterable<Kind>,
    options: TranscribeOptions = {},
  ): AsyncGenerator<Outcome<Kind>, void> {
    const decode = (rows: Float32Array) => this.#decoder.open().finish(rows);
    for await (const outcome of listen(this.#listener, sources, decode, options)) {
      if ("error" in outcome) yield outcome;
      else yield { source: outcome.source, transcription: this.#transcriptionOf(outcome.listened) };
    }
  }

  /** The log-probabilities [T', V] of the pieces of each recording: what decoders and alignments are made of. */
  listenAll<Kind extends Source>(
    sources: Iterable<Kind> | AsyncIterable<Kind>,
    options: TranscribeOptions = {},
  ): AsyncGenerator<ListeningOutcome<Kind, Float32Array>, void> {
    return listen(this.#listener, sources, (rows) => rows, options);
  }

  /** What a decoder, its own by default, makes of a recording that was listened to. */
  decode({ parts, ...recording }: Listened<Float32Array>, decoder: Decoder = this.#decoder): Transcription {
    const decoded = parts.map(({ startMs, part }) => ({ startMs, part: decoder.open().finish(part) }));
    return this.#transcriptionOf({ ...recording, parts: decoded });
  }

  /**
   * When each word and each symbol of a known text was said. The text is spelled as transcripts were for training.
   * @param where what errors call the recording
   * @throws IMPOSSIBLE_ALIGNMENT, TOO_LONG_TO_ALIGN, UNKNOWN_SYMBOL, and what `openSource` throws
   */
  async align(source: Source, text: string, where: string, options?: TranscribeOptions): Promise<Alignment> {
    for await (const outcome of this.listenAll([source], options)) {
      if ("error" in outcome) throw outcome.error;
      return alignRecording(outcome.listened, text, this.model.file, this.#listener.stepMs, where);
    }
    throw new RangeError("A source without an outcome.");
  }

  /** Frees memory and threads, so that the process can end. */
  async close(): Promise<void> {
    await this.#listener.close();
  }

  #transcriptionOf(decoded: Listened<readonly DecodedText[]>): Transcription {
    const separator = this.#listener.alphabet.symbols.includes(" ") ? " " : "";
    return transcriptionOf(decoded, this.#listener.stepMs, separator);
  }
}

async function readModel(source: ModelSource): Promise<ModelFile> {
  if (typeof source === "string") return loadModelFile(source);
  return source instanceof Uint8Array ? readModelFile(source, "model") : source;
}
