// A network over a stream: the program that takes a chunk of frames and the states before it and gives logits and the
// states after it, and what cuts a stream of frames into such chunks. Whatever the chunks, the logits are those of the
// whole utterance. Knows no engine: the caller passes what runs the program.

import { Graph, shiftDimension, strideDimension, writeOnnx, type Tensor } from "../graph/index.ts";
import { elementCount, type Float32Tensor, joinBlocks, type TensorData } from "../tensor.ts";
import { networkFor, streamContract, type Architecture, type StreamContract } from "./architecture.ts";
import { buildNetwork, type IntermediateHeads } from "./build-network.ts";
import { fixedLayers } from "./layer-contexts.ts";
import type { LayerContext, NetworkInputs, NetworkResults, StateShape, Weights } from "./network.ts";
import { asConstants, type StoreWeights } from "./programs.ts";

/** A state as the program has it: an input, zeros at the start of an utterance, and an output. */
export interface StreamingState extends StateShape {
  readonly input: string;
  readonly output: string;
}

export interface StreamingProgram {
  /**
   * ONNX; inputs `frames` [T + lookAhead, B, F], for T a multiple of the stride, `mask` [T' + ⌊lookAhead / stride⌋, B, 1]
   * and the states; outputs the logits [T', B, V] and the states.
   */
  readonly program: Uint8Array;
  /** The name of the output. */
  readonly logits: string;
  readonly states: readonly StreamingState[];
  readonly stride: number;
  /** In frames. */
  readonly lookAhead: number;
  /** The logits of a chunk are those of so many steps before. */
  readonly delaySteps: number;
  /** F, numbers in a feature frame. */
  readonly features: number;
}

/** @throws EarshotError NEEDS_WHOLE_UTTERANCE when the network cannot follow a stream; UNKNOWN_NETWORK */
export function streamingProgram(
  architecture: Architecture,
  weights: Weights,
  store: StoreWeights = asConstants,
): StreamingProgram {
  const graph = new Graph();
  const { weight, finish } = store(graph, weights);
  const layers = fixedLayers(weight);
  const { delayed } = networkFor(architecture);
  const contract = delayed ?? streamContract(architecture);
  const built = buildChunk(contract, graph, architecture, (inputs) =>
    buildNetwork(architecture, layers, inputs, { count: 0 }, delayed),
  );
  const { stride, lookAhead } = built;
  const logits = graph.output(built.logits).name;
  const states = stateOutputs(built);
  finish();
  const program = writeOnnx(graph, `${architecture.network.name}/streaming`);
  const delaySteps = delayed?.delaySteps ?? 0;
  return { program, logits, states, stride, lookAhead, delaySteps, features: architecture.features };
}

/** A network on a graph, for a chunk of a stream. */
export interface BuiltStream extends Pick<StreamingProgram, "stride" | "lookAhead"> {
  /** [T', B, V] */
  readonly logits: Tensor;
  readonly states: readonly (StateShape & { readonly before: Tensor; readonly after: Tensor })[];
}

/** @throws EarshotError NEEDS_WHOLE_UTTERANCE when the network cannot follow a stream; UNKNOWN_NETWORK */
export function buildForStream(
  graph: Graph,
  architecture: Architecture,
  layers: LayerContext,
  heads?: IntermediateHeads,
): BuiltStream {
  return buildChunk(streamContract(architecture), graph, architecture, (inputs) =>
    buildNetwork(architecture, layers, inputs, heads),
  );
}

function buildChunk(
  { stride, lookAhead, states }: StreamContract,
  graph: Graph,
  architecture: Architecture,
  build: (inputs: NetworkInputs) => NetworkResults,
): BuiltStream {
  const steps = shiftDimension(strideDimension("T", stride), Math.floor(lookAhead / stride));
  const inputs = {
    frames: graph.input("frames", "float32", [shiftDimension("T", lookAhead), "B", architecture.features]),
    mask: graph.input("mask", "float32", [steps, "B", 1]),
    states: states.map((state) => graph.input(`state/${state.name}`, "float32", state.shape)),
  };
  const results = build(inputs);
  const handedOn = states.map((state, i) => {
    return { ...state, before: inputs.states[i], after: results.states[i] };
  });
  return { logits: results.logits, states: handedOn, stride, lookAhead };
}

/** Makes the states outputs of the program. */
export const stateOutputs = ({ states, logits: { graph } }: BuiltStream): StreamingState[] =>
  states.map(({ before, after, ...state }) => {
    return { ...state, input: before.name, output: graph.output(after).name };
  });

/** Frames for one run of a streaming program, of one utterance. */
export interface FrameChunk {
  /** [steps · stride + lookAhead, 1, F]; zeros beyond the end of the utterance. */
  readonly frames: Float32Tensor;
  /** [steps + ⌊lookAhead / stride⌋, 1, 1]; 0 where a step's own frame is beyond the end of the utterance. */
  readonly mask: Float32Tensor;
  readonly steps: number;
  /** So many of its logits, the first ones, belong to no step of the utterance. */
  readonly early: number;
}

type ChunkShape = Pick<StreamingProgram, "stride" | "lookAhead" | "delaySteps" | "features">;

/** Cuts one utterance's frames, which come in pieces of any size, into chunks of whole steps. */
export class FrameChunkStream {
  readonly #shape: ChunkShape;
  /** Frames that no step has consumed yet, those looked ahead to included. [n, F] */
  #waiting: Float32Array = new Float32Array(0);
  #isEnded = false;
  /** Of the steps that logits are behind: those that have not been taken before the first step, and behind the last. */
  #before: number;
  #behind = 0;

  constructor(shape: ChunkShape) {
    this.#shape = shape;
    this.#before = shape.delaySteps;
  }

  /** @param frames [n, F] */
  push(frames: Float32Array): void {
    this.#waiting = joinBlocks([this.#waiting, frames]);
  }

  /** The frames that steps still wait for do not come: zeros stand for them, as beyond the end of a recording. */
  end(): void {
    this.#isEnded = true;
    this.#behind = this.#shape.delaySteps;
  }

  /** Steps that can be taken. */
  get steps(): number {
    const { stride, lookAhead } = this.#shape;
    const steps = this.#isEnded ? this.#inside + this.#behind : Math.floor((this.#held - lookAhead) / stride);
    return Math.max(0, steps);
  }

  /** @param steps at most those that can be taken, one at least */
  take(steps: number): FrameChunk {
    const { stride, lookAhead, features } = this.#shape;
    const marks = new Float32Array(steps + Math.floor(lookAhead / stride)).fill(1, 0, this.#inside);
    const length = steps * stride + lookAhead;
    const data = withZeros(this.#waiting, length * features);
    const early = Math.min(steps, this.#before);
    this.#before -= early;
    this.#behind -= Math.max(0, steps - this.#inside);
    this.#waiting = this.#waiting.subarray(steps * stride * features);
    return {
      frames: { type: "float32", dims: [length, 1, features], data },
      mask: { type: "float32", dims: [marks.length, 1, 1], data: marks },
      steps,
      early,
    };
  }

  get #held(): number {
    return this.#waiting.length / this.#shape.features;
  }

  /** Steps whose own frame is there. */
  get #inside(): number {
    return Math.ceil(this.#held / this.#shape.stride);
  }
}

/** What runs a program that is loaded, such as `Program.run` of an engine. */
export type RunProgram = (
  feeds: Readonly<Record<string, TensorData>>,
) => Promise<Readonly<Record<string, TensorData>>>;

/** One utterance alone through a streaming program: frames in, logits out as soon as they are certain. One call at a time. */
export class LogitStream {
  readonly #program: StreamingProgram;
  readonly #run: RunProgram;
  readonly #chunks: FrameChunkStream;
  #states: Record<string, TensorData>;

  constructor(program: StreamingProgram, run: RunProgram) {
    this.#program = program;
    this.#run = run;
    this.#chunks = new FrameChunkStream(program);
    this.#states = Object.fromEntries(program.states.map((state) => [state.input, zerosFor(state)]));
  }

  /** The logits [n, V] that these frames [·, F] make certain, n from 0 up. */
  push(frames: Float32Array): Promise<Float32Array> {
    this.#chunks.push(frames);
    return this.#logits();
  }

  /** The logits [n, V] of the last frames [·, F] and of the steps that waited for later ones. */
  finish(frames?: Float32Array): Promise<Float32Array> {
    if (frames) this.#chunks.push(frames);
    this.#chunks.end();
    return this.#logits();
  }

  async #logits(): Promise<Float32Array> {
    if (this.#chunks.steps === 0) return new Float32Array(0);
    const { frames, mask, early } = this.#chunks.take(this.#chunks.steps);
    const results = await this.#run({ frames, mask, ...this.#states });
    const { states, logits } = this.#program;
    this.#states = Object.fromEntries(states.map(({ input, output }) => [input, results[output]]));
    return withoutEarly(results[logits] as Float32Tensor, early);
  }
}

/** What belongs to steps of the utterance. @param logits [n, 1, V] @returns [n - early, V] */
export const withoutEarly = ({ data, dims }: Float32Tensor, early: number): Float32Array =>
  early === 0 ? data : data.subarray(early * dims[2]);

/** The state of so many utterances before their first frame. */
export function zerosFor({ shape }: StateShape, utterances = 1): Float32Tensor {
  const dims = shape.map((size) => (size === "B" ? utterances : size));
  return { type: "float32", dims, data: new Float32Array(elementCount(dims)) };
}

/** The first `length` numbers, no copy of them; zeros where there are fewer. */
function withZeros(data: Float32Array, length: number): Float32Array {
  if (data.length >= length) return data.subarray(0, length);
  const filled = new Float32Array(length);
  filled.set(data);
  return filled;
}
