// One model as it is served, in one state of its file: live streams in one worker, whole files in another, and decoders for
// what clients ask. It lives until it was replaced and its last user has gone.

import { canSpellHotWord, type Decoder } from "../../../ctc/index.ts";
import { openDecodingPlan } from "../../../evaluation/index.ts";
import {
  loadModelFile,
  loadOnnxModel,
  isOnnxPath,
  modelPathOf,
  shareBytes,
  writeModelFile,
  type ModelSource,
} from "../../../model/index.ts";
import { Recognizer } from "../../../recognizer/index.ts";
import type { RecognizerStream, Source, StreamOptions } from "../../../recognizer/index.ts";
import { decoderChoice, type TranscriptionRequest } from "../transcription-request.ts";
import { badRequest } from "../refusal.ts";
import type { FileLimits, FileWorkDone } from "./file-job.ts";
import { FileTranscriber, type FileTranscriberOptions } from "./file-transcriber.ts";

/** Decoders of the last requests are kept: a client asks for the same names each time. */
const KEPT_DECODERS = 16;

/** Of the processor: a decoder that takes more is not made where streams are. */
const DEAREST_MS = 1_000;

const WARMING_SAMPLES = 8_000;

export interface ServedModelOptions extends FileTranscriberOptions {
  /** Live streams that run as one batch at most. */
  readonly streamBatch?: number;
  /** Threads that live streams run in. */
  readonly streamWorkers?: number;
}

export class ServedModel {
  readonly recognizer: Recognizer;
  readonly loadedAt = new Date();
  readonly #files: FileTranscriber;
  readonly #decoders = new Map<string, Decoder>();
  #users = 0;
  #isRetired = false;
  #whenGone: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  private constructor(recognizer: Recognizer, files: FileTranscriber) {
    this.recognizer = recognizer;
    this.#files = files;
  }

  /** Ready when it returns: the file is read once, for both workers. @throws what `Recognizer.load` throws */
  static async open(
    path: string,
    { streamBatch, streamWorkers, fileWorkers, ...options }: ServedModelOptions,
  ): Promise<ServedModel> {
    const source = await readModel(path);
    const decoding = await openDecodingPlan(options.decoding);
    const streams = { streamBatch, streamWorkers, loadsLate: true };
    const recognizer = await Recognizer.load(source, { ...options, ...streams, decoding });
    const files = new FileTranscriber(source, { ...options, fileWorkers });
    try {
      await Promise.all([files.warm(), startStreams(recognizer, streamWorkers)]);
      return new ServedModel(recognizer, files);
    } catch (error) {
      await Promise.all([files.close(), recognizer.close()]);
      throw error;
    }
  }

  /** What stands between words. */
  get separator(): string {
    return this.recognizer.model.alphabet.separator;
  }

  /** For as long as `release` was not called, it is not closed. */
  acquire(): () => void {
    this.#users++;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#users--;
      this.#closeWhenUnused();
    };
  }

  /** No one new will come. @returns when it is closed */
  async retire(): Promise<void> {
    this.#isRetired = true;
    const gone = new Promise<void>((resolve) => (this.#whenGone = resolve));
    this.#closeWhenUnused();
    await gone;
  }

  /** At once, whoever uses it. */
  async close(): Promise<void> {
    this.#closing ??= Promise.all([this.#files.close(), this.recognizer.close()]).then(() => undefined);
    await this.#closing;
    this.#whenGone?.();
  }

  /** The request without hot words that the model cannot spell: clients send names of devices, unasked, in any script. @returns with how many it lacks */
  usable(request: TranscriptionRequest): {
    readonly request: TranscriptionRequest;
    readonly leftOut: number;
  } {
    const { alphabet, transcript } = this.recognizer.model;
    const { hotWordsLeftOut = 0, ...asked } = request;
    const given = Object.entries(asked.hotWords);
    const kept = given.filter(([phrase]) => canSpellHotWord(phrase, alphabet, transcript));
    return {
      request: { ...asked, hotWords: Object.fromEntries(kept) },
      leftOut: hotWordsLeftOut + given.length - kept.length,
    };
  }

  async stream(request: TranscriptionRequest, options: StreamOptions): Promise<RecognizerStream> {
    return this.recognizer.stream({ ...options, decoder: await this.#decoder(request) });
  }

  /** @throws what `transcribe` of `FileTranscriber` throws */
  transcribe(
    source: Source,
    request: TranscriptionRequest,
    signal: AbortSignal,
    limits: FileLimits,
  ): Promise<FileWorkDone> {
    return this.#files.transcribe(source, request, signal, limits);
  }

  async #decoder(request: TranscriptionRequest): Promise<Decoder | undefined> {
    const key = JSON.stringify(request);
    const known = this.#decoders.get(key);
    this.#decoders.delete(key); // re-inserted below: a Map's order is least recently used first
    if (!known && request.grammar !== undefined) await this.#checkCost(request);
    const choice = known ? undefined : await decoderChoice(request);
    const decoder = known ?? (choice && this.recognizer.decoderFor(choice));
    if (!decoder) return undefined;
    this.#decoders.set(key, decoder);
    if (this.#decoders.size > KEPT_DECODERS) this.#decoders.delete(this.#decoders.keys().next().value!);
    return decoder;
  }

  /** A grammar of a few words can be as dear as one of thousands, and all streams would wait for it. @throws Refusal bad_request */
  async #checkCost(request: TranscriptionRequest): Promise<void> {
    if ((await this.#files.tryDecoder(request)) > DEAREST_MS)
      throw badRequest("The grammar takes too long to prepare: make it simpler.", "grammar");
  }

  #closeWhenUnused(): void {
    if (this.#isRetired && this.#users === 0) void this.close();
  }
}

/** Read once: all threads share its weights. Of a program in ONNX each has its own. */
async function readModel(given: string): Promise<ModelSource> {
  const path = await modelPathOf(given);
  return isOnnxPath(path) ? loadOnnxModel(path) : shareBytes(writeModelFile(await loadModelFile(path)));
}

/** Their worker starts with the first stream, and the network with the first sound in it. */
async function startStreams(recognizer: Recognizer, workers = 1): Promise<void> {
  const sound = Float32Array.from({ length: WARMING_SAMPLES }, (_, n) => 0.001 * Math.sin(n * n));
  const streams = Array.from({ length: workers }, () =>
    recognizer.stream({ endpoints: { detector: "none" } }),
  );
  await Promise.all(streams.map((stream) => stream.write(sound)));
  for (const stream of streams) {
    await stream.finish();
    await stream.close();
  }
}
