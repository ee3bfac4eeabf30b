// The sum of all ranks' gradients, in place: in buckets of some megabytes, since a call for each small array would cost
// more than its numbers do.

import type { Ranks } from "../../platform/index.ts";

export type Gradients = readonly (readonly [weight: string, Float32Array])[];

/** Adds up the gradients of all ranks, or what of them is carried. */
export type SumGradients = (gradients: Gradients) => Promise<void>;

/** 4 MB: a link's delay is little beside the time that such a bucket takes on it. */
export const BUCKET_NUMBERS = 2 ** 20;

/** In full precision. */
export function sumOverRanks(ranks: Ranks, bucketNumbers = BUCKET_NUMBERS): SumGradients {
  const room = new Float32Array(bucketNumbers);
  return async (gradients) => {
    for (const bucket of bucketsOf(gradients, bucketNumbers))
      await throughOneArray(bucket, room, (values) => ranks.sum(values));
  };
}

/** Arrays one after another until a bucket is full; one that is larger is cut. */
export function bucketsOf(gradients: Gradients, bucketNumbers: number): Float32Array[][] {
  const buckets: Float32Array[][] = [];
  let left = 0;
  for (const [, array] of gradients) {
    for (let from = 0; from < array.length;) {
      if (left === 0) {
        buckets.push([]);
        left = bucketNumbers;
      }
      const part = array.subarray(from, from + left);
      buckets.at(-1)!.push(part);
      from += part.length;
      left -= part.length;
    }
  }
  return buckets;
}

/** Works on the arrays as if they were one; a single one is not copied. @param room for all of them, used again and again */
export async function throughOneArray(
  arrays: readonly Float32Array[],
  room: Float32Array,
  work: (values: Float32Array) => Promise<void>,
): Promise<void> {
  if (arrays.length === 1) return work(arrays[0]);
  const all = room.subarray(
    0,
    arrays.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  await work(all);
  at = 0;
  for (const array of arrays) {
    array.set(all.subarray(at, at + array.length));
    at += array.length;
  }
}
