// Quantiles, the same for every figure: those of a list of numbers, by linear interpolation between the nearest ranks
// (Hyndman & Fan 1996, type 7).

/**
 * The value below which this share of the values lies; NaN of none.
 * @param sorted in ascending order
 * @param share 0 to 1
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const rank = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(rank)], sorted[Math.ceil(rank)]];
  if (below === above) return below ?? NaN; // also infinities, which cannot be interpolated
  const fraction = rank - Math.floor(rank);
  return (1 - fraction) * below + fraction * above;
}

/** @param values in any order */
export const median = (values: Iterable<number>): number =>
  quantile(Float64Array.from(values).toSorted(), 0.5);
