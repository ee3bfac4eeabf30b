// The sum of all ranks' gradients in half the bytes: each number crosses in half precision, and what rounding took from it
// is added to the next step's (error feedback; Seide et al. 2014, 1-bit SGD, section 3.2). Each rank adds up one part of
// the numbers in full precision and gives all ranks the sum in half precision again.

import type { Ranks } from "../../platform/index.ts";
import { halfPacker, packedBytes, type HalfPacker } from "./half-program.ts";
import {
  BUCKET_NUMBERS,
  bucketsOf,
  throughOneArray,
  type Gradients,
  type SumGradients,
} from "./sum-gradients.ts";

/** It remembers what was rounded away, so it is one run's. */
export function sumHalves(ranks: Ranks, bucketNumbers = BUCKET_NUMBERS): SumGradients {
  const remainders = new Map<number, Float32Array>();
  const sumRemainders = new Map<number, Float32Array>();
  const kept = (of: Map<number, Float32Array>, bucket: number, length: number) =>
    of.get(bucket) ?? of.set(bucket, new Float32Array(length)).get(bucket)!;
  const room = new Float32Array(bucketNumbers);
  const packer = halfPacker();
  return async (gradients: Gradients) => {
    for (const [i, bucket] of bucketsOf(gradients, bucketNumbers).entries())
      await throughOneArray(bucket, room, async (values) => {
        const block = Math.ceil(values.length / ranks.size);
        const own = kept(remainders, i, values.length);
        await sumOfHalves(ranks, packer, values, block, own, kept(sumRemainders, i, block));
      });
  };
}

/** @param block numbers that each rank adds up; the last may have fewer */
async function sumOfHalves(
  ranks: Ranks,
  packer: HalfPacker,
  values: Float32Array,
  block: number,
  remainder: Float32Array,
  sumRemainder: Float32Array,
): Promise<void> {
  const { rank, size } = ranks;
  const blockBytes = packedBytes(block);
  const sent = new Uint8Array(size * blockBytes);
  for (let to = 0; to < size; to++) {
    const range = [to * block, Math.min((to + 1) * block, values.length)] as const;
    packer.pack(values.subarray(...range), remainder.subarray(...range), sent.subarray(to * blockBytes));
  }
  const received = await ranks.exchange(sent);
  const length = Math.max(0, Math.min(block, values.length - rank * block));
  const sum = new Float32Array(length);
  for (let from = 0; from < size; from++) packer.addUnpacked(received.subarray(from * blockBytes), sum);
  packer.pack(sum, sumRemainder.subarray(0, length), sent);
  for (let to = 1; to < size; to++) sent.copyWithin(to * blockBytes, 0, blockBytes); // the same to each
  const sums = await ranks.exchange(sent);
  values.fill(0);
  for (let from = 0; from < size; from++)
    packer.addUnpacked(sums.subarray(from * blockBytes), values.subarray(from * block, (from + 1) * block));
}
