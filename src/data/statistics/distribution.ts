// Numbers summed up: quantiles and a histogram. Knows nothing of speech.

import { roundStep } from "../../figures.ts";
import { quantile } from "../../quantiles.ts";

export interface Distribution {
  readonly count: number;
  readonly sum: number;
  readonly mean: number;
  readonly min: number;
  readonly p5: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
  readonly histogram: Histogram;
}

export interface Histogram {
  readonly from: number;
  /** Width of a bin. */
  readonly step: number;
  readonly counts: readonly number[];
}

const BINS = 12;

/** Undefined of no numbers. */
export function distributionOf(values: readonly number[]): Distribution | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    count: sorted.length,
    sum,
    mean: sum / sorted.length,
    min: sorted[0],
    p5: quantile(sorted, 0.05),
    median: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    max: sorted[sorted.length - 1],
    histogram: histogramOf(sorted),
  };
}

/** Bins of a round width (1, 2 or 5 times a power of ten), at most `BINS` of them. */
function histogramOf(sorted: readonly number[]): Histogram {
  const [least, most] = [sorted[0], sorted[sorted.length - 1]];
  const step = roundStep((most - least) / (BINS - 1) || Math.abs(most) / BINS || 1);
  const from = Math.floor(least / step) * step;
  const counts = Array.from({ length: Math.floor((most - from) / step) + 1 }, () => 0);
  for (const value of sorted) counts[Math.min(Math.floor((value - from) / step), counts.length - 1)]++;
  return { from, step, counts };
}
