// Many streams through one program: those that wait while a batch runs are the next batch ("batch dispatch", Amodei et al. 2016,
// Deep Speech 2, section 7.1). Nobody waits for company: the first runs at once, and batches grow with the load. The states of
// streams are gathered for a run and given back after it, so that a stream's logits are those that it has alone.

import { joinBlocks, type Float32Tensor, type TensorData } from "../tensor.ts";
import { gatherUtterances, utteranceOf } from "./batched-states.ts";
import {
  FrameChunkStream,
  withoutEarly,
  zerosFor,
  type RunProgram,
  type StreamingProgram,
} from "./streaming.ts";

/** Frames in, logits out as soon as they are certain; `LogitStream` alone, or one of a dispatch. One call at a time. */
export interface StreamLogits {
  /** The logits [n, V] that these frames [·, F] make certain, n from 0 up. */
  push(frames: Float32Array): Promise<Float32Array>;
  /** The logits [n, V] of the last frames [·, F] and of the steps that waited for later ones. */
  finish(frames?: Float32Array): Promise<Float32Array>;
}

/** More steps of a stream at once keep the others waiting. */
const MOST_STEPS = 64;

/** A stream that waits, and what it waits with. */
interface Waiting {
  readonly chunks: FrameChunkStream;
  states: Readonly<Record<string, TensorData>>;
  /** The logits [n, V] so far. */
  readonly logits: Float32Array[];
  /** Its end has come, so that somebody waits for a final text: it goes first. */
  readonly isLast: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class BatchDispatch {
  readonly #program: StreamingProgram;
  readonly #run: RunProgram;
  readonly #most: number;
  /** Streams that end, and then the others; of each the longest waiting first. */
  #queue: Waiting[] = [];
  #isRunning = false;

  /** @param most streams in a batch */
  constructor(program: StreamingProgram, run: RunProgram, most: number) {
    this.#program = program;
    this.#run = run;
    this.#most = most;
  }

  open(): StreamLogits {
    const chunks = new FrameChunkStream(this.#program);
    let states = Object.fromEntries(
      this.#program.states.map((state) => [state.input, zerosFor(state) as TensorData]),
    );
    const logits = async (isLast: boolean): Promise<Float32Array> => {
      const ready: Float32Array[] = [];
      if (chunks.steps > 0) states = await this.#stepsOf(chunks, states, ready, isLast);
      return joinBlocks(ready);
    };
    return {
      push: (frames) => {
        chunks.push(frames);
        return logits(false);
      },
      finish: (frames) => {
        if (frames) chunks.push(frames);
        chunks.end();
        return logits(true);
      },
    };
  }

  /** Waits until all steps of a stream have been taken. @returns the states after them */
  async #stepsOf(
    chunks: FrameChunkStream,
    states: Waiting["states"],
    logits: Float32Array[],
    isLast: boolean,
  ): Promise<Record<string, TensorData>> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        chunks,
        states,
        logits,
        isLast,
        resolve: () => resolve({ ...waiting.states }),
        reject,
      };
      this.#enqueue(waiting);
      if (!this.#isRunning) void this.#work();
    });
  }

  #enqueue(stream: Waiting): void {
    const before = stream.isLast ? this.#queue.findIndex(({ isLast }) => !isLast) : -1;
    this.#queue.splice(before < 0 ? this.#queue.length : before, 0, stream);
  }

  async #work(): Promise<void> {
    this.#isRunning = true;
    await aTurn(); // what came with the first comes with it
    while (this.#queue.length > 0) {
      const batch = this.#next();
      try {
        await this.#step(batch.streams, batch.steps);
      } catch (error) {
        for (const stream of batch.streams) stream.reject(error);
        continue;
      }
      for (const stream of batch.streams) {
        if (stream.chunks.steps === 0) stream.resolve();
        else this.#enqueue(stream);
      }
      await aTurn(); // those who came while it ran
    }
    this.#isRunning = false;
  }

  /**
   * The one that waits longest, and those that have as many steps, but not twice as many: all of a batch take the same number,
   * and of a network that looks ahead a few steps of each cost nearly as much as many.
   */
  #next(): { readonly streams: readonly Waiting[]; readonly steps: number } {
    const steps = Math.min(this.#queue[0].chunks.steps, MOST_STEPS);
    const isAlike = ({ chunks }: Waiting) =>
      chunks.steps >= steps && (chunks.steps < 2 * steps || steps === MOST_STEPS);
    const streams = this.#queue.filter(isAlike).slice(0, this.#most);
    this.#queue = this.#queue.filter((waiting) => !streams.includes(waiting));
    return { streams, steps };
  }

  async #step(streams: readonly Waiting[], steps: number): Promise<void> {
    const { states, logits } = this.#program;
    const chunks = streams.map((stream) => stream.chunks.take(steps));
    const gather = (tensors: readonly Float32Tensor[], axis: number) => gatherUtterances(tensors, axis);
    const feeds: Record<string, TensorData> = {
      frames: gather(
        chunks.map((chunk) => chunk.frames),
        1,
      ), // [T, B, F]
      mask: gather(
        chunks.map((chunk) => chunk.mask),
        1,
      ), // [T', B, 1]
    };
    for (const { input, shape } of states)
      feeds[input] = gather(
        streams.map((stream) => stream.states[input] as Float32Tensor),
        shape.indexOf("B"),
      );
    const results = await this.#run(feeds);
    for (const [b, stream] of streams.entries()) {
      const own = (name: string, axis: number) => utteranceOf(results[name] as Float32Tensor, axis, b);
      stream.logits.push(withoutEarly(own(logits, 1), chunks[b].early));
      stream.states = Object.fromEntries(
        states.map(({ input, output, shape }) => [input, own(output, shape.indexOf("B"))]),
      );
    }
  }
}

/** Until messages that have arrived have been taken. */
const aTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
