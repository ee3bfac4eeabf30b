// Seeded, counter-based random numbers: the n-th number of a stream is a pure function of (key, n), so any run can
// be resumed at any step without storing generator state. The mixer is the 32-bit finaliser of MurmurHash3
// (Appleby, public domain), applied twice over key and counter. Not for cryptography.

export const GOLDEN = 0x9e3779b9;

/** Of the numbers 0 … 255, each as often. */
const BYTE_MEAN = 127.5;
const BYTE_DEVIATION = Math.sqrt((256 ** 2 - 1) / 12);

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function hashPart(hash: number, part: number | string): number {
  if (typeof part === "number") return mix(mix(hash ^ (part >>> 0)) + Math.floor(part / 2 ** 32) + GOLDEN);
  let h = mix(hash + part.length);
  for (let i = 0; i < part.length; i++) h = mix(h + part.charCodeAt(i) + GOLDEN);
  return h;
}

export class RandomStream {
  readonly #low: number;
  readonly #high: number;
  #counter = 0;

  /** @param key what the numbers are for, for example `(seed, "dropout", step, layer)`. */
  constructor(...key: readonly (number | string)[]) {
    this.#low = key.reduce<number>(hashPart, 0x243f6a88);
    this.#high = key.reduce<number>(hashPart, 0x13198a2e);
  }

  /** The next 32 random bits, as an unsigned integer. */
  bits(): number {
    const counter = Math.imul(this.#counter++, GOLDEN);
    return mix(mix(counter ^ this.#low) + this.#high);
  }

  /** Skips so many numbers. @returns where they begin, for code that computes many at a time in vectors */
  skip(count: number): { readonly low: number; readonly high: number; readonly counter: number } {
    const counter = this.#counter;
    this.#counter += count;
    return { low: this.#low, high: this.#high, counter };
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return this.bits() / 2 ** 32;
  }

  /** Uniform over the integers 0 … bound − 1. */
  integer(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** Standard normal (Box & Muller 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Nearly that, within ±3.45, at a fifth of the price, for noise by the million samples: the sum of a draw's four bytes. */
  nearlyNormal(): number {
    const bits = this.bits();
    const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24);
    return (sum - 4 * BYTE_MEAN) / (2 * BYTE_DEVIATION);
  }

  /** A shuffled copy (Fisher & Yates). */
  shuffle<Item>(items: readonly Item[]): Item[] {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
    }
    return shuffled;
  }
}
