// What tensors are made of once they are numbers: what an engine is fed and gives, a weight, an entry of a file, an
// array of an export. One type for all rooms. A tensor of a graph, which has a name and no numbers, is in graph/.

/** The array that holds each type of element. A truth value is a byte of 0 or 1, a number of half precision its bits. */
export const ELEMENT_ARRAYS = {
  float16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

export type ElementType = keyof typeof ELEMENT_ARRAYS;
export type TypedData =
  Float32Array | Float64Array | BigInt64Array | Int32Array | Int8Array | Uint16Array | Uint8Array;

/** Numbers with a shape, in row-major order: `dims` multiply to `data.length`, a scalar has none. */
export interface TensorData {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: TypedData;
}

export interface Float32Tensor extends TensorData {
  readonly type: "float32";
  readonly data: Float32Array;
}

export interface Float64Tensor extends TensorData {
  readonly type: "float64";
  readonly data: Float64Array;
}

/** How many numbers a shape holds. */
export const elementCount = (dims: readonly number[]): number =>
  dims.reduce((product, size) => product * size, 1);

/** One block of numbers after another, as a stream gives them. A single block is given back itself, not copied. */
export function joinBlocks(blocks: readonly Float32Array[]): Float32Array {
  if (blocks.length === 1) return blocks[0];
  const joined = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    joined.set(block, at);
    at += block.length;
  }
  return joined;
}

/** The bits of each number in half precision (IEEE 754 binary16), to the nearest; from 65520 on infinite. */
export function toHalf(values: ArrayLike<number>): Uint16Array<ArrayBuffer> {
  const number = new Float32Array(1);
  const bits = new Uint32Array(number.buffer); // the same four bytes
  const half = (value: number): number => {
    number[0] = value;
    const sign = (bits[0] >>> 16) & 0x8000;
    const size = bits[0] & 0x7fffffff;
    if (size > 0x7f800000) return sign | 0x7e00; // not a number
    if (size >= 0x477ff000) return sign | 0x7c00;
    if (size >= 0x38800000) return sign | ((size + 0xfff + ((size >>> 13) & 1) - 0x38000000) >>> 13);
    number[0] = Math.abs(value) + 0.5; // below 2^-14 the steps are 2^-24, as those of float32 are from 0.5 on
    return sign | (bits[0] - 0x3f000000);
  };
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < halves.length; i++) halves[i] = half(values[i]); // twenty times as fast as `from` with a function
  return halves;
}

/**
 * The numbers of bits in half precision. None is made of a number that float32 has below 2^-126, since a runtime may have told the
 * processor to take those for 0.
 */
export function fromHalf(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(halves.length);
  const bits = new Uint32Array(values.buffer); // the same bytes
  for (let i = 0; i < values.length; i++) {
    const sign = (halves[i] & 0x8000) << 16;
    const size = halves[i] & 0x7fff;
    if (size >= 0x7c00)
      bits[i] = sign | 0x7f800000 | (size << 13); // infinite, or not a number
    else if (size >= 0x400) bits[i] = sign | ((size << 13) + 0x38000000);
    else values[i] = (sign < 0 ? -size : size) * 2 ** -24;
  }
  return values;
}
