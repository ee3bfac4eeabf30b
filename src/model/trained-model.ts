// Our own model file, ready to run: samples → normalized frames → logits → log-probabilities, with the settings of the
// file and one engine. It knows nothing of paths, decoding or text.

import { padFrames } from "../audio/index.ts";
import type { Frames } from "../audio/index.ts";
import { logProbabilities } from "../ctc/index.ts";
import { openEngine, programClosed } from "../engine/index.ts";
import type { Engine, Program } from "../engine/index.ts";
import { EarshotError, type Warning } from "../errors.ts";
import {
  BatchDispatch,
  describeNetwork,
  inferenceProgram,
  networkContract,
  outputSteps,
  stepMask,
  streamingProgram,
  type StoreWeights,
  type StreamLogits,
} from "../network/index.ts";
import type { Alphabet, TranscriptPolicy } from "../text/index.ts";
import type {
  AcousticModel,
  AcousticStream,
  ModelCopy,
  ModelDecoding,
  ModelInput,
  ModelOptions,
} from "./acoustic-model.ts";
import { writeModelFile, type ModelFile } from "./model-file.ts";
import { frameInput, normalizedFrames } from "./model-frames.ts";
import { canFollowStream, streamDelayMs, TrainedStream } from "./trained-stream.ts";

export interface Logits {
  /** [T', B, V], not normalized; arbitrary after each utterance's own steps. */
  readonly logits: Float32Array;
  /** The valid T' of each utterance, length B. */
  readonly steps: readonly number[];
}

/** Larger batches serve hardly more streams, and each waits longer. */
const STREAM_BATCH = 32;

export class TrainedModel implements AcousticModel {
  /** What it was opened from. */
  readonly file: ModelFile;
  readonly warnings: readonly Warning[];
  readonly viewCount = 1;
  readonly parameters: number;
  readonly openStream?: () => AcousticStream;
  /** The network over whole recordings. */
  #whole: Promise<Program> | undefined;
  readonly #load: (program: Uint8Array) => Promise<Program>;
  /** The network once more, with its states: loaded when a stream first needs it. */
  #streaming: Promise<{ readonly program: Program; readonly dispatch: BatchDispatch }> | undefined;
  readonly #options: ModelOptions;
  readonly #shared: Uint8Array | undefined;
  #isClosed = false;

  private constructor(file: ModelFile, engine: Engine, options: ModelOptions, shared?: Uint8Array) {
    this.file = file;
    this.#options = options;
    this.#shared = shared;
    this.warnings = engine.warnings ?? [];
    this.#load = (bytes) => engine.load(bytes, options);
    if (canFollowStream(file)) this.openStream = () => new TrainedStream(file, () => this.#openLogits());
    this.parameters = Array.from(file.weights.values(), ({ data }) => data.length).reduce(
      (sum, size) => sum + size,
      0,
    );
  }

  /**
   * @param shared the bytes that the file was read from, where threads share them
   * @throws EarshotError UNKNOWN_ENGINE, ENGINE_ABSENT, INVALID_SETTING
   */
  static async open(
    file: ModelFile,
    { engine: name, ...options }: ModelOptions = {},
    shared?: Uint8Array,
  ): Promise<TrainedModel> {
    checkPrecision(options.precision);
    const engine = await openEngine(name);
    const model = new TrainedModel(file, engine, { ...options, engine: name }, shared);
    if (!options.loadsLate) await model.#loaded();
    return model;
  }

  get alphabet(): Alphabet {
    return this.file.alphabet;
  }

  get transcript(): TranscriptPolicy {
    return this.file.transcript;
  }

  get hopMs(): number {
    return this.file.features.hopMs;
  }

  get windowMs(): number {
    return this.file.features.windowMs;
  }

  get stepMs(): number {
    return this.hopMs * networkContract(this.file.architecture).stride;
  }

  get network(): string {
    return describeNetwork(this.file.architecture.network);
  }

  get delayMs(): number | undefined {
    return streamDelayMs(this.file);
  }

  get decoding(): ModelDecoding {
    const { decoder: settings, languageModel, rejection } = this.file;
    return { settings, languageModel, rejection };
  }

  prepare(samples: Float32Array): ModelInput {
    return frameInput(samples, this.file);
  }

  async logProbabilities(batch: readonly ModelInput[]): Promise<Float32Array[]> {
    const { logits, steps } = await this.logits(batch.map(({ views }) => views[0]));
    return logProbabilities(logits, { steps, symbols: this.alphabet.size });
  }

  /** Without the language model, which decoders have; or all that is shared. */
  copy(): ModelCopy {
    const { languageModel: _, ...file } = this.file;
    return { source: this.#shared ?? writeModelFile(file), options: this.#options };
  }

  /** The frames [T, F] that the network was trained on. @param samples mono at 16 kHz, in [-1, 1] */
  features(samples: Float32Array): Frames {
    return normalizedFrames(samples, this.file);
  }

  /** Runs normalized frames as one batch; an utterance's logits do not depend on its neighbors. */
  async logits(batch: readonly Frames[]): Promise<Logits> {
    const { architecture } = this.file;
    const steps = batch.map(({ frames }) => outputSteps(architecture, frames));
    const { frames, T, B, F } = padFrames(batch);
    if (T === 0) return { logits: new Float32Array(0), steps };
    const padded = outputSteps(architecture, T); // T'
    const program = await this.#loaded();
    const outputs = await program.run({
      frames: { type: "float32", dims: [T, B, F], data: frames },
      mask: { type: "float32", dims: [padded, B, 1], data: stepMask(steps, padded) },
    });
    const [logits] = program.outputs; // it has this one output, whatever its name
    return { logits: outputs[logits].data as Float32Array, steps };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const whole = await this.#whole?.catch(() => undefined); // who asked for it has the error
    const streaming = await this.#streaming?.catch(() => undefined);
    await Promise.all([whole?.close(), streaming?.program.close()]);
  }

  async #loaded(): Promise<Program> {
    if (this.#isClosed) throw programClosed();
    const { architecture, weights } = this.file;
    const build = async () => this.#load(inferenceProgram(architecture, weights, await this.#store()));
    this.#whole ??= build();
    return this.#whole;
  }

  async #store(): Promise<StoreWeights | undefined> {
    const { precision = "float32" } = this.#options;
    if (precision === "float32") return undefined;
    const { storedWeights } = await import("./stored-weights.ts");
    return (graph, weights) => storedWeights(graph, weights, precision);
  }

  async #openLogits(): Promise<StreamLogits> {
    if (this.#isClosed) throw programClosed();
    this.#streaming ??= this.#loadStreaming();
    return (await this.#streaming).dispatch.open();
  }

  async #loadStreaming() {
    const { architecture, weights } = this.file;
    const streaming = streamingProgram(architecture, weights, await this.#store());
    const program = await this.#load(streaming.program);
    const dispatch = new BatchDispatch(
      streaming,
      (feeds) => program.run(feeds),
      this.#options.streamBatch ?? STREAM_BATCH,
    );
    return { program, dispatch };
  }
}

/** From plain JavaScript it may be anything. @throws EarshotError INVALID_SETTING */
function checkPrecision(precision: string | undefined): void {
  if (precision === undefined || precision === "float32" || precision === "int8") return;
  throw new EarshotError({
    code: "INVALID_SETTING",
    where: "precision",
    problem: `It is ${JSON.stringify(precision)}; a model computes in "float32" or "int8".`,
    remedy: "Give one of them, or leave it out.",
  });
}
