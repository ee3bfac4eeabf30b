// The gradient of a batch of long recordings in the memory of one segment: forward from segment to segment, states handed
// on; the loss over all steps, so that texts need no cutting; then each segment once more, for its gradient. States are
// zero at the start of every recording, and none outlives the batch: nothing crosses from one recording to another.

import type { Program } from "../../engine/index.ts";
import { stepMask, zerosFor, type Weights } from "../../network/index.ts";
import { elementCount, type Float32Tensor, type TensorData } from "../../tensor.ts";
import { maskProgram } from "./mask-program.ts";
import { dropoutFeeds, takenBy, utteranceSteps, type DropoutPlace } from "./step-feeds.ts";
import type { SegmentPrograms } from "./segment-programs.ts";
import type { StepBatch, StepPlan } from "./step-plan.ts";

type Feeds = Readonly<Record<string, TensorData>>;

export interface SegmentedGradient {
  readonly losses: Float64Array;
  readonly gradients: (readonly [weight: string, Float32Array])[];
  /** What batch normalization measured in each segment. */
  readonly statistics: readonly Feeds[];
}

/** The loss of each utterance and the gradient at the logits [T', B, V]. */
type LossOf = (logits: Float32Tensor) => { readonly losses: Float64Array; readonly upstream: Float32Tensor };

interface Segment {
  /** T, frames that are new. */
  readonly frames: number;
  /** The first step and the one after the last. */
  readonly steps: readonly [first: number, end: number];
  readonly feeds: Feeds;
}

export class SegmentedStep {
  readonly #plan: StepPlan & { readonly segments: SegmentPrograms };
  readonly #drawMask = maskProgram();
  readonly #forward: Program;
  readonly #backward: Program;

  private constructor(
    plan: StepPlan & { readonly segments: SegmentPrograms },
    [forward, backward]: readonly Program[],
  ) {
    this.#plan = plan;
    this.#forward = forward;
    this.#backward = backward;
  }

  /** @returns undefined where the plan has no segments */
  static async open(
    { segments, ...plan }: StepPlan,
    load: (program: Uint8Array) => Promise<Program>,
  ): Promise<SegmentedStep | undefined> {
    if (!segments) return undefined;
    const forward = await load(segments.forward);
    const backward = await load(segments.backward).catch(async (error: unknown) => {
      await forward.close();
      throw error;
    });
    return new SegmentedStep({ ...plan, segments }, [forward, backward]);
  }

  /** Whether a batch is longer than a segment. */
  takes({ T }: StepBatch): boolean {
    return T > this.#plan.segments.frames;
  }

  async gradient(
    batch: StepBatch,
    weights: Weights,
    lossOf: LossOf,
    place: DropoutPlace,
  ): Promise<SegmentedGradient> {
    const { segments } = this.#plan;
    const all = segmentsOf(batch, segments).map((segment, i) => ({
      ...segment,
      feeds: { ...segment.feeds, ...Object.fromEntries(weights), ...this.#dropout(segment, batch, place, i) },
    }));
    const { logits, states } = await this.#goForward(all, batch.B);
    const { losses, upstream } = lossOf(logits);
    const gradients: [string, Float32Array][] = [];
    const statistics: Feeds[] = [];
    for (const [i, { feeds, steps }] of all.entries()) {
      const known = { ...feeds, ...states[i], upstream: stepsOf(upstream, steps) };
      const results = await this.#backward.run(takenBy(this.#backward, known));
      addGradients(gradients, segments.gradients, results);
      statistics.push(this.#statistics(results));
    }
    return { losses, gradients, statistics };
  }

  /** The logits of all steps, and the states before each segment. */
  async #goForward(all: readonly Segment[], B: number): Promise<{ logits: Float32Tensor; states: Feeds[] }> {
    const { segments } = this.#plan;
    const logits: TensorData[] = [];
    const states: Feeds[] = [];
    let before: Feeds = Object.fromEntries(segments.states.map((state) => [state.input, zerosFor(state, B)]));
    for (const segment of all) {
      states.push(before);
      const results = await this.#forward.run(takenBy(this.#forward, { ...segment.feeds, ...before }));
      logits.push(results[segments.logits]);
      before = Object.fromEntries(segments.states.map(({ input, output }) => [input, results[output]]));
    }
    return { logits: joinedSteps(logits), states };
  }

  /** What batch normalization measured, by the names that the program for whole recordings has. */
  #statistics(results: Feeds): Feeds {
    const { segments, programs } = this.#plan;
    const outputs = new Map(segments.followed.map(({ weight, output }) => [weight, output]));
    const named = programs.followed.map(
      ({ weight, output }) => [output, results[outputs.get(weight)!]] as const,
    );
    return Object.fromEntries(named);
  }

  /** Drawn for each segment, and the same on both ways through it. */
  #dropout({ frames }: Segment, { B }: StepBatch, place: DropoutPlace, segment: number): Feeds {
    const { segments, seed } = this.#plan;
    return dropoutFeeds(
      { T: frames, B },
      { programs: segments, seed },
      { ...place, segment },
      this.#drawMask,
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.#forward.close(), this.#backward.close()]);
  }
}

/** The batch cut along its time; zeros beyond its end. */
function segmentsOf(batch: StepBatch, segments: SegmentPrograms): Segment[] {
  const { T, B, F } = batch;
  const { stride, lookAhead } = segments;
  const longest = Math.ceil(T / stride);
  const mask = stepMask(utteranceSteps(batch, segments), longest);
  const cut = (data: Float32Array, from: number, rows: number, width: number): Float32Tensor => {
    const part = new Float32Array(rows * B * width);
    part.set(data.subarray(from * B * width, (from + rows) * B * width));
    return { type: "float32", dims: [rows, B, width], data: part };
  };
  return Array.from({ length: Math.ceil(T / segments.frames) }, (_, i) => {
    const first = (i * segments.frames) / stride;
    const end = Math.min(longest, first + segments.frames / stride);
    const frames = (end - first) * stride;
    const feeds = {
      frames: cut(batch.frames, first * stride, frames + lookAhead, F),
      mask: cut(mask, first, end - first + Math.floor(lookAhead / stride), 1),
    };
    return { frames, steps: [first, end], feeds };
  });
}

/** One segment behind the other. [T', …] */
function joinedSteps(parts: readonly TensorData[]): Float32Tensor {
  const [, ...rest] = parts[0].dims;
  const steps = parts.reduce((sum, { dims }) => sum + dims[0], 0);
  const dims = [steps, ...rest];
  const data = new Float32Array(elementCount(dims));
  let at = 0;
  for (const part of parts) {
    data.set(part.data as Float32Array, at);
    at += part.data.length;
  }
  return { type: "float32", dims, data };
}

/** A part of a tensor along its first axis. */
function stepsOf({ dims: [, ...rest], data }: Float32Tensor, [first, end]: Segment["steps"]): Float32Tensor {
  const size = elementCount(rest);
  return { type: "float32", dims: [end - first, ...rest], data: data.slice(first * size, end * size) };
}

/** Adds a segment's gradients to those before, in the arrays of the first. */
function addGradients(
  sums: [string, Float32Array][],
  names: SegmentPrograms["gradients"],
  results: Feeds,
): void {
  for (const [i, [weight, output]] of names.entries()) {
    const gradient = results[output].data as Float32Array;
    if (!sums[i]) sums.push([weight, gradient]);
    else for (let j = 0; j < gradient.length; j++) sums[i][1][j] += gradient[j];
  }
}
