// Packed numbers beside the plain arrays that they are made of, at every width, and whatever is asked of them.

import { describe, expect, it } from "vitest";
import { PackedNumbers, RisingNumbers } from "../../src/lm/packed-numbers.ts";
import { SharedValues } from "../../src/lm/shared-values.ts";
import { RandomStream } from "../../src/random.ts";

const random = new RandomStream("packed numbers");
const below = (length: number, bound: number) => Uint32Array.from({ length }, () => random.integer(bound));

describe.each([1, 2, 3, 4])("numbers of %i bytes", (width) => {
  const bound = 2 ** Math.min(8 * width, 31);
  const numbers = below(500, bound);
  const packed = PackedNumbers.of(numbers, bound - 1);

  it("are what they were, in that many bytes", () => {
    expect(Array.from(numbers.keys(), (i) => packed.get(i))).toEqual([...numbers]);
    expect(packed.bytes.length).toBeLessThanOrEqual(500 * width + 3);
  });

  it("are found in any stretch where they rise, and nothing else is", () => {
    const sorted = [...new Set(numbers)].toSorted((a, b) => a - b);
    const rising = PackedNumbers.of(Uint32Array.from(sorted), bound - 1);
    for (let round = 0; round < 2000; round++) {
      const [start, end] = [random.integer(sorted.length), random.integer(sorted.length + 50)];
      const number = random.integer(2) === 0 ? random.integer(bound) : sorted[random.integer(sorted.length)];
      const at = sorted.indexOf(number);
      expect(rising.find(number, start, end)).toBe(at >= start && at < end ? at : -1);
    }
  });

  it("end where they end", () => {
    for (const index of [500, 501, 2 ** 31, 2 ** 32 - 1, Number.NaN]) expect(packed.get(index)).toBe(0);
    expect(packed.find(bound, 2 ** 31, 2 ** 32 - 1)).toBe(-1);
    expect(packed.find(bound, 0, 2 ** 32 - 1)).toBe(-1);
  });
});

it.each([1, 40, 5000, 60_000])("numbers that rise by up to %i are what they were", (step) => {
  for (const length of [1, 2, 31, 32, 33, 400]) {
    const numbers = below(length, step);
    for (let i = 1; i < length; i++) numbers[i] += numbers[i - 1];
    const rising = RisingNumbers.of(numbers);
    expect(Array.from(numbers.keys(), (i) => rising.get(i))).toEqual([...numbers]);
    if (step <= 40) expect(rising.wide).toHaveLength(0);
    for (const index of [length + 32, 2 ** 32 - 1]) expect(rising.get(index)).toBe(0);
  }
});

it("values of which many are equal are what they were, each listed once", () => {
  const few = Float32Array.from({ length: 4000 }, () => random.normal());
  const values = Float32Array.from({ length: 20_000 }, () => few[random.integer(few.length)]);
  values.set([0, -0, -99, Infinity]);
  const shared = SharedValues.of(values);
  for (const [i, value] of values.entries()) expect(shared.get(i)).toBe(value);
  expect(shared.table).toHaveLength(
    new Set(Array.from(values, (value) => (Object.is(value, -0) ? "-0" : value))).size,
  );
});
