// Whole numbers in as many bytes as they need, or, where they rise, as what they are above the first of their block ("frame
// of reference", Goldstein, Ramakrishnan & Shaft 1998). They are asked where they lie; whatever the bytes hold, every
// question gives a whole number. Bits in place of bytes would save another 3 % of a model, and questions would take a fifth
// longer.

/** How many bytes numbers up to `largest` need, 1 to 4. */
export const bytesFor = (largest: number): number => Math.max(1, Math.ceil((32 - Math.clz32(largest)) / 8));

/** Four bytes are read for every number, whatever its width. */
const READ_BYTES = 4;

/** How many bytes so many numbers take. */
export const bytesOfPacked = (count: number, width: number): number => count * width + READ_BYTES - width;

/** Numbers of `width` bytes each, little-endian. */
export class PackedNumbers {
  readonly length: number;
  readonly width: number;
  /** [bytesOfPacked(length, width)] */
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  /** What is kept of four bytes. */
  readonly #mask: number;
  /** The numbers themselves where each has two bytes, as words mostly have: searching them is a fifth faster. */
  readonly #pairs?: Uint16Array;

  constructor(
    length: number,
    width: number,
    bytes: Uint8Array = new Uint8Array(bytesOfPacked(length, width)),
  ) {
    this.length = length;
    this.width = width;
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#mask = -1 >>> (32 - 8 * width);
    if (width === 2) this.#pairs = new Uint16Array(bytes.buffer, bytes.byteOffset, length);
  }

  static of(numbers: Uint32Array, largest: number): PackedNumbers {
    const packed = new PackedNumbers(numbers.length, bytesFor(largest));
    for (let i = 0; i < numbers.length; i++) packed.put(i, numbers[i]);
    return packed;
  }

  /** 0 beyond the end. */
  get(index: number): number {
    return index < this.length ? (this.#view.getUint32(index * this.width, true) & this.#mask) >>> 0 : 0;
  }

  /** Where a number is among those of [start, end), which rise; −1 where it is not. */
  find(number: number, start: number, end: number): number {
    const last = Math.min(end, this.length);
    return this.#pairs ? findIn(this.#pairs, number, start, last) : this.#findWide(number, start, last);
  }

  #findWide(number: number, start: number, end: number): number {
    const [view, width, mask] = [this.#view, this.width, this.#mask];
    let low = start;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const value = view.getInt32(middle * width, true) & mask;
      if (value === number) return middle;
      if (value < number) low = middle + 1;
      else high = middle;
    }
    return -1;
  }

  /** Gives a number that was 0 its value. */
  put(index: number, value: number): void {
    const at = index * this.width;
    this.#view.setUint32(at, this.#view.getUint32(at, true) | value, true);
  }
}

function findIn(numbers: Uint16Array, number: number, start: number, end: number): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle] < number) low = middle + 1;
    else high = middle;
  }
  return low < end && numbers[low] === number ? low : -1;
}

const BLOCK = 32;
/** The sign of a block whose numbers differ by more than 16 bits: what else is there is their place among the wide ones. */
const WIDE = 2 ** 31;

/** Numbers below 2^31 that rise, in blocks of 32: what they are above the first of their block, in 16 bits. */
export class RisingNumbers {
  /** [blocks], the first number of each block. */
  readonly bases: Uint32Array;
  /** [numbers] */
  readonly differences: Uint16Array;
  /** The numbers of blocks that 16 bits are not enough for: of frequent words, with thousands of followers each. */
  readonly wide: Uint32Array;

  constructor(bases: Uint32Array, differences: Uint16Array, wide: Uint32Array) {
    this.bases = bases;
    this.differences = differences;
    this.wide = wide;
  }

  static of(numbers: Uint32Array): RisingNumbers {
    const bases = new Uint32Array(Math.ceil(numbers.length / BLOCK));
    const differences = new Uint16Array(numbers.length);
    const wide: number[] = [];
    for (const block of bases.keys()) {
      const own = numbers.subarray(BLOCK * block, BLOCK * (block + 1));
      const isWide = own[own.length - 1] - own[0] >= 2 ** 16;
      bases[block] = isWide ? WIDE + wide.length : own[0];
      if (isWide) wide.push(...own);
      else for (let i = 0; i < own.length; i++) differences[BLOCK * block + i] = own[i] - own[0];
    }
    return new RisingNumbers(bases, differences, Uint32Array.from(wide));
  }

  /** 0 where there is no such number. */
  get(index: number): number {
    const base = this.bases[index >>> 5] | 0;
    return base >= 0
      ? base + (this.differences[index] | 0)
      : this.wide[(base & (WIDE - 1)) + (index & 31)] >>> 0;
  }
}
