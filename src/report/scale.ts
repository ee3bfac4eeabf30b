// Axes: from values to places, and the round values at which an axis is marked. Linear, or logarithmic for what spans
// several powers of ten. Knows nothing of drawing.

import { roundStep } from "../figures.ts";

export type ScaleKind = "linear" | "log";

export interface Scale {
  /** From 0 at the least value to 1 at the largest. */
  readonly place: (value: number) => number;
  /** Round values, ascending, all of them on the axis. */
  readonly ticks: readonly number[];
}

/** About how many marks an axis bears. */
const TICKS = 5;

export interface ScaleOptions {
  /** Of a linear axis: whether it holds 0. */
  readonly fromZero?: boolean;
  /** Of a linear axis: whether it ends at the least and the largest value rather than at round ones around them. */
  readonly tight?: boolean;
}

/**
 * The axis over some values.
 * @param values finite, and above 0 where the kind is "log"; none give an axis from 0 to 1
 */
export function scaleOver(
  values: readonly number[],
  kind: ScaleKind,
  { fromZero = false, tight = false }: ScaleOptions = {},
): Scale {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (values.length === 0) return linear(0, 1);
  if (kind === "log" && largest > 1.01 * least) return logarithmic(least, largest);
  const scale = linear(fromZero ? Math.min(0, least) : least, largest);
  return tight && largest > least ? tightened(scale, least, largest) : scale;
}

function tightened({ ticks }: Scale, least: number, largest: number): Scale {
  return {
    place: (value) => (value - least) / (largest - least),
    ticks: ticks.filter((tick) => tick >= least && tick <= largest),
  };
}

/** Steps of 1, 2 or 5 times a power of ten, from below the least value to above the largest. */
function linear(least: number, largest: number): Scale {
  const [from, to] = largest > least ? [least, largest] : widened(largest);
  const step = roundStep((to - from) / TICKS);
  const [first, last] = [Math.floor(from / step + 1e-9), Math.ceil(to / step - 1e-9)];
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => exact((first + i) * step));
  const span = (last - first) * step;
  return { place: (value) => (value - first * step) / span, ticks };
}

/** Something to draw around a single value. */
function widened(value: number): [from: number, to: number] {
  if (value === 0) return [0, 1];
  return value > 0 ? [0, value] : [value, 0];
}

function logarithmic(least: number, largest: number): Scale {
  const [from, to] = [Math.log10(least), Math.log10(largest)];
  return { place: (value) => (Math.log10(value) - from) / (to - from), ticks: logarithmicTicks(from, to) };
}

/** Powers of ten, every second or third of them where there are many; 2 and 5 times them, or single steps, where few. */
function logarithmicTicks(from: number, to: number): number[] {
  const powers = to - from;
  if (powers < 0.8) return linear(10 ** from, 10 ** to).ticks.filter(within(from, to));
  const factors = powers > 3.2 ? [1] : powers > 1.6 ? [1, 3] : [1, 2, 5];
  const every = Math.max(1, Math.ceil(powers / (TICKS + 1)));
  const ticks: number[] = [];
  for (let power = Math.floor(from); power <= to; power++) {
    if (power % every === 0) ticks.push(...factors.map((factor) => exact(factor * 10 ** power)));
  }
  return ticks.filter(within(from, to));
}

const within = (from: number, to: number) => (value: number) =>
  value > 0 && Math.log10(value) >= from - 1e-9 && Math.log10(value) <= to + 1e-9;

/** Without the noise of binary fractions: 0.3, not 0.30000000000000004. */
const exact = (value: number): number => Number(value.toPrecision(12));
