// Recordings in, text out: what was said, and when, by an acoustic model or several.
// The way there, stage by stage: sources.ts, pieces.ts, batches.ts, rows.ts, transcription.ts; the same for a recording that
// is there and one that comes as it is spoken (stream.ts). It knows nothing of manifests, references or training.

import type { AudioStream } from "../audio/index.ts";
import { programClosed } from "../engine/index.ts";
import { EarshotError, type Warning } from "../errors.ts";
import { decodeEmissions, GreedyDecoder, textWithEvidence } from "../ctc/index.ts";
import type { ConstraintSource, Decoder, DecoderChoice, Emission } from "../ctc/index.ts";
import { Ensemble, openModel } from "../model/index.ts";
import type { AcousticModel, EnsembleOptions, ModelOptions, ModelSource } from "../model/index.ts";
import { alignRecording } from "./alignment.ts";
import type { Alignment } from "./alignment.ts";
import { LongRecordings, ProgressOfParts, transcribeLong } from "./long-recordings.ts";
import {
  decoderWith,
  greedyGrammar,
  openDecoder,
  rejecting,
  withGrammar,
  withoutGrammar,
} from "./decoding.ts";
import type { DecodingOptions, RejectionChoice } from "./decoding.ts";
import type { RecordingParts } from "./recording-parts.ts";
import { recordingParts } from "./rows.ts";
import type { RecordingOutcome, TranscribeOptions } from "./rows.ts";
import type { Source } from "./sources.ts";
import { RecognizerStream } from "./stream.ts";
import type { StreamOptions } from "./stream.ts";
import { canStream } from "./row-stream.ts";
import { UtteranceSession } from "./streams/utterance-session.ts";
import { transcriptionOf } from "./transcription.ts";
import type { Transcription } from "./transcription.ts";

/** One source of many, in the order given: its transcription, or why there is none. */
export type Outcome<Kind extends Source = Source> =
  | { readonly source: Kind; readonly transcription: Transcription }
  | Extract<RecordingOutcome<Kind, never>, { error: unknown }>;

export interface RecognizerOptions extends ModelOptions, EnsembleOptions {
  /** How texts are found. By default with what the model file holds for it, else greedily. */
  readonly decoding?: DecodingOptions | "greedy";
  /** The only sentences there may be; `setGrammar` changes it. */
  readonly grammar?: ConstraintSource;
  /**
   * What is not said as the model understands it has no text, but `rejected`: as its file says, where it was calibrated, at
   * another threshold, or not at all (false). Without a calibration that is what is said and is no sentence of the grammar.
   */
  readonly rejection?: RejectionChoice;
  /**
   * Threads of their own that live streams have (default 1), so that the program's event loop never waits for the network; 0:
   * none. Each is started with its first stream. They share the weights of a model of ours, but not what the engine makes of them.
   */
  readonly streamWorkers?: number;
}

/** For models that are open. */
export interface OpenModelOptions
  extends EnsembleOptions, Pick<RecognizerOptions, "grammar" | "rejection" | "streamWorkers"> {
  readonly decoder?: Decoder;
}

export class Recognizer {
  /** The model; of an ensemble the first. */
  readonly model: AcousticModel;
  /** What is worth knowing of the model and of what it decodes with, such as words that it cannot spell. */
  readonly warnings: readonly Warning[];
  /** All models of an ensemble. */
  readonly models: readonly AcousticModel[];
  readonly #ensemble: Ensemble;
  /** Without grammar and rejection. */
  readonly #freeDecoder: Decoder;
  readonly #rejection: RejectionChoice | undefined;
  readonly #session: UtteranceSession;
  /** It rejects nothing. */
  #acceptingDecoder: Decoder;
  #decoder: Decoder;
  #isClosed = false;

  /**
   * For open models, such as one in training; `close` closes them. Several are an ensemble: the text is the one that they
   * find likeliest together. @throws EarshotError NO_MODEL, ENSEMBLE_MISMATCH
   */
  constructor(
    models: AcousticModel | readonly AcousticModel[],
    { decoder, grammar, rejection, streamWorkers, ...options }: OpenModelOptions = {},
  ) {
    this.models = "prepare" in models ? [models] : models;
    if (this.models.length === 0) throw noModel();
    [this.model] = this.models;
    this.#ensemble = new Ensemble(this.models, options);
    this.#session = new UtteranceSession(this.#ensemble, this.models, options, streamWorkers);
    const given = decoder ?? new GreedyDecoder(this.model.alphabet);
    this.#freeDecoder = withoutGrammar(given);
    this.#rejection = rejection;
    this.#acceptingDecoder = grammar ? this.#within(grammar) : given;
    this.#decoder = rejecting(this.#acceptingDecoder, this.model, rejection);
    this.warnings = [...this.#ensemble.warnings, ...(this.#decoder.warnings ?? [])];
  }

  /**
   * Of an ensemble, the first model's file says what to decode with.
   * @throws what `openModel`, `openDecoder` and `setGrammar` throw, NO_MODEL, ENSEMBLE_MISMATCH, INVALID_SETTING
   */
  static async load(
    source: ModelSource | readonly ModelSource[],
    { decoding, grammar, rejection, jitter, weights, streamWorkers, ...options }: RecognizerOptions = {},
  ): Promise<Recognizer> {
    const sources: readonly ModelSource[] = Array.isArray(source) ? source : [source];
    if (sources.length === 0) throw noModel();
    if (grammar && decoding === "greedy") throw greedyGrammar();
    const models: AcousticModel[] = [];
    try {
      for (const each of sources) models.push(await openModel(each, options));
      const decoder = await openDecoder(models[0], decoding);
      const names = sources.map((each) => (typeof each === "string" ? each : undefined));
      return new Recognizer(models, { decoder, grammar, rejection, jitter, weights, names, streamWorkers });
    } catch (error) {
      for (const model of models) await model.close();
      throw error;
    }
  }

  /**
   * From now on only sentences of this grammar, or any text (undefined), whichever grammar it was loaded with. Transcriptions that have begun, and utterances of streams,
   * keep the grammar that they began with; if it cannot be used, nothing changes. Where texts were found greedily, sentences are
   * searched for.
   * @returns what is worth knowing of it, such as words of the grammar that are left out
   * @throws what the grammar's `compile` throws
   */
  setGrammar(grammar: ConstraintSource | undefined): readonly Warning[] {
    this.#acceptingDecoder = this.#within(grammar);
    this.#decoder = rejecting(this.#acceptingDecoder, this.model, this.#rejection);
    return this.#decoder.warnings ?? [];
  }

  #within(grammar: ConstraintSource | undefined): Decoder {
    return grammar ? withGrammar(this.#freeDecoder, grammar, this.model) : this.#freeDecoder;
  }

  /**
   * A decoder for the streams and recordings that it is given to: the recognizer's own with more hot words, another grammar,
   * another count of texts. Where texts were found greedily, they are searched for.
   * @throws INVALID_HOT_WORD, UNKNOWN_SYMBOL, INVALID_SETTING, and what the grammar's `compile` throws
   */
  decoderFor(choice: DecoderChoice): Decoder {
    return rejecting(decoderWith(this.#acceptingDecoder, choice, this.model), this.model, this.#rejection);
  }

  /** Whether its texts are the sentences of a grammar, and no others. */
  get hasGrammar(): boolean {
    return this.#decoder.hasGrammar === true;
  }

  /**
   * Speech as it is spoken, from a microphone or a socket: sound is written to it, and events are read from it.
   * @throws PROGRAM_CLOSED, UNKNOWN_SETTING, INVALID_SETTING
   */
  stream({ decoder, ...options }: StreamOptions & { readonly decoder?: Decoder } = {}): RecognizerStream {
    if (this.#isClosed) throw programClosed();
    const { alphabet, stepMs } = this.#ensemble;
    const model = { alphabet, stepMs, openUtterances: this.#session.open.bind(this.#session) };
    const kind = canStream(this.#ensemble)
      ? ({ partials: "as spoken", delayMs: this.model.delayMs } as const)
      : ({ partials: "by utterance", delayMs: undefined } as const);
    return new RecognizerStream({ ...model, ...kind }, () => decoder ?? this.#decoder, options);
  }

  /** Throws what `openSource` throws, and the signal's reason. */
  async transcribe(source: Source, options?: TranscribeOptions): Promise<Transcription> {
    return (await onlyOutcome(this.transcribeAll([source], options))).transcription;
  }

  /**
   * Transcribes many in batches of similar length; a source that cannot be read does not stop the others. A recording
   * of more than 40 s is cut in its pauses where the model needs whole utterances, and a long file is decoded while it is
   * read, so that memory does not grow with its hours; `frames` are taken as they are.
   */
  async *transcribeAll<Kind extends Source>(
    sources: Iterable<Kind> | AsyncIterable<Kind>,
    options: TranscribeOptions = {},
  ): AsyncGenerator<Outcome<Kind>, void> {
    const decoder = options.decoder ?? this.#decoder; // whatever becomes of the grammar meanwhile
    const decode = (emissions: readonly Emission[]) => decodeEmissions(decoder, emissions);
    const { signal, batchFrames, onWords } = options;
    const queue = new LongRecordings(sources);
    const progress = new ProgressOfParts(options.onProgress);
    try {
      for (;;) {
        const own = { signal, batchFrames, onProgress: progress.ofNextPart() };
        for await (const outcome of recordingParts(this.#ensemble, queue.before(), decode, own)) {
          if ("error" in outcome) yield outcome;
          else
            yield {
              source: outcome.source,
              transcription: transcriptionOf(outcome.recording, this.#ensemble),
            };
        }
        const long = queue.take();
        if (!long) return;
        yield await this.#longOutcome(long, decoder, { ...own, onWords, onProgress: progress.ofNextPart() });
      }
    } finally {
      await queue.close();
    }
  }

  async #longOutcome<Kind extends Source>(
    { source, audio }: { readonly source: Kind; readonly audio: AudioStream },
    decoder: Decoder,
    options: TranscribeOptions,
  ): Promise<Outcome<Kind>> {
    try {
      return { source, transcription: await transcribeLong(audio, this.#ensemble, decoder, options) };
    } catch (error) {
      if (!(error instanceof EarshotError) || error === options.signal?.reason) throw error;
      return { source, error };
    }
  }

  /** What the models say of each recording's pieces, log-probabilities [T', V]: what decoders and alignments work on. */
  logProbabilitiesAll<Kind extends Source>(
    sources: Iterable<Kind> | AsyncIterable<Kind>,
    options: TranscribeOptions = {},
  ): AsyncGenerator<RecordingOutcome<Kind, readonly Emission[]>, void> {
    return recordingParts(this.#ensemble, sources, (emissions) => emissions, options);
  }

  /** The transcription by a decoder, its own by default, of what `logProbabilitiesAll` gave. */
  decode(
    { parts, ...recording }: RecordingParts<readonly Emission[]>,
    decoder: Decoder = this.#decoder,
  ): Transcription {
    const decoded = parts.map(({ startMs, part }) => ({ startMs, part: decodeEmissions(decoder, part) }));
    return transcriptionOf({ ...recording, parts: decoded }, this.#ensemble);
  }

  /** Of each piece its text, nothing rejected, and what speaks for it, unless it is empty. */
  evidence({ parts }: RecordingParts<readonly Emission[]>): ReturnType<typeof textWithEvidence>[] {
    return parts.map(({ part }) => textWithEvidence(this.#acceptingDecoder, part));
  }

  /**
   * When each word and each symbol of a known text was said. The text is spelled as transcripts were for training.
   * @param where what errors call the recording
   * @throws IMPOSSIBLE_ALIGNMENT, TOO_LONG_TO_ALIGN, UNKNOWN_SYMBOL, and what `openSource` throws
   */
  async align(source: Source, text: string, where: string, options?: TranscribeOptions): Promise<Alignment> {
    const { recording } = await onlyOutcome(this.logProbabilitiesAll([source], options));
    return alignRecording(recording, text, this.model, where);
  }

  /** Frees memory and threads, so that the process can end. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#session.close();
    await this.#ensemble.close();
  }
}

/** The outcome of one source; its error is thrown. */
async function onlyOutcome<Result extends object>(
  outcomes: AsyncIterable<Result>,
): Promise<Exclude<Result, { error: unknown }>> {
  for await (const outcome of outcomes) {
    if ("error" in outcome) throw outcome.error;
    return outcome as Exclude<Result, { error: unknown }>;
  }
  throw new RangeError("A source without an outcome.");
}

function noModel(): EarshotError {
  return new EarshotError({
    code: "NO_MODEL",
    where: "models",
    problem: "The list of models is empty.",
    remedy: "Give the path of a model file, its bytes, or several of them.",
  });
}
