// Sorts records of a few 32-bit words each, the first word counting most: few of them by insertion, more by radix.

const FEW = 24;
/** From so many records on, digits of 11 bits pay for their larger tables. */
const MANY = 1 << 13;

export class RecordSorter {
  readonly #words: number;
  readonly #bits: number;
  readonly #small = new Uint32Array(1 << 8);
  readonly #large = new Uint32Array(1 << 11);

  /** @param words of a record @param bits of a word that may be set, the lowest ones */
  constructor(words: number, bits: number) {
    this.#words = words;
    this.#bits = bits;
  }

  /** Gives back which of the two arrays holds the first `count` records, sorted. */
  sort(records: Uint32Array, scratch: Uint32Array, count: number): Uint32Array {
    if (count <= FEW) return insertionSort(records, count, this.#words);
    const starts = count < MANY ? this.#small : this.#large;
    const digitBits = 31 - Math.clz32(starts.length);
    let [from, to] = [records, scratch];
    for (let word = this.#words - 1; word >= 0; word--) {
      for (let shift = 0; shift < this.#bits; shift += digitBits) {
        if (!findStarts(from, count, { words: this.#words, word, shift }, starts)) continue;
        if (this.#words === 1) sortNumbers(from, to, count, shift, starts);
        else distribute(from, to, count, { words: this.#words, word, shift }, starts);
        [from, to] = [to, from];
      }
    }
    return from;
  }
}

/** By which digit records are sorted. */
interface Digit {
  readonly words: number;
  readonly word: number;
  readonly shift: number;
}

/** Where the records of each digit begin; false where all have the same. */
function findStarts(records: Uint32Array, count: number, digit: Digit, starts: Uint32Array): boolean {
  const { words, word, shift } = digit;
  const mask = starts.length - 1;
  starts.fill(0);
  for (let i = 0, at = word; i < count; i++, at += words) starts[(records[at] >>> shift) & mask]++;
  if (starts[(records[word] >>> shift) & mask] === count) return false;
  let sum = 0;
  for (let i = 0; i <= mask; i++) {
    const size = starts[i];
    starts[i] = sum;
    sum += size;
  }
  return true;
}

function sortNumbers(
  from: Uint32Array,
  to: Uint32Array,
  count: number,
  shift: number,
  starts: Uint32Array,
): void {
  const mask = starts.length - 1;
  for (let i = 0; i < count; i++) {
    const number = from[i];
    to[starts[(number >>> shift) & mask]++] = number;
  }
}

function distribute(from: Uint32Array, to: Uint32Array, count: number, digit: Digit, starts: Uint32Array) {
  const { words, word, shift } = digit;
  const mask = starts.length - 1;
  for (let i = 0, at = 0; i < count; i++, at += words) {
    const target = words * starts[(from[at + word] >>> shift) & mask]++;
    for (let k = 0; k < words; k++) to[target + k] = from[at + k];
  }
}

function insertionSort(records: Uint32Array, count: number, words: number): Uint32Array {
  const record = new Uint32Array(words);
  for (let i = words; i < count * words; i += words) {
    let at = i;
    while (at > 0 && isLess(records, i, at - words, words)) at -= words;
    if (at === i) continue;
    for (let k = 0; k < words; k++) record[k] = records[i + k];
    records.copyWithin(at + words, at, i);
    for (let k = 0; k < words; k++) records[at + k] = record[k];
  }
  return records;
}

function isLess(records: Uint32Array, a: number, b: number, words: number): boolean {
  for (let k = 0; k < words; k++)
    if (records[a + k] !== records[b + k]) return records[a + k] < records[b + k];
  return false;
}
