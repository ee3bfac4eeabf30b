// The mask of a dropout layer (Srivastava et al. 2014): drawn here, in bulk, and fed to the program, so that it depends on
// the seed and the step alone.

import { DROPOUT_LEVELS } from "../../network/index.ts";
import type { RandomStream } from "../../random.ts";

/** 1 where an element is kept: unless its random byte falls below rate × 256. */
export type KeepMask = (length: number, rate: number, random: RandomStream) => Uint8Array;

export const HIGH_BITS = 0x80808080; // of the four bytes of a word

/** What bytes are compared with: the seven low bits of the threshold in each of four, and whether its high bit is set. */
export function thresholdOf(rate: number): { readonly lowBits: number; readonly upperHalf: boolean } {
  const threshold = Math.round(rate * DROPOUT_LEVELS);
  return { lowBits: (threshold & 0x7f) * 0x01010101, upperHalf: threshold > 0x7f };
}

/** Four elements at once from each 32-bit number. */
export function keepMask(length: number, rate: number, random: RandomStream): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  const { lowBits, upperHalf } = thresholdOf(rate);
  for (let i = 0; i < words.length; i++) {
    const bytes = random.bits();
    const notBelow = (bytes | HIGH_BITS) - lowBits; // its high bits compare the seven low bits of each byte
    words[i] = ((upperHalf ? bytes & notBelow : bytes | notBelow) & HIGH_BITS) >>> 7;
  }
  return new Uint8Array(words.buffer, 0, length);
}
