// What an acoustic model is: samples → what the network takes → log-probabilities of symbols, whoever trained it.
// trained-model.ts is our own file, onnx/ what was trained elsewhere; ensemble.ts holds one or several. The
// interface knows nothing of files, engines, decoding or text beyond its alphabet.

import type { Frames } from "../audio/index.ts";
import type { EngineOptions } from "../engine/index.ts";
import type { Warning } from "../errors.ts";
import type { OnnxSource } from "./onnx/load-onnx-model.ts";
import type { Alphabet, TranscriptPolicy } from "../text/index.ts";

/** A recording, or a piece of one, as a model takes it. */
export interface ModelInput {
  /** In hops of `hopMs`: what batches of similar length are packed by. */
  readonly length: number;
  /** `viewCount` of them: with jitter a model takes a recording again for each shift. */
  readonly views: readonly Frames[];
}

export interface AcousticModel {
  readonly alphabet: Alphabet;
  /** How texts are spelled for it: references of a test, texts to be aligned. */
  readonly transcript: TranscriptPolicy;
  /** From one row of log-probabilities to the next. */
  readonly stepMs: number;
  /** From one unit of `ModelInput.length` to the next. */
  readonly hopMs: number;
  /** Length of the least that it makes a frame of: shorter recordings are filled up with silence. */
  readonly windowMs: number;
  /** Views of a recording that `prepare` makes. */
  readonly viewCount: number;
  /** Numbers that training found; 0 where they cannot be counted. */
  readonly parameters: number;
  /** What computes, in a few words for people: "deep-speech, gru, width 384". */
  readonly network?: string;
  /** How far the text of a stream is behind its sound, whatever the machine; absent where the whole utterance is needed. */
  readonly delayMs?: number;
  /** What is worth knowing of the engine: that it stands in for a faster one. */
  readonly warnings: readonly Warning[];
  /** What its file says of decoding: settings that were found best for it, and the bytes of a language model inside. */
  readonly decoding: ModelDecoding;
  /** A silent recording has length 0: normalized silence would be taken for letters. @param samples mono at 16 kHz, in [-1, 1] */
  prepare(samples: Float32Array): ModelInput;
  /**
   * One batch: for each utterance its rows [T', V], natural logarithms, which do not depend on its neighbors.
   * @throws NOT_FINITE
   */
  logProbabilities(batch: readonly ModelInput[]): Promise<Float32Array[]>;
  /** Absent where the model needs the whole utterance before its first row. */
  readonly openStream?: () => AcousticStream;
  /** What another thread opens the same model from; absent of a model that cannot leave its thread. */
  readonly copy?: () => ModelCopy;
  /** Frees the engine's memory and threads; the model cannot run afterwards. */
  close(): Promise<void>;
}

/** Plain data. */
export interface ModelCopy {
  readonly source: Uint8Array | OnnxSource;
  readonly options: ModelOptions;
}

export interface ModelDecoding {
  /** Those who decode check them. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly languageModel?: Uint8Array;
  /** What tells speech from all else. Those who reject check it. */
  readonly rejection?: Readonly<Record<string, unknown>>;
}

/**
 * One recording in pieces of any size: samples in, rows out as soon as no later sample can change them. Its rows are those
 * of the whole recording, silence too: a stream cannot know that no sound will come. One call at a time.
 */
export interface AcousticStream {
  /** @returns [n, V], n from 0 up, natural logarithms. @throws NOT_FINITE */
  push(samples: Float32Array): Promise<Float32Array>;
  /** Ends the recording: the rows that waited for later samples. */
  finish(): Promise<Float32Array>;
}

export type ComputePrecision = "float32" | "int8";

export interface ModelOptions extends EngineOptions {
  /** "auto" by default: the CPU. Others by name: docs/cli.md. */
  readonly engine?: string;
  /** Its network is loaded when it first runs instead of when it is opened: of a model that runs in other threads. */
  readonly loadsLate?: boolean;
  /**
   * What its products are computed in: float32, or bytes (int8), which is faster where the processor multiplies bytes and
   * moves log-probabilities a little. Of a program of ONNX nothing can be chosen.
   */
  readonly precision?: ComputePrecision;
  /** Live streams that run as one batch at most: those that wait while a batch runs. 1: each by itself. */
  readonly streamBatch?: number;
}
