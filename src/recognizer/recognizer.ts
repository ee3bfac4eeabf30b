// Recordings in, text out: the door for whoever has a model and wants to know what was said.
// A long recording is heard piece by piece. It decodes greedily, and knows nothing of manifests, references or training.

import { decodeAudio, resample, SAMPLE_RATE_HZ } from "../audio/index.ts";
import type { Frames } from "../audio/index.ts";
import { greedyDecode } from "../ctc/index.ts";
import { EarshotError } from "../errors.ts";
import type { Warning } from "../errors.ts";
import { AcousticModel, loadModelFile, readModelFile } from "../model/index.ts";
import type { ModelFile, ModelOptions } from "../model/index.ts";
import { BATCH_FRAMES, groupByFrames, packByLength } from "./batches.ts";
import { cutAtPauses } from "./pieces.ts";
import { readRecording } from "./recording.node.ts";

/**
 * What can be transcribed: the path or the bytes of a recording; mono samples in [-1, 1]; or frames that
 * `recognizer.model.features` made (or a cache of them).
 */
export type Source =
  | string
  | Uint8Array
  | { readonly samples: Float32Array; readonly sampleRateHz: number }
  | { readonly frames: Frames };

export interface TranscribeOptions {
  /** Stops between batches by throwing the signal's reason. */
  readonly signal?: AbortSignal;
  /** Padded frames run at once: more is faster until memory is the limit. */
  readonly batchFrames?: number;
  /** Called after every batch. */
  readonly onProgress?: (progress: ListeningProgress) => void;
}

export interface ListeningProgress {
  /** Length of what has been transcribed. */
  readonly seconds: number;
  /** Length of the recordings that have been opened so far, all of them together. */
  readonly ofSeconds: number;
}

export interface Transcription {
  readonly text: string;
  /** What is worth knowing of the recording, such as a missing end. */
  readonly warnings: readonly Warning[];
  /** Length of the recording. */
  readonly seconds: number;
}

/** One source of many, in the order given: its transcription, or why there is none. */
export type Outcome<Kind extends Source = Source> =
  | { readonly source: Kind; readonly transcription: Transcription }
  | { readonly source: Kind; readonly error: EarshotError };

interface Heard {
  /** Computes the frames of each piece in turn: those of an hour are not held at once. */
  readonly pieces: readonly (() => Frames)[];
  readonly warnings: readonly Warning[];
  readonly seconds: number;
}

const SHORT_AUDIO = "SHORT_AUDIO"; // as decodeAudio calls it

type Hearing<Kind extends Source> = { source: Kind; heard: Heard } | { source: Kind; error: EarshotError };

/** A piece of a recording; of one that cannot be read, nothing. */
interface Piece<Kind extends Source> {
  readonly hearing: Hearing<Kind>;
  readonly frames?: Frames;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export class Recognizer {
  readonly model: AcousticModel;

  /** For an open model, such as one in training; `close` closes it. */
  constructor(model: AcousticModel) {
    this.model = model;
  }

  /** @param model the path or the bytes of a model file, or one already read. */
  static async load(model: string | Uint8Array | ModelFile, options?: ModelOptions): Promise<Recognizer> {
    if (typeof model === "string") return Recognizer.load(await loadModelFile(model), options);
    if (model instanceof Uint8Array) return Recognizer.load(readModelFile(model, "model"), options);
    return new Recognizer(await AcousticModel.open(model, options));
  }

  /** Throws RECORDING_NOT_FOUND, UNREADABLE_RECORDING, INVALID_SAMPLES, what `decodeAudio` throws, and the signal's reason. */
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
    let heard: string[] = [];
    for await (const { hearing, text, isLast } of this.#transcribePieces(sources, options)) {
      options.signal?.throwIfAborted();
      heard.push(text);
      if (!isLast) continue;
      if (!isHeard(hearing)) yield hearing;
      else {
        const { warnings, seconds } = hearing.heard;
        yield { source: hearing.source, transcription: { text: this.#join(heard), warnings, seconds } };
      }
      heard = [];
    }
  }

  /** Frees memory and threads, so that the process can end. */
  async close(): Promise<void> {
    await this.model.close();
  }

  /** Each piece with its text, in the order of the recordings. */
  async *#transcribePieces<Kind extends Source>(
    sources: Iterable<Kind> | AsyncIterable<Kind>,
    { signal, batchFrames = BATCH_FRAMES, onProgress }: TranscribeOptions,
  ): AsyncGenerator<Piece<Kind> & { readonly text: string }, void> {
    let [seconds, ofSeconds] = [0, 0];
    for await (const group of groupByFrames(this.#pieces(sources, signal), frameCount)) {
      for (const { hearing, isFirst } of group)
        if (isFirst && isHeard(hearing)) ofSeconds += hearing.heard.seconds;
      const texts = new Map<Piece<Kind>, string>();
      for (const batch of packByLength(group.filter(hasFrames), frameCount, batchFrames)) {
        signal?.throwIfAborted();
        const decoded = await this.#recognize(batch.map(({ frames }) => frames));
        batch.forEach((piece, b) => texts.set(piece, decoded[b]));
        seconds += batch.reduce((sum, { frames }) => sum + this.#secondsOf(frames), 0);
        onProgress?.({ seconds, ofSeconds });
      }
      for (const piece of group) yield { ...piece, text: texts.get(piece) ?? "" };
    }
  }

  async *#pieces<Kind extends Source>(
    sources: Iterable<Kind> | AsyncIterable<Kind>,
    signal?: AbortSignal,
  ): AsyncGenerator<Piece<Kind>, void> {
    for await (const hearing of this.#hearAll(sources, signal)) {
      if (!isHeard(hearing)) yield { hearing, isFirst: true, isLast: true };
      else {
        const { pieces } = hearing.heard;
        for (const [i, frames] of pieces.entries()) {
          signal?.throwIfAborted();
          yield { hearing, frames: frames(), isFirst: i === 0, isLast: i === pieces.length - 1 };
        }
      }
    }
  }

  async *#hearAll<Kind extends Source>(
    sources: Iterable<Kind> | AsyncIterable<Kind>,
    signal?: AbortSignal,
  ): AsyncGenerator<Hearing<Kind>, void> {
    for await (const source of sources) {
      signal?.throwIfAborted();
      try {
        yield { source, heard: await this.#hear(source) };
      } catch (error) {
        if (!(error instanceof EarshotError)) throw error;
        yield { source, error };
      }
    }
  }

  async #hear(source: Source): Promise<Heard> {
    if (typeof source === "string") return this.#hearBytes(await readRecording(source), source);
    if (source instanceof Uint8Array) return this.#hearBytes(source, "recording");
    if ("samples" in source) return this.#hearSamples(await atModelRate(source.samples, source.sampleRateHz));
    return { pieces: [() => source.frames], warnings: [], seconds: this.#secondsOf(source.frames) };
  }

  async #hearBytes(bytes: Uint8Array, where: string): Promise<Heard> {
    const { samples, warnings } = await decodeAudio(bytes, where);
    return this.#hearSamples(samples, warnings);
  }

  #hearSamples(samples: Float32Array, warnings: readonly Warning[] = []): Heard {
    const pieces = cutAtPauses(samples).map((piece) => () => this.#features(piece));
    const seconds = samples.length / SAMPLE_RATE_HZ;
    const told = warnings.some(({ code }) => code === SHORT_AUDIO);
    if (samples.length > 0 || told) return { pieces, warnings, seconds };
    const message = `The recording is shorter than one window of ${this.model.file.features.windowMs} ms.`;
    return { pieces, warnings: [...warnings, { code: SHORT_AUDIO, message }], seconds };
  }

  #features(samples: Float32Array): Frames {
    const silent = samples.every((sample) => sample === 0); // normalized silence would be heard as letters
    return this.model.features(silent ? samples.subarray(0, 0) : samples);
  }

  #secondsOf({ frames }: Frames): number {
    return (frames * this.model.file.features.hopMs) / 1000;
  }

  async #recognize(batch: readonly Frames[]): Promise<string[]> {
    const { alphabet } = this.model.file;
    const { logits, steps } = await this.model.logits(batch);
    const labels = greedyDecode(logits, { steps, symbols: alphabet.size, blank: alphabet.blank });
    return labels.map((indices) => tidy(alphabet.decode(indices)));
  }

  /** The texts of a recording's pieces, which end between words where the alphabet has words. */
  #join(texts: readonly string[]): string {
    const between = this.model.file.alphabet.symbols.includes(" ") ? " " : "";
    return texts.filter((text) => text !== "").join(between);
  }
}

/** A network may put spaces at the ends, or two in a row; error rates do not count them either. */
const tidy = (text: string): string => text.replace(/\s+/gu, " ").trim();

const isHeard = <Kind extends Source>(hearing: Hearing<Kind>): hearing is { source: Kind; heard: Heard } =>
  "heard" in hearing;

const hasFrames = <Kind extends Source>(piece: Piece<Kind>): piece is Piece<Kind> & { frames: Frames } =>
  piece.frames !== undefined;

const frameCount = ({ frames }: Piece<Source>): number => frames?.frames ?? 0;

async function atModelRate(samples: Float32Array, sampleRateHz: number): Promise<Float32Array> {
  if (!samples.every(Number.isFinite))
    throw invalidSamples("Some of the samples are infinite or not numbers.");
  if (!(Number.isInteger(sampleRateHz) && sampleRateHz > 0))
    throw invalidSamples(`The sample rate is ${sampleRateHz} Hz.`);
  return resample(samples, sampleRateHz, SAMPLE_RATE_HZ);
}

function invalidSamples(problem: string): EarshotError {
  return new EarshotError({
    code: "INVALID_SAMPLES",
    where: "samples",
    problem,
    remedy: "Give mono samples in [-1, 1] and the rate at which they were taken.",
  });
}
