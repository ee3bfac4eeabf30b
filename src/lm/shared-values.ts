// Values of which many are equal, as numbers in a table of the different ones. Most contexts of a model from text were seen
// once, and cost the same to leave.

import { PackedNumbers } from "./packed-numbers.ts";
import { grown } from "./vocabulary.ts";

export class SharedValues {
  readonly codes: PackedNumbers;
  readonly table: Float32Array;

  constructor(codes: PackedNumbers, table: Float32Array) {
    this.codes = codes;
    this.table = table;
  }

  /** The last ones first, since those of the longest contexts are most alike: then what is asked most lies together. */
  static of(values: Float32Array): SharedValues {
    const table = new Float32Table();
    const numbers = new Uint32Array(values.length);
    for (let i = values.length - 1; i >= 0; i--) numbers[i] = table.numberOf(values[i]);
    return new SharedValues(PackedNumbers.of(numbers, table.size - 1), table.values());
  }

  get(index: number): number {
    return this.table[this.codes.get(index)];
  }
}

/** Different float32, numbered as they come; a hash table of open addressing, as Map takes five times as long. */
class Float32Table {
  size = 0;
  #values = new Float32Array(1024);
  #slots = new Int32Array(4096);
  readonly #value = new Float32Array(1);
  readonly #bits = new Int32Array(this.#value.buffer);

  numberOf(value: number): number {
    this.#value[0] = value;
    let slot = this.#slotOf(this.#bits[0]);
    for (; this.#slots[slot] > 0; slot = (slot + 1) & (this.#slots.length - 1))
      if (Object.is(this.#values[this.#slots[slot] - 1], value)) return this.#slots[slot] - 1;
    return this.#add(value, slot);
  }

  values(): Float32Array {
    return this.#values.slice(0, this.size);
  }

  #slotOf(bits: number): number {
    const mixed = Math.imul(bits, 0x9e3779b1);
    return (mixed ^ (mixed >>> 15)) & (this.#slots.length - 1);
  }

  #add(value: number, slot: number): number {
    if (this.size === this.#values.length) this.#values = grown(this.#values, Float32Array);
    this.#values[this.size++] = value;
    this.#slots[slot] = this.size;
    if (this.size * 4 > this.#slots.length) this.#rehash();
    return this.size - 1;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    const bits = new Int32Array(this.#values.buffer);
    for (let number = 1; number <= this.size; number++) {
      let slot = this.#slotOf(bits[number - 1]);
      while (this.#slots[slot] > 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = number;
    }
  }
}
