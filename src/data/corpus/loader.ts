// Batches ready for the train step, made a few ahead so that the step never waits. Padding is zeros, and every batch
// carries the lengths that separate padding from speech. It does not know where features come from.

import { EarshotError } from "../../errors.ts";
import { padFrames, type Frames, type PaddedFrames } from "../../audio/index.ts";

export interface Batch extends PaddedFrames {
  /** Place in the epoch, from 0. */
  readonly position: number;
  /** Symbols of each utterance, length B. */
  readonly labels: readonly Int32Array[];
  /** Each utterance's index in its corpus, length B. */
  readonly indices: readonly number[];
  /** Audio of all utterances together, padding not counted. */
  readonly seconds: number;
  /** How long the consumer waited for this batch. */
  readonly waitedMs: number;
}

/** One utterance as a batch takes it. */
export interface Sample {
  /** [T, F], normalized and masked. */
  readonly frames: Frames;
  readonly labels: Int32Array;
  readonly seconds: number;
}

export interface LoadRequest {
  /** Utterance indices of each batch. */
  readonly plan: readonly (readonly number[])[];
  readonly load: (index: number, signal: AbortSignal) => Promise<Sample>;
  /** First batch of the plan to give; 0 by default. */
  readonly from?: number;
  /** Which batches to give, by their positions; all by default. */
  readonly takes?: (position: number) => boolean;
  /** Called with an utterance that cannot be loaded, which its batch then goes without; by default its error ends the epoch. */
  readonly onLost?: OnLost;
  /** Batches made ready ahead. */
  readonly prefetch: number;
  readonly signal?: AbortSignal;
  /** Milliseconds of a steady clock. */
  readonly clock: () => number;
}

export type OnLost = (index: number, error: Error) => void;

/** Gives the batches of a plan in order. Leaving the loop early cancels what is under way. */
export async function* loadBatches(request: LoadRequest): AsyncGenerator<Batch, void, undefined> {
  const { plan, from = 0, takes = () => true, prefetch, clock } = request;
  const positions = [...plan.keys()].filter((position) => position >= from && takes(position));
  const stop = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, stop.signal]) : stop.signal;
  const ahead: Promise<Omit<Batch, "waitedMs">>[] = [];
  let next = 0;
  const fill = (): void => {
    while (next < positions.length && ahead.length <= prefetch) {
      const position = positions[next];
      const batch = makeBatch(plan[position], position, request, signal);
      batch.catch(() => undefined); // reported when its turn comes
      ahead.push(batch);
      next++;
    }
  };
  try {
    fill();
    while (ahead.length > 0) {
      const start = clock();
      const batch = await ahead[0];
      signal.throwIfAborted();
      ahead.shift();
      fill();
      yield { ...batch, waitedMs: clock() - start };
    }
  } finally {
    stop.abort();
  }
}

async function makeBatch(
  indices: readonly number[],
  position: number,
  request: LoadRequest,
  signal: AbortSignal,
): Promise<Omit<Batch, "waitedMs">> {
  const loaded = await Promise.all(indices.map((index) => loadOne(index, request, signal)));
  const there = indices.filter((_, i) => loaded[i]);
  const samples = loaded.filter((sample) => sample !== undefined);
  return {
    position,
    ...padFrames(samples.map((sample) => sample.frames)),
    labels: samples.map((sample) => sample.labels),
    indices: there,
    seconds: samples.reduce((sum, sample) => sum + sample.seconds, 0),
  };
}

async function loadOne(
  index: number,
  { load, onLost }: LoadRequest,
  signal: AbortSignal,
): Promise<Sample | undefined> {
  try {
    return await load(index, signal);
  } catch (error) {
    if (!onLost || signal.aborted || !(error instanceof EarshotError)) throw error;
    onLost(index, error);
    return undefined;
  }
}
