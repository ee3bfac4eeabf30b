// Recordings in, text out: the door for whoever has a model and wants to know what was said.
// It decodes greedily, and knows nothing of manifests, references or training.

import { decodeAudio, resample, SAMPLE_RATE_HZ } from "../audio/index.ts";
import type { Frames } from "../audio/index.ts";
import { greedyDecode } from "../ctc/index.ts";
import { EarshotError } from "../errors.ts";
import type { Warning } from "../errors.ts";
import { AcousticModel, loadModelFile, readModelFile } from "../model/index.ts";
import type { ModelFile, ModelOptions } from "../model/index.ts";
import { BATCH_FRAMES, groupByFrames, packByLength } from "./batches.ts";
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
  readonly frames: Frames;
  readonly warnings: readonly Warning[];
  readonly seconds: number;
}

const SHORT_AUDIO = "SHORT_AUDIO"; // as decodeAudio calls it

type Hearing<Kind extends Source> = { source: Kind; heard: Heard } | { source: Kind; error: EarshotError };

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
  async transcribe(source: Source, { signal }: TranscribeOptions = {}): Promise<Transcription> {
    signal?.throwIfAborted();
    const { frames, warnings, seconds } = await this.#hear(source);
    signal?.throwIfAborted();
    const [text] = await this.#recognize([frames]);
    signal?.throwIfAborted();
    return { text, warnings, seconds };
  }

  /** Transcribes many in batches of similar length; a source that cannot be read does not stop the others. */
  async *transcribeAll<Kind extends Source>(
    sources: Iterable<Kind> | AsyncIterable<Kind>,
    { signal, batchFrames = BATCH_FRAMES }: TranscribeOptions = {},
  ): AsyncGenerator<Outcome<Kind>, void> {
    for await (const group of groupByFrames(this.#hearAll(sources, signal), frameCount)) {
      const texts = new Map<Hearing<Kind>, string>();
      for (const batch of packByLength(group.filter(isHeard<Kind>), frameCount, batchFrames)) {
        signal?.throwIfAborted();
        const decoded = await this.#recognize(batch.map(({ heard }) => heard.frames));
        batch.forEach((hearing, b) => texts.set(hearing, decoded[b]));
      }
      for (const hearing of group) {
        signal?.throwIfAborted();
        if (!isHeard(hearing)) yield hearing;
        else {
          const { warnings, seconds } = hearing.heard;
          yield { source: hearing.source, transcription: { text: texts.get(hearing)!, warnings, seconds } };
        }
      }
    }
  }

  /** Frees memory and threads, so that the process can end. */
  async close(): Promise<void> {
    await this.model.close();
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
    const { frames } = source;
    return { frames, warnings: [], seconds: (frames.frames * this.model.file.features.hopMs) / 1000 };
  }

  async #hearBytes(bytes: Uint8Array, where: string): Promise<Heard> {
    const { samples, warnings } = await decodeAudio(bytes, where);
    return this.#hearSamples(samples, warnings);
  }

  #hearSamples(samples: Float32Array, warnings: readonly Warning[] = []): Heard {
    const silent = samples.every((sample) => sample === 0); // normalized silence would be heard as letters
    const frames = this.model.features(silent ? samples.subarray(0, 0) : samples);
    const seconds = samples.length / SAMPLE_RATE_HZ;
    if (silent && samples.length > 0) return { frames, warnings, seconds };
    const told = warnings.some(({ code }) => code === SHORT_AUDIO);
    if (frames.frames > 0 || told) return { frames, warnings, seconds };
    const message = `The recording is shorter than one window of ${this.model.file.features.windowMs} ms.`;
    return { frames, warnings: [...warnings, { code: SHORT_AUDIO, message }], seconds };
  }

  async #recognize(batch: readonly Frames[]): Promise<string[]> {
    const { alphabet } = this.model.file;
    const { logits, steps } = await this.model.logits(batch);
    const labels = greedyDecode(logits, { steps, symbols: alphabet.size, blank: alphabet.blank });
    return labels.map((indices) => tidy(alphabet.decode(indices)));
  }
}

/** A network may put spaces at the ends, or two in a row; error rates do not count them either. */
const tidy = (text: string): string => text.replace(/\s+/gu, " ").trim();

const isHeard = <Kind extends Source>(hearing: Hearing<Kind>): hearing is { source: Kind; heard: Heard } =>
  "heard" in hearing;

const frameCount = (hearing: Hearing<Source>): number => (isHeard(hearing) ? hearing.heard.frames.frames : 0);

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
