// Digital silence of a recording that is still being made: what digital-silence.ts finds in a whole one, as far as it can be
// told so early. Every chunking gives the same.

import {
  EDGE,
  FADE,
  FADE_ZEROS,
  fades,
  LARGEST_DITHER,
  MOST_DITHER,
  MOST_OFFSET,
} from "./digital-silence.ts";
import { joinBlocks } from "../tensor.ts";
import { ValueRange } from "./value-range.ts";

/**
 * Samples as they come, but for the silence before the first sound: it goes by and is not held. Later silence becomes zeros,
 * block by block, as far as it can be told without what follows.
 */
export class SoundStream {
  #held: Float32Array = new Float32Array(0);
  readonly #silence = new ValueRange();
  /** Of the sound so far. */
  readonly #sound = new ValueRange();
  #start = 0;
  #hasSound = false;
  #isSilent = false;

  /** Silent samples that were left out. */
  get start(): number {
    return this.#start;
  }

  push(samples: Float32Array): Float32Array {
    this.#held = joinBlocks([this.#held, samples]);
    while (!this.#hasSound && this.#held.length >= EDGE + FADE) {
      const isSilent = this.#silence.take(this.#held.subarray(0, EDGE), MOST_DITHER);
      if (isSilent && Math.abs(this.#silence.level) <= MOST_OFFSET) this.#leaveOut(EDGE);
      else this.#begin();
    }
    return this.#hasSound ? this.#wholeBlocks() : new Float32Array(0);
  }

  /** What may be the beginning of a sound; none of zeros alone. */
  finish(): Float32Array {
    if (!this.#hasSound) this.#begin();
    const blocks = this.#wholeBlocks();
    return joinBlocks([blocks, this.#isSilent ? new Float32Array(this.#held.length) : this.#held]);
  }

  #begin(): void {
    this.#hasSound = true;
    const sound = this.#held.findIndex((sample) => !this.#silence.includes(sample));
    if (this.#start > 0) this.#leaveOut(sound < 0 ? this.#held.length : sound);
    if (this.#held.every((sample) => sample === 0)) return this.#leaveOut(this.#held.length);
    const zeros = fades(this.#held.subarray(0, FADE)) ? Math.min(this.#start, FADE_ZEROS) : 0;
    this.#start -= zeros;
    this.#held = joinBlocks([new Float32Array(zeros), this.#held]);
  }

  /** Those that are complete, the silent ones as zeros. */
  #wholeBlocks(): Float32Array {
    const blocks = this.#held.subarray(0, EDGE * Math.floor(this.#held.length / EDGE));
    this.#held = this.#held.subarray(blocks.length);
    for (let at = 0; at < blocks.length; at += EDGE) {
      const block = blocks.subarray(at, at + EDGE);
      this.#sound.take(block, Infinity);
      const most = Math.min(MOST_DITHER, LARGEST_DITHER * this.#sound.width);
      const range = new ValueRange();
      this.#isSilent = range.take(block, most) && Math.abs(range.level) <= most;
      if (this.#isSilent) block.fill(0);
    }
    return blocks;
  }

  #leaveOut(count: number): void {
    this.#start += count;
    this.#held = this.#held.slice(count);
  }
}
