// Which utterances share a batch, and in which order the batches run: by a budget of padded frames, similar lengths
// together. A pure function of its arguments, so that a resumed run meets the same batches.
// It does not know what an utterance is, only how many frames it has.

import { RandomStream } from "../../random.ts";

export interface BatchRequest {
  /** T of each utterance. */
  readonly frames: readonly number[];
  /** Padded frames of a batch, B × T, at most. */
  readonly batchFrames: number;
  /** B at most. */
  readonly maxUtterances: number;
  readonly seed: number;
  readonly epoch: number;
  /** `sorted`: from short to long (SortaGrad, Amodei et al. 2015, section 3.2); `shuffled`: another mix each epoch. */
  readonly order: "sorted" | "shuffled";
  /** Runs the batch with the most padded frames before all others, so that memory fails at once or never. */
  readonly largestFirst?: boolean;
  /** So many batches, one behind the other, hold similar lengths: those of one update. 1 by default. */
  readonly together?: number;
}

/** Lengths are multiplied by 1 ± this before sorting: each epoch mixes neighbors anew, for a little more padding. */
const LENGTH_JITTER = 0.05;

/**
 * Batches as lists of utterance indices. Every utterance is in exactly one; one that alone exceeds the budget is a
 * batch of its own; the last, partial batch is kept.
 */
export function planBatches(request: BatchRequest): number[][] {
  const { seed, epoch } = request;
  const batches = packBatches(orderByLength(request), request);
  const ordered =
    request.order === "sorted"
      ? batches
      : shuffled(batches, new RandomStream(seed, "batch order", epoch), request.together);
  return request.largestFirst ? moveLargestFirst(ordered, request) : ordered;
}

/** Several that belong together stay so; what is left over are the shortest, which come last. */
function shuffled(batches: readonly number[][], random: RandomStream, together = 1): number[][] {
  const left = batches.length % together;
  const groups = Array.from({ length: (batches.length - left) / together }, (_, group) =>
    batches.slice(left + group * together, left + (group + 1) * together),
  );
  return [...random.shuffle(groups).flat(), ...batches.slice(0, left)];
}

/** B × T of a batch once padded. */
export function paddedFrames(batch: readonly number[], frames: readonly number[]): number {
  return batch.length * batch.reduce((longest, index) => Math.max(longest, frames[index]), 0);
}

function orderByLength({ frames, seed, epoch, order }: BatchRequest): number[] {
  const random = new RandomStream(seed, "length jitter", epoch);
  const jitter = order === "sorted" ? 0 : LENGTH_JITTER;
  const keys = frames.map((length) => length * (1 + jitter * (2 * random.uniform() - 1)));
  return frames.map((_, index) => index).toSorted((a, b) => keys[a] - keys[b] || a - b);
}

function packBatches(indices: readonly number[], request: BatchRequest): number[][] {
  const { frames, batchFrames, maxUtterances } = request;
  const batches: number[][] = [];
  let batch: number[] = [];
  let longest = 0;
  for (const index of indices) {
    const padded = (batch.length + 1) * Math.max(longest, frames[index]);
    if (batch.length > 0 && (padded > batchFrames || batch.length >= maxUtterances)) {
      batches.push(batch);
      batch = [];
      longest = 0;
    }
    batch.push(index);
    longest = Math.max(longest, frames[index]);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** With those that it belongs together with, itself before them. */
function moveLargestFirst(
  batches: readonly number[][],
  { frames, together = 1 }: Pick<BatchRequest, "frames" | "together">,
): number[][] {
  const sizes = batches.map((batch) => paddedFrames(batch, frames));
  const largest = sizes.reduce((best, size, index) => (size > sizes[best] ? index : best), 0);
  const first = largest - (largest % together);
  const group = batches.slice(first, first + together).filter((_, index) => first + index !== largest);
  const others = batches.filter((_, index) => index < first || index >= first + together);
  return [...batches.slice(largest, largest + 1), ...group, ...others];
}
