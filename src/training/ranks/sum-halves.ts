// The sum of all ranks' gradients in half the bytes: each number crosses in half precision, and what rounding took from it
// is added to the next step's (error feedback; Seide et al. 2014, 1-bit SGD, section 3.2). Each rank adds up one part of
// the numbers in full precision and gives all ranks the sum in half precision again.

import type { Ranks } from "../../platform/index.ts";
import { fromHalf, toHalf } from "../../tensor.ts";
import { bucketsOf, throughOneArray, type Gradients, type SumGradients } from "./sum-gradients.ts";

const BUCKET_NUMBERS = 2 ** 20;
/** The largest number of a block becomes one of half precision's upper range, which ends at 65504. */
const TOP = 2 ** 13;
const LARGEST_EXPONENT = 100; // of a scale, which is a float32
const HEADER_BYTES = 4; // the scale, in float32

/** It remembers what was rounded away, so it is one run's. */
export function sumHalves(ranks: Ranks, bucketNumbers = BUCKET_NUMBERS): SumGradients {
  const remainders = new Map<number, Float32Array>();
  const sumRemainders = new Map<number, Float32Array>();
  const kept = (of: Map<number, Float32Array>, bucket: number, length: number) =>
    of.get(bucket) ?? of.set(bucket, new Float32Array(length)).get(bucket)!;
  const room = new Float32Array(bucketNumbers);
  return async (gradients: Gradients) => {
    for (const [i, bucket] of bucketsOf(gradients, bucketNumbers).entries())
      await throughOneArray(bucket, room, async (values) => {
        const block = Math.ceil(values.length / ranks.size);
        const own = kept(remainders, i, values.length);
        await sumOfHalves(ranks, values, block, own, kept(sumRemainders, i, block));
      });
  };
}

/** @param block numbers that each rank adds up; the last may have fewer */
async function sumOfHalves(
  ranks: Ranks,
  values: Float32Array,
  block: number,
  remainder: Float32Array,
  sumRemainder: Float32Array,
): Promise<void> {
  const { rank, size } = ranks;
  const blockBytes = HEADER_BYTES + 2 * block + ((2 * block) % 4); // each begins at a multiple of four
  const sent = new Uint8Array(size * blockBytes);
  for (let to = 0; to < size; to++) {
    const range = [to * block, Math.min((to + 1) * block, values.length)] as const;
    pack(values.subarray(...range), remainder.subarray(...range), sent.subarray(to * blockBytes));
  }
  const received = await ranks.exchange(sent);
  const length = Math.max(0, Math.min(block, values.length - rank * block));
  const sum = new Float32Array(length);
  for (let from = 0; from < size; from++) addUnpacked(received.subarray(from * blockBytes), sum);
  const ownSum = new Uint8Array(blockBytes);
  pack(sum, sumRemainder.subarray(0, length), ownSum);
  values.fill(0);
  for (const [from, bytes] of (await ranks.gather(ownSum)).entries())
    addUnpacked(bytes, values.subarray(from * block, (from + 1) * block));
}

/** Scale and halves of the numbers with the remainders of before, which become those of now. */
function pack(values: Float32Array, remainder: Float32Array, into: Uint8Array): void {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    values[i] += remainder[i];
    const size = Math.abs(values[i]);
    if (size > largest && size < Infinity) largest = size;
  }
  const scale = largest > 0 ? 2 ** Math.min(LARGEST_EXPONENT, Math.floor(Math.log2(TOP / largest))) : 1;
  const scaled = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) scaled[i] = values[i] * scale; // exact, by a power of two
  const halves = toHalf(scaled);
  const carried = fromHalf(halves);
  for (let i = 0; i < values.length; i++) {
    const lost = values[i] - carried[i] / scale;
    remainder[i] = Number.isFinite(lost) ? lost : 0;
  }
  new DataView(into.buffer, into.byteOffset).setFloat32(0, scale, true);
  into.set(new Uint8Array(halves.buffer), HEADER_BYTES);
}

function addUnpacked(bytes: Uint8Array, sum: Float32Array): void {
  const scale = new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true);
  const halves = new Uint16Array(sum.length);
  new Uint8Array(halves.buffer).set(bytes.subarray(HEADER_BYTES, HEADER_BYTES + 2 * sum.length));
  const carried = fromHalf(halves);
  for (let i = 0; i < sum.length; i++) sum[i] += carried[i] / scale;
}
