// The mask of a dropout layer (Srivastava et al. 2014): drawn here, in bulk, and fed to the program, so that it depends on
// the seed and the step alone.

import { DROPOUT_LEVELS } from "../../network/index.ts";
import type { RandomStream } from "../../random.ts";

const HIGH_BITS = 0x80808080; // of the four bytes of a word

/** 1 where an element is kept: unless its random byte falls below rate × 256. Four at once from each 32-bit number. */
export function keepMask(length: number, rate: number, random: RandomStream): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  const threshold = Math.round(rate * DROPOUT_LEVELS);
  const lowBits = (threshold & 0x7f) * 0x01010101;
  const upperHalf = threshold > 0x7f;
  for (let i = 0; i < words.length; i++) {
    const bytes = random.bits();
    const notBelow = (bytes | HIGH_BITS) - lowBits; // its high bits compare the seven low bits of each byte
    words[i] = ((upperHalf ? bytes & notBelow : bytes | notBelow) & HIGH_BITS) >>> 7;
  }
  return new Uint8Array(words.buffer, 0, length);
}
