// What each rank computes of an update: similar lengths are together in the whole batch, and go to the ranks in turns, back and
// forth, so that all have about as many padded frames.

import { paddedFrames } from "../../data/index.ts";

/** @returns the padded frames of each rank that has any @param batch indices of `frames` */
export function framesOfRanks(batch: readonly number[], frames: readonly number[], ranks: number): number[] {
  const sorted = batch.toSorted((a, b) => frames[b] - frames[a]);
  const shares = Array.from({ length: Math.min(ranks, batch.length) }, (): number[] => []);
  sorted.forEach((index, i) => {
    const [turn, place] = [Math.floor(i / shares.length), i % shares.length];
    shares[turn % 2 === 0 ? place : shares.length - 1 - place].push(index);
  });
  return shares.map((share) => paddedFrames(share, frames));
}
