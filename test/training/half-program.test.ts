// Halves in WebAssembly, against the same in plain numbers.

import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/random.ts";
import { fromHalf, toHalf } from "../../src/tensor.ts";
import { halfPacker, packedBytes } from "../../src/training/ranks/half-program.ts";

const CHUNK = 8192;
const SCALES = 4;
const packer = halfPacker();

/** Of sizes from 1 to 2^-40, some of them 0. */
function numbersOf(seed: number, length: number): Float32Array {
  const random = new RandomStream(seed, "numbers");
  const one = () =>
    (random.uniform() - 0.5) * 2 ** (-40 * random.uniform() ** 4) * (random.uniform() < 0.1 ? 0 : 1);
  return Float32Array.from({ length }, one);
}

/** What crosses of numbers whose scales are those of their chunk. */
function carriedOf(values: Float32Array): Float32Array {
  const carried = new Float32Array(values.length);
  for (let from = 0; from < values.length; from += CHUNK)
    for (let lane = 0; lane < SCALES; lane++) {
      const places: number[] = [];
      for (let i = from + lane; i < Math.min(from + CHUNK, values.length); i += SCALES) places.push(i);
      const largest = places.reduce((most, i) => Math.max(most, Math.abs(values[i])), 0);
      const scale = largest > 0 ? 2 ** Math.min(100, 13 - Math.floor(Math.log2(largest))) : 1;
      for (const i of places)
        if (Math.abs(values[i] * scale) >= 2 ** -14)
          carried[i] = fromHalf(toHalf([values[i] * scale]))[0] / scale;
    }
  return carried;
}

function crossed(values: Float32Array, remainder: Float32Array): Float32Array {
  const packed = new Uint8Array(packedBytes(values.length));
  packer.pack(values, remainder, packed);
  const sum = new Float32Array(values.length);
  packer.addUnpacked(packed, sum);
  return sum;
}

/** 0 for -0. */
const unsigned = (value: number): number => value + 0;

describe("numbers that cross in half precision", () => {
  it.each([1, 7, 8, 1000, CHUNK, 2 * CHUNK + 3])("are %i to the nearest, and the rest stays", (length) => {
    const values = numbersOf(length, length);
    const remainder = new Float32Array(length);
    const carried = crossed(values, remainder);
    expect(carried.map(unsigned)).toEqual(carriedOf(values).map(unsigned));
    expect(remainder.map(unsigned)).toEqual(values.map((value, i) => value - carried[i]).map(unsigned));
  });

  it("lose nothing over many steps, and are added to what is there", () => {
    const length = 100;
    const remainder = new Float32Array(length);
    const [given, came] = [new Float64Array(length), new Float64Array(length)];
    for (let step = 0; step < 200; step++) {
      const values = numbersOf(step, length);
      values.forEach((value, i) => (given[i] += value));
      crossed(values, remainder).forEach((value, i) => (came[i] += value));
    }
    remainder.forEach((rest, i) => expect(came[i] + rest).toBeCloseTo(given[i], 5));
    const packed = new Uint8Array(packedBytes(1));
    packer.pack(Float32Array.of(3), new Float32Array(1), packed);
    const sum = Float32Array.of(4);
    packer.addUnpacked(packed, sum);
    expect(sum[0]).toBe(7);
  });

  it("are none where one of them is none or infinite, and the next ones cross again", () => {
    for (const none of [Number.NaN, Infinity, -Infinity]) {
      const values = Float32Array.of(1, 2, 3, 4, 5, none, 7, 8);
      const remainder = new Float32Array(8).fill(0.25);
      expect([...crossed(values, remainder)]).toEqual([
        1.25,
        Number.NaN,
        3.25,
        4.25,
        5.25,
        Number.NaN,
        7.25,
        8.25,
      ]);
      expect([...remainder]).toEqual(Array(8).fill(0));
      expect(crossed(Float32Array.of(1, 2), remainder.subarray(0, 2))).toEqual(Float32Array.of(1, 2));
    }
  });

  it("cross whatever their size", () => {
    for (const size of [3e38, 1e30, 1e-20, 1e-33]) {
      const came = crossed(Float32Array.of(size, -size), new Float32Array(2));
      expect(came[0] / size).toBeCloseTo(1, 3);
      expect(came[1]).toBe(-came[0]);
    }
  });
});
