// The last minutes of what was heard, as 16-bit PCM in a ring: utterances are cut from it when they are over. Bytes may come in
// any pieces, half samples too.

const FULL_SCALE = 2 ** 15;
const SAMPLE_BYTES = 2;

/** Of digital silence, in dB of full scale. */
export const LOWEST_DB = -100;
const LEVEL_MS = 100;

export class RecentSound {
  readonly rateHz: number;
  readonly #ring: Uint8Array;
  /** All bytes so far. */
  #written = 0;

  constructor(rateHz: number, seconds: number) {
    this.rateHz = rateHz;
    this.#ring = new Uint8Array(SAMPLE_BYTES * Math.ceil(rateHz * seconds));
  }

  get #samples(): number {
    return Math.floor(this.#written / SAMPLE_BYTES);
  }

  push(bytes: Uint8Array): void {
    const kept = bytes.subarray(Math.max(0, bytes.length - this.#ring.length));
    const at = (this.#written + bytes.length - kept.length) % this.#ring.length;
    const head = kept.subarray(0, this.#ring.length - at);
    this.#ring.set(head, at);
    this.#ring.set(kept.subarray(head.length), 0);
    this.#written += bytes.length;
  }

  /** Samples in [-1, 1) of that time since the beginning; undefined where its beginning is forgotten. */
  cut(startMs: number, endMs: number): Float32Array | undefined {
    const at = (ms: number): number => Math.round((ms * this.rateHz) / 1000);
    return this.#between(Math.max(0, at(startMs)), Math.min(at(endMs), this.#samples));
  }

  /** The level of the last 100 ms, in dB of full scale (root mean square). */
  get levelDb(): number {
    const count = Math.min(this.#samples, Math.ceil((this.rateHz * LEVEL_MS) / 1000));
    const samples = this.#between(this.#samples - count, this.#samples) ?? new Float32Array(0);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, count);
    return Math.max(LOWEST_DB, 10 * Math.log10(power));
  }

  #between(start: number, end: number): Float32Array | undefined {
    if (this.#written - SAMPLE_BYTES * start > this.#ring.length) return undefined;
    return Float32Array.from({ length: Math.max(0, end - start) }, (_, n) => this.#sample(start + n));
  }

  #sample(index: number): number {
    const at = (SAMPLE_BYTES * index) % this.#ring.length; // even, as the ring's length is
    const value = this.#ring[at] | (this.#ring[at + 1] << 8);
    return ((value << 16) >> 16) / FULL_SCALE;
  }
}
