// One recording walked through a network: what is there at every stage, from samples to text. The stages are those of
// the recognizer, computed by the same functions; only the program is another, which also gives what the layers give. Which
// layers there are the network says itself (network/layer-values.ts). Knows nothing of pictures.

import { frameValues, SAMPLE_RATE_HZ, type Frames, type FrameValue } from "../audio/index.ts";
import {
  BeamDecoder,
  greedyDecodeWithStarts,
  logProbabilities,
  type BeamStep,
  type DecoderInput,
} from "../ctc/index.ts";
import { openEngine, type Program } from "../engine/index.ts";
import { frameInput, type ModelFile, type ModelOptions } from "../model/index.ts";
import {
  describeNetwork,
  layerValuesProgram,
  networkContract,
  outputSteps,
  stepMask,
  type FrameContext,
  type LayerOutputs,
  type NetworkSettings,
} from "../network/index.ts";
import type { Alphabet } from "../text/index.ts";
import { layerWalk, type LayerWalk } from "./layer-walk.ts";

export interface WalkOptions {
  /** Of the beam search; the model's own where nothing is said. */
  readonly decoder?: DecoderInput;
  /** Texts that are given of each step of the beam. */
  readonly texts?: number;
}

/** Dimensions: T frames of F numbers, T' steps of the network, V symbols with the blank. */
export interface Walk {
  /** Mono, 16 kHz, in [-1, 1]. */
  readonly samples: Float32Array;
  /** Normalized, as the network gets them. [T, F] */
  readonly frames: Frames;
  readonly steps: number;
  /** What the layers gave, in the order in which they were computed; empty where the network records none. */
  readonly layers: readonly LayerWalk[];
  /** Natural logarithms. [T', V] */
  readonly logProbabilities: Float32Array;
  /** The likeliest symbol of each step. [T'] */
  readonly bestPath: Int32Array;
  /** Of the best path, repeats and blanks taken out: its text, and the step where each of its symbols begins. */
  readonly greedyText: string;
  readonly starts: Int32Array;
  /** What is in the beam after each step. [T'] */
  readonly beam: readonly BeamStep[];
  /** The text that the beam search found. */
  readonly text: string;
}

export class Walkthrough {
  readonly alphabet: Alphabet;
  /** In a few words: "deep-speech, gru, width 224". */
  readonly network: string;
  /** Its name and its settings, as the model file has them. */
  readonly settings: NetworkSettings;
  readonly parameters: number;
  readonly hopMs: number;
  readonly windowMs: number;
  /** From one row of probabilities to the next. */
  readonly stepMs: number;
  /** Frames of a step. */
  readonly stride: number;
  /** Frames about its own that a step sees before anything recurs or attends; absent where the network does not say. */
  readonly context?: FrameContext;
  /** What each number of a frame is. [F] */
  readonly frameValues: readonly FrameValue[];
  readonly #file: ModelFile;
  readonly #program: Program;
  readonly #logits: string;
  readonly #layers: readonly LayerOutputs[];

  private constructor(
    file: ModelFile,
    program: Program,
    { logits, layers }: { readonly logits: string; readonly layers: readonly LayerOutputs[] },
  ) {
    const { stride, context } = networkContract(file.architecture);
    this.#file = file;
    this.#program = program;
    this.#logits = logits;
    this.#layers = layers;
    this.alphabet = file.alphabet;
    this.settings = file.architecture.network;
    this.network = describeNetwork(file.architecture.network);
    this.parameters = [...file.weights.values()].reduce((sum, { data }) => sum + data.length, 0);
    this.hopMs = file.features.hopMs;
    this.windowMs = file.features.windowMs;
    this.stepMs = this.hopMs * stride;
    this.stride = stride;
    this.context = context;
    this.frameValues = frameValues(file.features);
  }

  /** @throws EarshotError UNKNOWN_ENGINE, ENGINE_ABSENT */
  static async open(file: ModelFile, { engine: name, ...options }: ModelOptions = {}): Promise<Walkthrough> {
    const { program: bytes, ...outputs } = layerValuesProgram(file.architecture, file.weights);
    const engine = await openEngine(name);
    return new Walkthrough(file, await engine.load(bytes, options), outputs);
  }

  /**
   * Of a silent recording there are no frames, as everywhere.
   * @param samples mono at 16 kHz, in [-1, 1]
   * @throws UNKNOWN_SETTING, INVALID_SETTING, NOT_FINITE
   */
  async walk(samples: Float32Array, { decoder = {}, texts = 5 }: WalkOptions = {}): Promise<Walk> {
    const { alphabet } = this;
    const search = new BeamDecoder(alphabet, { ...this.#file.decoder, ...decoder });
    const [frames] = frameInput(samples, this.#file).views;
    const steps = outputSteps(this.#file.architecture, frames.frames);
    const results = steps > 0 ? await this.#run(frames, steps) : undefined;
    const logits = (results?.[this.#logits].data ?? new Float32Array(0)) as Float32Array;
    const [rows] = logProbabilities(logits, { steps: [steps], symbols: alphabet.size });
    const batch = { steps: [steps], symbols: alphabet.size, blank: alphabet.blank };
    const [{ labels, starts }] = greedyDecodeWithStarts(rows, batch);
    return {
      samples,
      frames,
      steps,
      layers: results ? this.#layers.map((layer) => layerWalk(layer, results)) : [],
      logProbabilities: rows,
      bestPath: likeliestSymbols(rows, alphabet.size),
      greedyText: alphabet.decode(labels),
      starts,
      beam: search.steps(rows, texts),
      text: search.decode(rows)[0].text,
    };
  }

  #run({ data, frames, size }: Frames, steps: number): ReturnType<Program["run"]> {
    return this.#program.run({
      frames: { type: "float32", dims: [frames, 1, size], data },
      mask: { type: "float32", dims: [steps, 1, 1], data: stepMask([steps], steps) },
    });
  }

  async close(): Promise<void> {
    await this.#program.close();
  }
}

function likeliestSymbols(rows: Float32Array, symbols: number): Int32Array {
  return Int32Array.from({ length: rows.length / symbols }, (_, t) => {
    const row = rows.subarray(t * symbols, (t + 1) * symbols);
    return row.reduce((best, value, k) => (value > row[best] ? k : best), 0);
  });
}

/** Of the samples that a walk was made of. */
export const secondsOf = ({ samples }: Pick<Walk, "samples">): number => samples.length / SAMPLE_RATE_HZ;
