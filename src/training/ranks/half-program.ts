// Numbers to half precision and back, in WebAssembly, with error feedback: what does not cross is kept for the next time. Of each
// chunk, every fourth number has one scale, a power of two by which the largest of them comes near half precision's end. What is
// 2^27 times as small crosses as 0, so that no half is subnormal.

import { f32x4, FunctionBody, load, times, u16x8, u32x4, ZERO, type Code } from "../../web-assembly.ts";

const CHUNK_NUMBERS = 8192;
/** Bytes of a vector, and of the scales of a chunk. */
const VECTOR = 16;

/** Of numbers that are packed: of each chunk four factors that undo its scales, in float32, and halves. */
export const packedBytes = (numbers: number): number =>
  VECTOR * Math.ceil(numbers / CHUNK_NUMBERS) + 2 * numbers;

export interface HalfPacker {
  /**
   * Numbers that share a scale with one that is infinite or NaN come out as NaN, and leave no remainder.
   * @param remainder what rounding left before; becomes what it leaves now
   * @param into `packedBytes` of them
   */
  pack(values: Float32Array, remainder: Float32Array, into: Uint8Array): void;
  /** Adds what was packed to as many numbers. */
  addUnpacked(packed: Uint8Array, sum: Float32Array): void;
}

export function halfPacker(): HalfPacker {
  const [packing, unpacking] = [program(emitPacking), program(emitUnpacking)];
  return {
    pack(values, remainder, into) {
      for (const { from, to, at, end } of chunksOf(values.length)) {
        const kept = remainder.subarray(from, to);
        packing.fill("first", values.subarray(from, to));
        packing.fill("second", kept);
        packing.run();
        into.set(packing.packed.subarray(0, end - at), at);
        kept.set(packing.second.subarray(0, to - from));
      }
    },
    addUnpacked(packed, sum) {
      for (const { from, to, at, end } of chunksOf(sum.length)) {
        const part = sum.subarray(from, to);
        unpacking.packed.set(packed.subarray(at, end));
        unpacking.fill("first", part);
        unpacking.run();
        part.set(unpacking.first.subarray(0, to - from));
      }
    },
  };
}

/** Each from a number to another, and packed from a byte to another. */
function* chunksOf(numbers: number) {
  for (let from = 0, at = 0; from < numbers; from += CHUNK_NUMBERS) {
    const to = Math.min(numbers, from + CHUNK_NUMBERS);
    const end = at + packedBytes(to - from);
    yield { from, to, at, end };
    at = end;
  }
}

/** Where things lie in memory, in bytes. */
const AT = {
  /** The largest exponents so far, then the scales. */
  scales: 0,
  packed: VECTOR,
  halves: 2 * VECTOR,
  first: 2 * VECTOR + 2 * CHUNK_NUMBERS,
  second: 2 * VECTOR + 6 * CHUNK_NUMBERS,
} as const;
const BYTES = 2 * VECTOR + 10 * CHUNK_NUMBERS;

function program(emit: (body: FunctionBody) => void) {
  const body = new FunctionBody();
  emit(body);
  const { memory, run } = body.start(BYTES);
  const numbers = (at: number) => new Float32Array(memory.buffer, at, CHUNK_NUMBERS);
  const [first, second] = [numbers(AT.first), numbers(AT.second)];
  const packed = new Uint8Array(memory.buffer, AT.packed, packedBytes(CHUNK_NUMBERS));
  const fill = (name: "first" | "second", values: Float32Array): void => {
    const into = name === "first" ? first : second;
    into.set(values);
    into.fill(0, values.length);
  };
  return { first, second, packed, fill, run };
}

const EXPONENT = 2 ** 23;
/** By so much the exponents of float32 and of half precision differ. */
const BIAS = 127 - 15;
const all = (value: number) => u32x4.all(value);
const { add, subtract, multiply, absolute } = f32x4;
const { and, andNot, or, isAbove, shiftLeft, shiftRight } = u32x4;

/** first: values; second: remainders. */
function emitPacking(body: FunctionBody): void {
  body.store(ZERO, AT.scales, all(0));
  body.loop(0, 4 * CHUNK_NUMBERS, VECTOR, (at) => {
    const value = body.keep(add(load(at, AT.first), load(at, AT.second)));
    body.store(at, AT.first, value);
    body.store(ZERO, AT.scales, u32x4.largest(load(ZERO, AT.scales), absolute(value))); // their bits are in their order
  });
  // The largest is 2^(e - 127) and something: scaled by 2^(140 - e) it is 2^13 and something.
  const exponent = body.keep(and(load(ZERO, AT.scales), all(255 * EXPONENT)));
  const isNotFinite = body.keep(isAbove(exponent, all(254 * EXPONENT)));
  const used = body.keep(u32x4.largest(exponent, all(40 * EXPONENT)));
  const scale = body.keep(u32x4.subtract(all(267 * EXPONENT), used));
  const inverse = body.keep(u32x4.subtract(used, all(13 * EXPONENT)));
  body.store(ZERO, AT.packed, or(inverse, isNotFinite)); // all bits are NaN
  body.loop(0, 2 * CHUNK_NUMBERS, VECTOR, (at) => {
    const numbers = body.keepAddress(times(at, 2));
    const halves = [0, VECTOR].map((offset) => {
      const value = body.keep(load(numbers, AT.first + offset));
      const { half, carried } = emitRounding(body, body.keep(multiply(value, scale)));
      body.store(
        numbers,
        AT.second + offset,
        andNot(subtract(value, multiply(carried, inverse)), isNotFinite),
      );
      return half;
    });
    body.store(at, AT.halves, u16x8.narrow(halves[0], halves[1]));
  });
}

/** To the nearest, ties to even. @returns the bits of four halves, each in 32, and what they are as float32 */
function emitRounding(body: FunctionBody, value: Code): { readonly half: Code; readonly carried: Code } {
  const size = body.keep(and(value, all(0x7fff_ffff)));
  const even = and(shiftRight(size, 13), all(1));
  const rounded = body.keep(shiftRight(u32x4.add(u32x4.add(size, all(0xfff)), even), 13));
  const isNormal = body.keep(isAbove(size, all((BIAS + 1) * EXPONENT - 1)));
  const magnitude = and(u32x4.subtract(rounded, all((BIAS * EXPONENT) / 2 ** 13)), isNormal);
  return {
    half: body.keep(or(magnitude, and(shiftRight(value, 16), all(0x8000)))),
    carried: or(and(shiftLeft(rounded, 13), isNormal), and(value, all(0x8000_0000))),
  };
}

/** first: sums. */
function emitUnpacking(body: FunctionBody): void {
  const inverse = body.keep(load(ZERO, AT.packed));
  body.loop(0, 2 * CHUNK_NUMBERS, VECTOR, (at) => {
    const halves = body.keep(load(at, AT.halves));
    const numbers = body.keepAddress(times(at, 2));
    for (const [i, extend] of [u16x8.extendLow, u16x8.extendHigh].entries()) {
      const half = body.keep(extend(halves));
      const magnitude = body.keep(and(half, all(0x7fff)));
      const shifted = u32x4.add(shiftLeft(magnitude, 13), all(BIAS * EXPONENT));
      const value = or(and(shifted, isAbove(magnitude, all(0))), shiftLeft(and(half, all(0x8000)), 16));
      const offset = AT.first + i * VECTOR;
      body.store(numbers, offset, add(load(numbers, offset), multiply(value, inverse)));
    }
  });
}
