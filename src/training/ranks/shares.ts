// Which rank takes which batches of an update: by their frames, so that all are done at about the same time.

/**
 * The largest first, each to the rank that has the least so far.
 * @param frames of each batch
 * @returns of each rank the batches by their numbers, in ascending order
 */
export function sharesOf(frames: readonly number[], ranks: number): number[][] {
  const shares = Array.from({ length: ranks }, () => new Array<number>());
  const sums = Array.from({ length: ranks }, () => 0);
  const largestFirst = [...frames.keys()].toSorted((a, b) => frames[b] - frames[a] || a - b);
  for (const batch of largestFirst) {
    const rank = sums.reduce((least, sum, i) => (sum < sums[least] ? i : least), 0);
    shares[rank].push(batch);
    sums[rank] += frames[batch];
  }
  return shares.map((share) => share.toSorted((a, b) => a - b));
}
