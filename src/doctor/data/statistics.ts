// The few statistics that the checks share: what is more than chance, what is an outlier, what goes together.

import { median } from "../../quantiles.ts";

/** Five standard deviations: with a thousand such questions, chance answers yes to less than one in a thousand. */
const CERTAIN = 5;

/** Whether a count lies beyond what chance gives where `expected` is usual (Poisson; the root makes its spread 1/2). */
export function moreThanChance(observed: number, expected: number): boolean {
  return 2 * (Math.sqrt(observed) - Math.sqrt(expected)) > CERTAIN;
}

/** The standard deviation that a normal distribution with this median distance from the median has. */
export function robustDeviation(values: readonly number[]): number {
  const middle = median(values);
  return 1.4826 * median(values.map((value) => Math.abs(value - middle)));
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

/** Pearson's; 0 where one side does not vary. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const spread = deviation(a) * deviation(b);
  if (!(spread > 0)) return 0;
  const [meanA, meanB] = [mean(a), mean(b)];
  return mean(a.map((value, i) => (value - meanA) * (b[i] - meanB))) / spread;
}

/**
 * How many standard deviations one correlation of n pairs lies below another value (Fisher 1915: atanh r is close to
 * normal with deviation 1/√(n − 3)).
 */
export function deviationsBelow(r: number, expected: number, n: number): number {
  return (
    (Math.atanh(Math.min(expected, 0.999)) - Math.atanh(Math.min(r, 0.999))) * Math.sqrt(Math.max(1, n - 3))
  );
}
