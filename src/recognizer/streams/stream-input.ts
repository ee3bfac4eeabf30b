// What a program writes to a stream → samples: floats as they are, and 16-bit integers as microphones and sockets give them,
// as numbers or as bytes (little-endian), which may be cut in the middle of a sample.

import { checkSamples, checkScale } from "../check-samples.ts";

/** Mono samples in [-1, 1], or 16-bit PCM: an Int16Array, or its bytes, little-endian. */
export type StreamInput = Float32Array | readonly number[] | Int16Array | Uint8Array;

const FULL_SCALE = 2 ** 15;

export class SampleInput {
  /** The first byte of a sample whose second has not come. */
  #half: number | undefined;

  get hasHalf(): boolean {
    return this.#half !== undefined;
  }

  /** A copy. @throws INVALID_SAMPLES */
  samples(input: StreamInput): Float32Array {
    const kind = Object.prototype.toString.call(input); // of whichever realm
    if (kind === "[object Uint8Array]") return this.#ofBytes(input as Uint8Array);
    if (kind === "[object Int16Array]")
      return Float32Array.from(input as Int16Array, (value) => value / FULL_SCALE);
    const samples = checkSamples(input);
    checkScale(samples);
    return samples === input ? samples.slice() : samples;
  }

  reset(): void {
    this.#half = undefined;
  }

  #ofBytes(bytes: Uint8Array): Float32Array {
    const before = this.#half === undefined ? 0 : 1;
    const all = new Uint8Array(before + bytes.length);
    if (this.#half !== undefined) all[0] = this.#half;
    all.set(bytes, before);
    const count = all.length >> 1;
    this.#half = all.length % 2 === 1 ? all[all.length - 1] : undefined;
    const view = new DataView(all.buffer);
    return Float32Array.from({ length: count }, (_, n) => view.getInt16(2 * n, true) / FULL_SCALE);
  }
}
