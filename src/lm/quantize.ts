// Eight bits for a number: the bins of an order are equally wide between its least and its greatest value, so that no
// value moves by more than half a bin, about 0.015 for log10 probabilities. "Never" (-99 and less) has a bin of its own,
// and 0 stays 0, so that what costs nothing goes on costing nothing.

import { PackedNumbers } from "./packed-numbers.ts";
import { SharedValues } from "./shared-values.ts";

const BINS = 256;
const NEVER = -20;

/** The values of the bins, [orders × 256], and each value's bin. */
export function quantized(values: Float32Array, counts: readonly number[]): [Float32Array, Uint8Array] {
  const bins = new Float32Array(counts.length * BINS);
  const codes = new Uint8Array(values.length);
  let start = 0;
  for (const [index, count] of counts.entries()) {
    quantizeOrder(values.subarray(start, start + count), bins.subarray(index * BINS), codes.subarray(start));
    start += count;
  }
  return [bins, codes];
}

export function dequantized(bins: Float32Array, codes: Uint8Array, counts: readonly number[]): Float32Array {
  const values = new Float32Array(codes.length);
  let start = 0;
  for (const [index, count] of counts.entries()) {
    for (let i = start; i < start + count; i++) values[i] = bins[index * BINS + codes[i]];
    start += count;
  }
  return values;
}

/** The same with at most 256 different values. */
export function withFewValues({ codes, table }: SharedValues): SharedValues {
  const [bins, binOf] = quantized(table, [table.length]);
  const numbers = Uint32Array.from({ length: codes.length }, (_, i) => binOf[codes.get(i)]);
  return new SharedValues(PackedNumbers.of(numbers, BINS - 1), bins);
}

/** Bin 0 is for what never happens; the others rise from the least value to the greatest. */
function quantizeOrder(values: Float32Array, bins: Float32Array, codes: Uint8Array): void {
  let [never, least, greatest] = [0, 0, 0];
  for (const value of values) {
    if (value < NEVER) never = Math.min(never, value);
    else [least, greatest] = [Math.min(least, value), Math.max(greatest, value)];
  }
  const width = (greatest - least) / (BINS - 2) || 1;
  const zero = Math.round(-least / width);
  bins[0] = never;
  for (let bin = 0; bin < BINS - 1; bin++) bins[bin + 1] = (bin - zero) * width;
  for (const [i, value] of values.entries()) {
    codes[i] = value < NEVER ? 0 : Math.max(1, Math.min(BINS - 1, 1 + zero + Math.round(value / width)));
  }
}
